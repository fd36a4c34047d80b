import type { Clock, Log, PilotErrorName } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import type { Checksum } from '../job/job-definition.js';
import { type Copied, CopyError, type CopyErrorKind, type CopyTool } from './copytool.js';

export interface TransferPolicy {
  readonly attempts: number;
  readonly pauseMs: number;
}

/** Which error of the pilot each failure of a copy is, for one direction. */
export interface Direction {
  readonly timeout: PilotErrorName;
  readonly failed: PilotErrorName;
  readonly byKind: Partial<Record<CopyErrorKind, PilotErrorName>>;
  readonly mismatch: Readonly<Record<Checksum['kind'], PilotErrorName>>;
}

export const inward: Direction = {
  timeout: 'STAGEINTIMEOUT',
  failed: 'STAGEINFAILED',
  byKind: { missing: 'MISSINGINPUTFILE', noSpace: 'NOLOCALSPACE', forbidden: 'STAGEINAUTHENTICATIONFAILURE' },
  mismatch: { adler32: 'GETADMISMATCH', md5: 'GETMD5MISMATCH' },
};

export const outward: Direction = {
  timeout: 'STAGEOUTTIMEOUT',
  failed: 'STAGEOUTFAILED',
  byKind: { noSpace: 'NOREMOTESPACE', forbidden: 'STAGEOUTAUTHENTICATIONFAILURE' },
  mismatch: { adler32: 'PUTADMISMATCH', md5: 'PUTMD5MISMATCH' },
};

const BASE_MS = 300_000;
const MAX_MS = 3 * 3_600_000;

/** Time limit of one transfer: 300 s and 1 s per MB, at most 3 h. pilot2:pilot/copytool/common.py get_timeout@029e013. */
export function transferTimeoutMs(bytes: number): number {
  return Math.min(BASE_MS + Math.trunc(bytes / 1e6) * 1_000, MAX_MS);
}

export interface Transfer {
  readonly what: string;
  readonly direction: Direction;
  readonly policy: TransferPolicy;
  /** Ends the transfer for good, with the job. */
  readonly signal: AbortSignal;
  /** Tried in order; each as often as the policy allows. */
  readonly tools: readonly CopyTool[];
  readonly copy: (tool: CopyTool, signal: AbortSignal) => Promise<Copied>;
  /** Of one try. */
  readonly timeoutMs: number;
}

/** Runs one transfer with its time limit, tools and tries. Throws {@link JobFailure} after the last. */
export async function runTransfer(transfer: Transfer, clock: Clock, log: Log): Promise<Copied> {
  const { direction, policy, signal, what, tools } = transfer;
  let last = new JobFailure('UNKNOWNCOPYTOOL', `no tool for ${what}`);
  for (const tool of tools) {
    for (let attempt = 1; attempt <= policy.attempts; attempt++) {
      const outcome = await oneTry(transfer, tool);
      if (!(outcome instanceof JobFailure)) return outcome;
      last = outcome;
      log.warn('a transfer failed', { what, tool: tool.name, attempt, reason: last.message });
      // A missing file does not come back, and a killed job needs no second try.
      if (signal.aborted || last.errorName === direction.byKind.missing) throw last;
      await clock.sleep(policy.pauseMs, signal);
    }
  }
  throw last;
}

async function oneTry({ copy, signal, timeoutMs, direction }: Transfer, tool: CopyTool): Promise<Copied | JobFailure> {
  const deadline = AbortSignal.timeout(timeoutMs);
  try {
    return await bounded((both) => copy(tool, both), AbortSignal.any([signal, deadline]));
  } catch (error) {
    return failureOf(error, direction, deadline.aborted);
  }
}

/** Storage that is mounted over a network may hang in a system call that nothing ends: the job goes on without waiting for it. */
function bounded(once: (signal: AbortSignal) => Promise<Copied>, signal: AbortSignal): Promise<Copied> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason);
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    once(signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop));
  });
}

function failureOf(error: unknown, direction: Direction, timedOut: boolean): JobFailure {
  if (error instanceof JobFailure) return error;
  if (timedOut) return new JobFailure(direction.timeout, '', { cause: error });
  const name = error instanceof CopyError ? direction.byKind[error.kind] : undefined;
  return new JobFailure(name ?? direction.failed, (error as Error).message, { cause: error });
}

/** Throws the mismatch error of the direction when sums differ. */
export function demandEqual(direction: Direction, kind: Checksum['kind'], expected: string, found: string, what: string): void {
  if (expected === found) return;
  throw new JobFailure(direction.mismatch[kind], `${what}: expected ${expected}, found ${found}`);
}

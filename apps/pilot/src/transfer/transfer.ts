import type { Clock, Log, PilotErrorName } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import type { Checksum } from '../job/job-definition.js';
import { type Copied, CopyError, type CopyErrorKind } from './copytool.js';

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
  byKind: { missing: 'MISSINGINPUTFILE', noSpace: 'NOLOCALSPACE' },
  mismatch: { adler32: 'GETADMISMATCH', md5: 'GETMD5MISMATCH' },
};

export const outward: Direction = {
  timeout: 'STAGEOUTTIMEOUT',
  failed: 'STAGEOUTFAILED',
  byKind: { noSpace: 'NOREMOTESPACE' },
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
  readonly bytes: number;
  readonly direction: Direction;
  readonly policy: TransferPolicy;
  /** Ends the transfer for good, with the job. */
  readonly signal: AbortSignal;
  readonly once: (signal: AbortSignal) => Promise<Copied>;
}

/** Runs one transfer with its time limit and tries. Throws {@link JobFailure} after the last. */
export async function runTransfer(transfer: Transfer, clock: Clock, log: Log): Promise<Copied> {
  const { direction, policy, signal, what } = transfer;
  for (let attempt = 1; ; attempt++) {
    const deadline = AbortSignal.timeout(transferTimeoutMs(transfer.bytes));
    try {
      return await bounded(transfer.once, AbortSignal.any([signal, deadline]));
    } catch (error) {
      const failure = failureOf(error, direction, deadline.aborted);
      log.warn('a transfer failed', { what, attempt, reason: failure.message });
      // A missing file does not come back, and a killed job needs no second try.
      const hopeless = signal.aborted || failure.errorName === direction.byKind.missing;
      if (hopeless || attempt >= policy.attempts) throw failure;
      await clock.sleep(policy.pauseMs, signal);
    }
  }
}

/** Storage that is mounted over a network may hang in a system call that nothing ends: the job goes on without waiting for it. */
function bounded(once: Transfer['once'], signal: AbortSignal): Promise<Copied> {
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

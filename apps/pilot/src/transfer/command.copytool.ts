import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import type { Variables } from '@panda/config';
import type { Clock } from '@panda/domain';
import { ProcessGroup } from '../process/process-group.js';
import { type ChecksumKind, checksumOfFile } from './checksum.js';
import { type Copied, CopyError, type CopyErrorKind, type CopyOptions, type CopyTool } from './copytool.js';

type Words = readonly [program: string, ...args: string[]];

export interface CommandSpec {
  readonly name: string;
  readonly names: readonly string[];
  readonly schemes: readonly string[];
  readonly fetch: (url: string, path: string, kind: ChecksumKind) => Words;
  readonly store: (path: string, url: string, kind: ChecksumKind) => Words;
  /** Finds the destination's checksum in what the program prints; without it the program is trusted to have compared. */
  readonly checksumIn?: RegExp;
}

interface Symptom {
  readonly pattern: RegExp;
  readonly kind: CopyErrorKind;
}

/** What copy programs print when they fail. Spec: Pilot › resolve_common_transfer_errors; pilot3:pilot/copytool/common.py@a090538. */
const symptoms: readonly Symptom[] = [
  { pattern: /no such file|file not found|does not exist|\b404\b|no matching replicas/i, kind: 'missing' },
  { pattern: /no space left|quota exceeded|not enough space|\b507\b/i, kind: 'noSpace' },
  { pattern: /authentication|permission denied|unauthorized|forbidden|\b40[13]\b|proxy has expired/i, kind: 'forbidden' },
];

const KILL_GRACE_MS = 5_000;

/** A copytool that runs a program of the worker node, in a process group that ends with the transfer. */
export class CommandCopyTool implements CopyTool {
  readonly name: string;
  readonly names: readonly string[];
  readonly schemes: readonly string[];

  constructor(
    private readonly spec: CommandSpec,
    private readonly clock: Clock,
    private readonly variables: Variables,
  ) {
    ({ name: this.name, names: this.names, schemes: this.schemes } = spec);
  }

  async fetch(url: string, path: string, options: CopyOptions): Promise<Copied> {
    try {
      await this.run(this.spec.fetch(url, path, options.checksum), path, options.signal);
      // What arrived counts, not what the program says.
      return { bytes: (await stat(path)).size, checksum: await checksumOfFile(path, options.checksum, options.signal) };
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  async store(path: string, url: string, options: CopyOptions): Promise<Copied> {
    const printed = await this.run(this.spec.store(path, url, options.checksum), path, options.signal);
    const told = this.spec.checksumIn?.exec(printed)?.[1]?.toLowerCase().padStart(8, '0');
    return { bytes: (await stat(path)).size, checksum: told ?? (await checksumOfFile(path, options.checksum, options.signal)) };
  }

  /** What the program printed. Throws {@link CopyError}. */
  private async run([program, ...args]: Words, beside: string, signal: AbortSignal): Promise<string> {
    const output = `${beside}.${randomUUID()}.part`;
    const files = { stdoutFile: output, stderrFile: output, append: true };
    const group = ProcessGroup.start({ program, args, cwd: '/', env: { ...this.variables }, mark: randomUUID(), ...files });
    const kill = () => void group.kill(this.clock, KILL_GRACE_MS);
    signal.addEventListener('abort', kill, { once: true });
    try {
      const { exitCode } = await group.ended;
      const printed = readFileSync(output, 'utf8');
      if (exitCode !== 0)
        throw new CopyError(kindOf(printed), `${program} ended with ${exitCode}: ${printed.trim().slice(-300)}`);
      return printed;
    } catch (error) {
      throw error instanceof CopyError
        ? error
        : new CopyError('other', `${program}: ${(error as Error).message}`, { cause: error });
    } finally {
      signal.removeEventListener('abort', kill);
      await rm(output, { force: true });
    }
  }
}

export function kindOf(printed: string): CopyErrorKind {
  return symptoms.find(({ pattern }) => pattern.test(printed))?.kind ?? 'other';
}

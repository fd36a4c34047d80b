import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PilotSite, QUEUE } from './pilot-site.js';

const PROGRAM = join(process.cwd(), 'apps/pilot/dist/main.js');

/** Compiles what a test starts as a process of its own; nothing happens when it is fresh. */
export function compilePilot(): void {
  execFileSync('npx', ['--no-install', 'tsc', '-b', 'apps/pilot'], { stdio: 'ignore' });
}

/** A pilot as a real process, in a place of its own. */
export class PilotProgram {
  private constructor(
    private readonly child: ChildProcess,
    readonly output: string[],
  ) {}

  static start(site: PilotSite, options: readonly string[] = [], env: Readonly<Record<string, string>> = {}): PilotProgram {
    mkdirSync(site.home, { recursive: true });
    const argv = ['--pilot-user', 'generic', '-q', QUEUE, '-j', 'user', '--url', site.server.url, '-v', '1', ...options];
    const quick = { PANDA_PILOT_KILL_GRACE: '300ms', PANDA_PILOT_REPORT_PAUSE_MAX: '50ms', PANDA_PILOT_GETJOB_PAUSE: '20ms' };
    const all = {
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      HOME: site.root,
      PILOT_HOME: site.home,
      ...quick,
      ...env,
    };
    const child = spawn(process.execPath, [PROGRAM, ...argv], { cwd: site.home, env: all, stdio: ['ignore', 'pipe', 'pipe'] });
    const output: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk.toString()));
    return new PilotProgram(child, output);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Exit code; -1 when a signal ended it. */
  async end(): Promise<number> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.exitCode ?? -1;
  }
}

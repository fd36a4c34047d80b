import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const LOOK_MS = 100;

/** A process of the fleet, as the launcher wrote it down. */
export interface KeptProcess {
  readonly pid: number;
  readonly name: string;
}

/** A compiled launcher, started as `npm start` and `npm run fleet` do, and what it says. */
export class LaunchedBox {
  private text = '';
  private readonly ended: Promise<number | null>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly dir: string,
  ) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (this.text += chunk.toString()));
    this.ended = new Promise((resolve) => child.once('close', resolve));
  }

  /** `main` is the box, `fleet` one process for each service; everything it keeps is below `dir`. */
  static start(launcher: 'main' | 'fleet', dir: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const entry = join(process.cwd(), 'apps/box/dist', `${launcher}.js`);
    const child = spawn(process.execPath, ['--enable-source-maps', entry, '--dir', dir, '--port', '0', ...args], {
      env: { PATH, HOME: dir, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new LaunchedBox(child, dir);
  }

  /** Everything it has said so far. */
  get output(): string {
    return this.text;
  }

  /** What it says that matches; rejects when it ends before. */
  async says(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) return found;
      if (this.child.exitCode !== null) throw new Error(`ended without saying ${pattern}:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Its services by name, from the state it keeps for its successor. */
  async processes(): Promise<KeptProcess[]> {
    const state = JSON.parse(await readFile(join(this.dir, 'state.json'), 'utf8')) as { processes: Record<string, string> };
    return Object.entries(state.processes).map(([pid, entry]) => ({ pid: Number(pid), name: entry.split('/').at(-3) ?? entry }));
  }

  /** The same, as soon as one of them runs. */
  async startedProcesses(): Promise<KeptProcess[]> {
    for (;;) {
      const running = (await this.processes()).filter(isAlive);
      if (running.length > 0) return running;
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Kills the launcher and all its services at once, as a power cut does. */
  async killAll(): Promise<void> {
    const services = await this.processes();
    this.child.kill('SIGKILL');
    for (const { pid } of services) process.kill(pid, 'SIGKILL');
    await this.ended;
  }

  /** Its exit code, when it ends. */
  exit(): Promise<number | null> {
    return this.ended;
  }

  /** Ctrl-C: its exit code, and how long it took to end. */
  async interrupt(): Promise<{ code: number | null; ms: number }> {
    const since = performance.now();
    this.child.kill('SIGINT');
    const code = await this.ended;
    return { code, ms: performance.now() - since };
  }

  /** For the end of a test that failed: the launcher stops what it started. */
  async stop(): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.interrupt();
  }
}

export function isAlive({ pid }: { readonly pid: number }): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** A process of the fleet that is kept running. */
export interface ServiceProcess {
  readonly name: string;
  /** Compiled entry point. */
  readonly entry: string;
  readonly args?: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface SupervisorSettings {
  /** Folder for one log file per process. */
  logDir: string;
  /** Pause before the first restart; doubled for each further crash, up to `restartMaxMs`. */
  restartMs: number;
  restartMaxMs: number;
  /** A process that ran this long counts as healthy again. */
  healthyMs: number;
  /** A stop is enforced with SIGKILL after this. */
  stopMs: number;
  /** Told about every start and end. */
  onEvent?: (event: SupervisorEvent) => void;
}

export type SupervisorEvent =
  | { readonly kind: 'started'; readonly name: string; readonly pid: number }
  | { readonly kind: 'ended'; readonly name: string; readonly reason: string; readonly restartInMs: number | null };

/** Starts processes, restarts those that die, stops them all. The processes are ours alone: each is signalled by its own pid. */
export class Supervisor {
  private readonly running = new Map<string, Kept>();
  private stopping = false;

  constructor(private readonly settings: SupervisorSettings) {}

  async start(services: readonly ServiceProcess[]): Promise<void> {
    await mkdir(this.settings.logDir, { recursive: true });
    for (const service of services) {
      const kept = new Kept(service, this.settings, () => this.stopping);
      this.running.set(service.name, kept);
      kept.start();
    }
  }

  /** Process id of a service, undefined while it is down. */
  pid(name: string): number | undefined {
    return this.running.get(name)?.pid;
  }

  get names(): string[] {
    return [...this.running.keys()];
  }

  /** SIGTERM to all, SIGKILL to what is left after the limit. Safe to call twice. */
  async stop(): Promise<void> {
    this.stopping = true;
    await Promise.all([...this.running.values()].map((kept) => kept.stop()));
  }
}

class Kept {
  private child: ChildProcess | undefined;
  private restart: NodeJS.Timeout | undefined;
  private crashes = 0;
  private readonly log: WriteStream;

  constructor(
    private readonly service: ServiceProcess,
    private readonly settings: SupervisorSettings,
    private readonly isStopping: () => boolean,
  ) {
    this.log = createWriteStream(join(settings.logDir, `${service.name}.log`), { flags: 'a' });
  }

  get pid(): number | undefined {
    return this.child?.pid;
  }

  start(): void {
    this.restart = undefined;
    const { entry, args = [], env, name } = this.service;
    // An own group keeps the terminal's Ctrl-C away: the supervisor stops its processes in order.
    const child = spawn(process.execPath, ['--enable-source-maps', entry, ...args], {
      env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.pipe(this.log, { end: false });
    child.stderr?.pipe(this.log, { end: false });
    const startedAt = performance.now();
    this.child = child;
    child.once('error', (error) => this.ended(error.message, startedAt));
    child.once('exit', (code, signal) => this.ended(signal ?? `exit code ${code}`, startedAt));
    if (child.pid) this.settings.onEvent?.({ kind: 'started', name, pid: child.pid });
  }

  async stop(): Promise<void> {
    clearTimeout(this.restart);
    const child = this.child;
    if (child) {
      const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      child.kill('SIGTERM');
      const enforce = setTimeout(() => child.kill('SIGKILL'), this.settings.stopMs);
      await gone;
      clearTimeout(enforce);
    }
    await new Promise<void>((resolve) => this.log.end(resolve));
  }

  private ended(reason: string, startedAt: number): void {
    if (!this.child) return; // 'error' and 'exit' of one child count once
    this.child = undefined;
    const restartInMs = this.isStopping() ? null : this.pause(performance.now() - startedAt);
    this.settings.onEvent?.({ kind: 'ended', name: this.service.name, reason, restartInMs });
    if (restartInMs !== null) this.restart = setTimeout(() => this.start(), restartInMs);
  }

  private pause(ranMs: number): number {
    this.crashes = ranMs >= this.settings.healthyMs ? 0 : this.crashes + 1;
    return Math.min(this.settings.restartMaxMs, this.settings.restartMs * 2 ** Math.max(0, this.crashes - 1));
  }
}

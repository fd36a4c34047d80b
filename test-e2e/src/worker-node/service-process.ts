import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A compiled service of the fleet as a process of its own. */
export class ServiceProcess {
  private constructor(
    private readonly child: ChildProcess,
    readonly port: number,
    readonly lines: readonly string[],
  ) {}

  /** Resolves when the service says that it has started. */
  static start(name: string, env: Readonly<Record<string, string>>, file = 'main.js'): Promise<ServiceProcess> {
    const entry = join(process.cwd(), 'apps', name, 'dist', file);
    const child = spawn(process.execPath, ['--enable-source-maps', entry], {
      env: { PATH, PANDA_LOG_FORMAT: 'json', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const lines: string[] = [];
    child.stderr.on('data', (chunk: Buffer) => lines.push(chunk.toString()));
    return new Promise((resolve, reject) => {
      child.once('exit', (code) => reject(new Error(`${name} ended with ${code}: ${lines.join('\n')}`)));
      createInterface(child.stdout).on('line', (line) => {
        lines.push(line);
        const started = /"msg":"started"/.test(line) ? (JSON.parse(line) as { port?: number }) : undefined;
        if (started !== undefined) resolve(new ServiceProcess(child, started.port ?? 0, lines));
      });
    });
  }

  /** SIGTERM, and the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode !== null) return this.child.exitCode;
    this.child.kill('SIGTERM');
    await once(this.child, 'exit');
    return this.child.exitCode;
  }
}

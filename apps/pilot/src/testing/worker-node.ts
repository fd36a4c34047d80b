import { execFile, spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** The transforms as the gateway serves them. */
export const transforms = join(process.cwd(), 'apps/gateway/assets/trf');

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A job directory on real disk with a `/cache` server beside it. */
export interface WorkerNode {
  readonly dir: string;
  readonly sourceUrl: string;
  /** Writes a file of the job directory. */
  put(path: string, text: string): void;
  read(path: string): string;
  /** Packs files as `tar.gz` under `/cache/<name>`. */
  cache(name: string, files: Readonly<Record<string, string>>): Promise<void>;
  /** Packs files as `tar.gz` into the job directory. */
  pack(name: string, files: Readonly<Record<string, string>>): Promise<void>;
  run(shell: readonly string[], transform: string, args: readonly string[]): Promise<Outcome>;
  close(): Promise<void>;
}

/** Runs a program to its end; a non-zero exit is an outcome, not an error. */
export function execute(command: string, args: readonly string[], cwd: string, env?: NodeJS.ProcessEnv): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(command, [...args], { cwd, env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, stdout, stderr });
    });
  });
}

function writeAll(dir: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
}

async function packInto(archive: string, files: Readonly<Record<string, string>>): Promise<void> {
  const scratch = mkdtempSync(join(tmpdir(), 'pack-'));
  writeAll(scratch, files);
  const packed = await execute('tar', ['-czf', archive, ...Object.keys(files)], scratch);
  rmSync(scratch, { recursive: true });
  if (packed.code !== 0) throw new Error(packed.stderr);
}

function serve(dir: string): Promise<Server> {
  const server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(dir, (request.url ?? '').replace('/cache/', ''))));
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Opens a worker node; close it when the test is over. */
export async function aWorkerNode(): Promise<WorkerNode> {
  const root = mkdtempSync(join(tmpdir(), 'worker-node-'));
  const dir = join(root, 'job');
  const cacheDir = join(root, 'cache');
  mkdirSync(dir);
  mkdirSync(cacheDir);
  const server = await serve(cacheDir);
  return {
    dir,
    sourceUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    put: (path, text) => writeAll(dir, { [path]: text }),
    read: (path) => readFileSync(join(dir, path), 'utf8'),
    cache: (name, files) => packInto(join(cacheDir, name), files),
    pack: (name, files) => packInto(join(dir, name), files),
    run: (shell, transform, args) => {
      copyFileSync(join(transforms, 'user', transform), join(dir, transform));
      chmodSync(join(dir, transform), 0o755);
      const [program = 'sh', ...first] = shell;
      return execute(program, [...first, transform, ...args], dir);
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          rmSync(root, { recursive: true, force: true });
          resolve();
        });
      }),
  };
}

/** The shells of worker nodes that are installed here: dash always is on Debian, BusyBox stands for small images. */
export function shells(): [name: string, command: string[]][] {
  const known: [string, string[]][] = [
    ['sh', ['sh']],
    ['busybox sh', ['busybox', 'sh']],
    ['bash --posix', ['bash', '--posix']],
  ];
  const installed = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  return known.filter(([, [program = '']]) => installed(program));
}

/** Resolves when a file is there; its directory must exist. */
export function appears(path: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(dirname(path), () => look());
    const look = (): void => {
      if (!existsSync(path)) return;
      watcher.close();
      resolve();
    };
    look();
  });
}

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, findBinaries } from './binaries.js';
import { canReach, type OsUser, serverUser } from './os-user.js';

const run = promisify(execFile);
const SUPERUSER = 'panda';
const START_TIMEOUT_MS = 60_000;

export interface ClusterOptions {
  /** Holds the cluster; made when missing, kept when the cluster stops. */
  dataDir: string;
  /** false: no fsync at all, for tests only. */
  durable: boolean;
  /** TCP port on 127.0.0.1; 0 = any free one. */
  port?: number;
  maxConnections?: number;
  /** Take only these binaries; by default installed ones, then embedded ones. */
  origin?: Binaries['origin'];
}

export interface Cluster {
  readonly binaries: Binaries;
  readonly port: number;
  /** Connection URL of a database in this cluster, password included. */
  url(database: string): string;
  /** Fast shutdown: sessions are ended, data is flushed. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts the cluster in `dataDir`, initialising it first when it is new and taking over one that outlived its owner. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const user = await serverUser();
  const binaries = await reachable(await findBinaries(options.origin), user);
  const data = join(options.dataDir, 'data');
  await ownFolder(options.dataDir, user);
  const password = await initialise(binaries, options.dataDir, data, user);
  await stopLeftover(binaries, data, user);
  const port = options.port || (await freePort());
  const child = spawnServer(binaries, data, port, options, user);
  await accepting(child, port);
  let stopping: Promise<void> | undefined;
  return {
    binaries,
    port,
    url: (database) => `postgresql://${SUPERUSER}:${password}@127.0.0.1:${port}/${database}`,
    stop: () => {
      stopping ??= stopServer(child);
      return stopping;
    },
  };
}

/** The server user must reach the data; said here, because PostgreSQL's own message does not name the folder that blocks. */
async function ownFolder(dir: string, user: OsUser | undefined): Promise<void> {
  await mkdir(dir, { recursive: true });
  if (!user) return;
  await chown(dir, user.uid, user.gid);
  if (!(await canReach(dir, user))) {
    throw new Error(
      `PostgreSQL runs as uid ${user.uid} here and cannot enter ${dir}: choose another folder with --dir, or run as an ordinary user`,
    );
  }
}

async function initialise(binaries: Binaries, root: string, data: string, user: OsUser | undefined): Promise<string> {
  const secret = join(root, 'password');
  if (existsSync(join(data, 'PG_VERSION'))) return (await readFile(secret, 'utf8')).trim();
  await rm(data, { recursive: true, force: true }); // the remains of an initialisation that did not finish
  const password = randomBytes(24).toString('base64url');
  await writeFile(secret, password, { mode: 0o600 });
  await mkdir(data, { mode: 0o700 });
  if (user) await Promise.all([chown(secret, user.uid, user.gid), chown(data, user.uid, user.gid)]);
  const args = [
    '-D',
    data,
    '-U',
    SUPERUSER,
    '--pwfile',
    secret,
    '-A',
    'scram-sha-256',
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
    '--no-instructions',
  ];
  await run(join(binaries.bin, 'initdb'), args, { ...user, cwd: '/' });
  return password;
}

/** A server whose owner was killed still holds the data directory: end it, it is ours by the lock file. */
async function stopLeftover(binaries: Binaries, data: string, user: OsUser | undefined): Promise<void> {
  if (!existsSync(join(data, 'postmaster.pid'))) return;
  await run(join(binaries.bin, 'pg_ctl'), ['-D', data, '-m', 'fast', '-w', 'stop'], { ...user, cwd: '/' }).catch(() => undefined);
}

function spawnServer(
  binaries: Binaries,
  data: string,
  port: number,
  options: ClusterOptions,
  user: OsUser | undefined,
): ChildProcess {
  const settings: Record<string, string> = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: String(options.maxConnections ?? 100),
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    timezone: 'UTC',
    log_min_messages: 'fatal',
    ...(options.durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  // An own process group: the terminal's Ctrl-C must reach the fleet, which stops the database last.
  return spawn(join(binaries.bin, 'postgres'), args, { ...user, cwd: '/', detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
}

async function accepting(child: ChildProcess, port: number): Promise<void> {
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const { default: pg } = await import('pg');
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL did not start: ${log.trim()}`);
    const probe = new pg.Client({
      host: '127.0.0.1',
      port,
      user: 'nobody',
      password: 'probe',
      database: 'postgres',
      connectionTimeoutMillis: 1_000,
    });
    const answer = await probe.connect().then(
      () => 'accepted',
      (error: Error & { code?: string }) => error.code ?? error.message,
    );
    await probe.end().catch(() => undefined);
    // 28P01: the server is up and refuses the probe's password, which is what we want to hear.
    if (answer === '28P01' || answer === 'accepted') return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`PostgreSQL did not accept connections within ${START_TIMEOUT_MS / 1000} s: ${log.trim()}`);
}

async function stopServer(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  child.kill('SIGINT'); // fast shutdown
  await gone;
}

/** The server user must be able to read the binaries; a checkout below a private home folder is copied out of it. */
async function reachable(binaries: Binaries, user: OsUser | undefined): Promise<Binaries> {
  if (!user || (await canReach(binaries.bin, user))) return binaries;
  const copy = await mkdtemp(join(tmpdir(), 'panda-postgres-'));
  await cp(join(binaries.bin, '..'), copy, { recursive: true, verbatimSymlinks: true });
  await run('chmod', ['-R', 'a+rX', copy]);
  return { ...binaries, bin: join(copy, 'bin') };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Variables } from '@panda/config';
import { isBroker } from './probe.js';

/** Where Debian and the project's own packages put the server. */
const SERVERS = [
  '/usr/lib/rabbitmq/bin/rabbitmq-server',
  '/usr/local/sbin/rabbitmq-server',
  '/opt/homebrew/sbin/rabbitmq-server',
];
const START_MS = 60_000;
const PROBE_EVERY_MS = 250;
const STOP_MS = 15_000;

/** SIGTERM: the node says good-bye to its clients and closes its queues. SIGKILL: a power cut. */
export type BrokerEnd = 'SIGTERM' | 'SIGKILL';

export interface PrivateBroker {
  url: string;
  /** Where the STOMP plugin listens, if it was asked for. */
  stompPort?: number;
  /** Ends the node's process and starts another on what it kept, at the same address. Takes about ten seconds. */
  restart(end: BrokerEnd): Promise<void>;
  /** Ends the node and removes what it kept. */
  stop(): Promise<void>;
}

export const installedRabbit = (): string | undefined => SERVERS.find((path) => existsSync(path));

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Everything a node keeps is below `folder`, and its ports are its own: the system's broker is not touched. */
async function settings(folder: string, port: number, stompPort: number | undefined) {
  await Promise.all(['mnesia', 'log'].map((name) => mkdir(join(folder, name))));
  const stomp = stompPort === undefined ? '' : `stomp.listeners.tcp.1 = 127.0.0.1:${stompPort}\n`;
  await writeFile(join(folder, 'rabbitmq.conf'), `listeners.tcp.1 = 127.0.0.1:${port}\n${stomp}`);
  await writeFile(join(folder, 'enabled_plugins'), stomp === '' ? '[].\n' : '[rabbitmq_stomp].\n');
  return {
    HOME: folder,
    RABBITMQ_NODENAME: `panda-tests-${port}@localhost`,
    RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_DIST_PORT: String(await freePort()),
    ERL_EPMD_PORT: String(await freePort()),
  };
}

/** The process of a node, once it answers at `port`. */
async function answering(program: string, env: Variables, port: number): Promise<ChildProcess> {
  const child = spawn(program, [], { env, stdio: 'ignore', detached: true });
  const deadline = Date.now() + START_MS;
  while (!(await isBroker({ host: '127.0.0.1', port }))) {
    if (child.exitCode !== null || Date.now() > deadline) {
      await end(child, 'SIGTERM');
      throw new Error('the private RabbitMQ did not start');
    }
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
  return child;
}

async function end(child: ChildProcess, signal: BrokerEnd): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  // The server is a shell script that starts the runtime: the signal goes to the whole group.
  process.kill(-child.pid, signal);
  const timer = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), STOP_MS);
  await closed;
  clearTimeout(timer);
}

/** Starts a broker of its own from installed binaries, for the time of a test run. Takes about ten seconds. */
export async function startRabbit(
  program: string,
  variables: Variables,
  options: { stomp?: boolean } = {},
): Promise<PrivateBroker> {
  const folder = await mkdtemp(join(tmpdir(), 'panda-rabbit-'));
  const port = await freePort();
  const stompPort = options.stomp ? await freePort() : undefined;
  const own = await settings(folder, port, stompPort);
  const start = () => answering(program, { ...variables, ...own }, port);
  const remove = async () => {
    // Erlang's name server is a daemon that outlives the node; this one was started for it alone.
    spawnSync('epmd', ['-port', own.ERL_EPMD_PORT, '-kill'], { stdio: 'ignore' });
    await rm(folder, { recursive: true, force: true });
  };
  let node: ChildProcess;
  try {
    node = await start();
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    url: `amqp://guest:guest@127.0.0.1:${port}`,
    ...(stompPort === undefined ? {} : { stompPort }),
    restart: async (signal) => {
      await end(node, signal);
      node = await start();
    },
    stop: async () => {
      await end(node, 'SIGTERM');
      await remove();
    },
  };
}

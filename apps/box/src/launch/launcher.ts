import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { environment } from '@panda/config';
import { writeAuthFiles } from '../identity/auth-files.js';
import { type IdentityServer, startIdentityServer } from '../identity/identity-server.js';
import { keepRobotToken, renewRobotToken } from '../identity/robot-token.js';
import { loadSecret } from '../identity/secret-file.js';
import { prepareSite } from '../site/local-site.js';
import { type ServiceProcess, Supervisor, type SupervisorEvent } from '../supervision/supervisor.js';
import type { BoxDatabase } from './database.js';
import { BOX_VO, environmentOf } from './environment.js';
import { givenBroker } from './given-servers.js';
import { type Layout, layoutOf } from './layout.js';
import { endLeftovers } from './leftovers.js';
import type { BoxOptions } from './options.js';
import { pickPort } from './ports.js';
import { untilReady } from './ready.js';
import { type FleetService, requireEntries } from './services.js';
import { type BoxState, readState, writeState } from './state.js';

/** A dozen processes that start at once on a busy laptop. */
const READY_LIMIT_MS = 120_000;
/** A stop ends within ten seconds: services first, then identity provider and database. */
const STOP_LIMIT_MS = 8_000;

export interface Fleet {
  readonly layout: Layout;
  readonly server: string;
  readonly identity: IdentityServer;
  readonly database: BoxDatabase;
  stop(): Promise<void>;
}

export interface LaunchPlan {
  readonly options: BoxOptions;
  /** Entry point of the launcher, to recognise another one on the same folder. */
  readonly launcherEntry: string;
  readonly openDatabase: (layout: Layout) => Promise<BoxDatabase>;
  /** Absent: messages go through PostgreSQL. */
  readonly amqpUrl?: string;
  /** The services to keep running; one of them serves the API. */
  readonly services: readonly FleetService[];
  readonly say: (line: string) => void;
}

/**
 * Starts everything a fleet on one machine needs, in order, and undoes it in the opposite order when a step fails or at the stop.
 * Resolves when every service is ready. `signal` ends a start that nobody waits for any more.
 */
export async function launch(plan: LaunchPlan, signal: AbortSignal): Promise<Fleet> {
  const layout = layoutOf(plan.options.dir);
  await mkdir(layout.root, { recursive: true });
  const undo: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  try {
    return { ...(await startAll(plan, layout, undo, signal)), layout, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  plan: LaunchPlan,
  layout: Layout,
  undo: (() => Promise<void>)[],
  signal: AbortSignal,
): Promise<Omit<Fleet, 'stop' | 'layout'>> {
  requireEntries(plan.services);
  const before = await readState(layout.state);
  const ended = await endLeftovers(before, plan.launcherEntry);
  if (ended > 0) plan.say(`ended ${ended} process(es) of a launcher that was killed`);
  const ports = await pickPorts(plan, before);

  if (plan.amqpUrl) await givenBroker(plan.amqpUrl);
  const database = await plan.openDatabase(layout);
  undo.push(() => database.stop());
  plan.say(database.description);
  await prepareSite(database.url, layout);

  const server = `http://localhost:${ports.gateway}`;
  const identity = await startIdentityServer({ dir: layout.identity, vo: BOX_VO, audience: server, port: ports.identity });
  undo.push(() => identity.close());
  await writeAuthFiles(layout.auth, { vo: BOX_VO, issuer: identity.issuer, audience: server });
  undo.push(await robotToken(plan, layout, identity, server));
  await loadSecret(layout.secretsKey);

  signal.throwIfAborted();
  const addresses = { databaseUrl: database.url, gatewayPort: ports.gateway, ...(plan.amqpUrl ? { amqpUrl: plan.amqpUrl } : {}) };
  const processes = processesOf(plan, environmentOf(layout, addresses), ports);
  const supervisor = supervise(plan, layout, processes, { gateway: ports.gateway, identity: ports.identity, ...ports.probes });
  undo.push(() => supervisor.stop());
  await supervisor.start(processes);
  await untilAllReady(plan, ports, signal);
  return { server, identity, database };
}

interface Ports {
  readonly gateway: number;
  readonly identity: number;
  /** Of the services that serve no API, by name. */
  readonly probes: Readonly<Record<string, number>>;
}

/** The ports of the start before, where they are still free: addresses that users wrote down stay right. */
async function pickPorts({ options, services }: LaunchPlan, before: BoxState | undefined): Promise<Ports> {
  const gateway = await pickPort(options.port || before?.ports.gateway, options.port !== 0);
  const identity = await pickPort(before?.ports.identity);
  const probes: Record<string, number> = {};
  for (const { name, servesApi } of services) if (!servesApi) probes[name] = await pickPort(before?.ports[name]);
  return { gateway, identity, probes };
}

function processesOf({ services }: LaunchPlan, told: Record<string, string>, { probes }: Ports): ServiceProcess[] {
  const env = { ...inherited(), ...told };
  return services.map(({ name, entry, servesApi }) => ({
    name,
    entry,
    env: servesApi ? env : { ...env, PANDA_HEALTH_PORT: String(probes[name]) },
  }));
}

async function untilAllReady({ services }: LaunchPlan, { gateway, probes }: Ports, signal: AbortSignal): Promise<void> {
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  const waits = services.map(({ name, servesApi }) =>
    untilReady(name, `http://127.0.0.1:${servesApi ? gateway : probes[name]}/readyz`, READY_LIMIT_MS, either),
  );
  try {
    await Promise.all(waits);
  } finally {
    failed.abort();
    await Promise.allSettled(waits);
  }
}

async function robotToken(
  plan: LaunchPlan,
  layout: Layout,
  identity: IdentityServer,
  audience: string,
): Promise<() => Promise<void>> {
  const options = { issuer: identity.issuer, audience, secret: identity.robotSecret, file: join(layout.harvester, 'token') };
  const { expiresInS } = await renewRobotToken(options);
  const keeper = keepRobotToken(options, expiresInS, (error) =>
    plan.say(`the pilots' token could not be renewed: ${(error as Error).message}`),
  );
  return async () => keeper.stop();
}

function supervise(
  plan: LaunchPlan,
  layout: Layout,
  processes: readonly ServiceProcess[],
  ports: Record<string, number>,
): Supervisor {
  const record = () => {
    const running = processes
      .map(({ name, entry }) => [supervisor.pid(name), entry] as const)
      .filter(([pid]) => pid !== undefined);
    return writeState(layout.state, { launcherPid: process.pid, ports, processes: Object.fromEntries(running) });
  };
  let recorded: Promise<void> = Promise.resolve();
  const supervisor = new Supervisor({
    logDir: layout.logs,
    restartMs: 200,
    restartMaxMs: 10_000,
    healthyMs: 30_000,
    stopMs: STOP_LIMIT_MS,
    onEvent: (event) => {
      recorded = recorded.then(record).catch((error: Error) => plan.say(`cannot write ${layout.state}: ${error.message}`));
      const line = sentence(event, layout.logs);
      if (line) plan.say(line);
    },
  });
  return supervisor;
}

/** Starts are silent; an end that nobody asked for is told, with where to look. */
function sentence(event: SupervisorEvent, logs: string): string | undefined {
  if (event.kind === 'started' || event.restartInMs === null) return undefined;
  return `${event.name} ended (${event.reason}) and is started again; see ${join(logs, `${event.name}.log`)}`;
}

/** What a service needs of the user's environment beside what the launcher tells it. */
function inherited(): Record<string, string> {
  return Object.fromEntries(Object.entries(environment()).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

import { randomBytes } from 'node:crypto';
import { BusRuntime, busKeys, type OpenBus, openBus, type RetryRule } from '@panda/bus';
import { environment } from '@panda/config';
import type { Topic } from '@panda/contracts';
import type { Database } from '@panda/database';
import { PromMetrics, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import { connect } from 'amqplib';
import { isBroker } from '../broker/probe.js';
import { RecordingLog } from '../ports/recording-log.js';

export type BusDriver = 'rabbitmq' | 'postgres';

export interface BusOptions {
  readonly topics?: readonly Topic[];
  readonly retry?: RetryRule;
  /** Another way to the broker, for instance through a proxy. */
  readonly amqpUrl?: string;
  readonly prefix?: string;
  readonly drainMs?: number;
  readonly handlerLimitMs?: number;
  readonly leaseMs?: number;
}

export interface TestBus extends OpenBus {
  readonly prefix: string;
  readonly log: RecordingLog;
  readonly runtime: BusRuntime;
  close(): Promise<void>;
}

/** The broker of the tests. */
export function brokerUrl(): URL {
  return new URL(environment().AMQP_URL ?? 'amqp://guest:guest@127.0.0.1:5672');
}

let reachable: Promise<boolean> | undefined;

/** Whether a broker answers. Without one its tests are skipped loudly, or fail where REQUIRE_RABBITMQ is set. */
export function brokerAnswers(): Promise<boolean> {
  reachable ??= probed();
  return reachable;
}

async function probed(): Promise<boolean> {
  const { hostname, port } = brokerUrl();
  if (await isBroker({ host: hostname, port: Number(port) || 5672 })) return true;
  if (environment().REQUIRE_RABBITMQ) throw new Error(`REQUIRE_RABBITMQ is set, but no broker answers at ${hostname}`);
  process.stderr.write(`\n*** RabbitMQ does not answer at ${hostname}: its tests are SKIPPED ***\n\n`);
  return false;
}

/** The drivers whose conformance can be tested here. */
export async function busDrivers(): Promise<BusDriver[]> {
  return (await brokerAnswers()) ? ['postgres', 'rabbitmq'] : ['postgres'];
}

/**
 * A bus of its own: queues under a fresh prefix on RabbitMQ, or the tables of `database`. Real time, quick polling.
 * Queues of RabbitMQ are deleted by {@link deleteQueues}.
 */
export function bus(driver: BusDriver, database: Database, options: BusOptions = {}): TestBus {
  const prefix = options.prefix ?? `test-${randomBytes(4).toString('hex')}`;
  const log = new RecordingLog();
  const metrics = new PromMetrics({ service: 'test', defaults: false });
  const runtime = new BusRuntime(log, metrics, new SystemClock(), new UuidV7(), new SystemRandom());
  const config = busKeys.with({
    driver,
    prefix,
    amqpUrl: driver === 'rabbitmq' ? (options.amqpUrl ?? brokerUrl().toString()) : undefined,
    poll: 25,
    relayPoll: 25,
    lease: options.leaseMs ?? 60_000,
    drainLimit: options.drainMs ?? 10_000,
    handlerLimit: options.handlerLimitMs ?? 300_000,
  });
  const open = openBus(config, database, runtime, { retry: options.retry, topics: options.topics });
  return { ...open, prefix, log, runtime, close: () => open.bus.close() };
}

/** Deletes the queues and exchanges of buses made by {@link bus}. */
export async function deleteQueues(...buses: readonly TestBus[]): Promise<void> {
  const rabbit = buses.filter(({ bus: { driver } }) => driver === 'rabbitmq');
  if (rabbit.length === 0) return;
  const connection = await connect(brokerUrl().toString());
  const channel = await connection.createChannel();
  for (const { topology } of rabbit.map((test) => test.bus)) {
    for (const { name } of [...topology.work, ...topology.delays]) await channel.deleteQueue(name);
    await channel.deleteQueue(topology.deadQueue);
    for (const { exchange } of [topology, ...topology.delays]) await channel.deleteExchange(exchange);
    await channel.deleteExchange(topology.deadExchange);
  }
  await connection.close();
}

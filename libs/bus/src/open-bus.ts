import type { Topic } from '@panda/contracts';
import type { Database } from '@panda/database';
import type { BusConfig } from './bus.config.js';
import type { BusRuntime } from './bus-runtime.js';
import { RETRY_RULE, type RetryRule } from './consume/retry-rule.js';
import { PgTransport } from './postgres/pg-transport.js';
import { DeadLetterKeeper } from './rabbitmq/dead-letter-keeper.js';
import { RabbitTransport } from './rabbitmq/rabbit-transport.js';
import { topologyOf } from './topology.js';
import { TransportBus } from './transport-bus.js';
import type { Arrival } from './wire/transport.js';

/** A bus, and what runs beside it in each process. */
export interface OpenBus {
  readonly bus: TransportBus<Arrival>;
  /** Starts taking dead letters into the database; the PostgreSQL driver writes them there itself. */
  keepDeadLetters(): { stop(): Promise<void> };
}

export interface BusChoices {
  readonly retry?: RetryRule;
  readonly topics?: readonly Topic[];
}

/** Opens the bus the configuration asks for, for the topics of libs/contracts. It need not be reachable yet. */
export function openBus(config: BusConfig, database: Database, runtime: BusRuntime, choices: BusChoices = {}): OpenBus {
  const { retry = RETRY_RULE, topics } = choices;
  const topology = topologyOf(config.prefix, retry.ladderMs, topics);
  const rules = { retry, handlerLimitMs: config.handlerLimit, drainMs: config.drainLimit };
  const urls = brokerUrls(config);
  if (urls.length === 0) {
    const transport = new PgTransport(database, topology, { pollMs: config.poll, leaseMs: config.lease }, runtime);
    return {
      bus: new TransportBus(transport, topology, rules, runtime),
      keepDeadLetters: () => ({ stop: () => Promise.resolve() }),
    };
  }
  const name = `${config.prefix}:${process.pid}`;
  const transport = new RabbitTransport({ urls, name, declare: config.declare }, topology, runtime);
  return {
    bus: new TransportBus(transport, topology, rules, runtime),
    keepDeadLetters: () => new DeadLetterKeeper(transport, database, topology, runtime),
  };
}

/** None: the PostgreSQL driver. Throws when RabbitMQ is asked for without an address. */
function brokerUrls({ driver, amqpUrl, amqpOthers }: BusConfig): string[] {
  if (driver === 'postgres') return [];
  if (amqpUrl === undefined) {
    if (driver === 'rabbitmq') throw new TypeError('BUS=rabbitmq needs AMQP_URL');
    return [];
  }
  return [amqpUrl, ...(amqpOthers ?? '').split(',').flatMap((url) => (url.trim() === '' ? [] : [url.trim()]))];
}

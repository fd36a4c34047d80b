import { environment } from '@panda/config';
import {
  type BrokerEnd,
  brokerAnswers,
  brokerUrl,
  CutProxy,
  deleteQueues,
  installedRabbit,
  startRabbit,
  type TestBus,
} from '@panda/testing';
import { connect } from 'amqplib';

const AMQP_PORT = 5672;
const OUTAGE_MS = 3_000;

/** A broker for fleets that go through outages. */
export interface FleetBroker {
  readonly url: string;
  /** Resolves when it answers again. */
  restart(end: BrokerEnd): Promise<void>;
  /** Removes the queues that a fleet leaves to its successor. */
  forget(fleet: TestBus): Promise<void>;
  close(): Promise<void>;
}

/** Whether {@link openFleetBroker} can open one; says so where it cannot. */
export async function hasFleetBroker(): Promise<boolean> {
  return installedRabbit() !== undefined || (await brokerAnswers());
}

/**
 * A RabbitMQ of its own where the server is installed. Where it is not, the one of the tests behind a proxy that refuses
 * connections for a while, which shows less: its queues are never read from disk.
 */
export async function openFleetBroker(): Promise<FleetBroker> {
  const program = installedRabbit();
  if (program) {
    const broker = await startRabbit(program, environment());
    return {
      url: broker.url,
      restart: (end) => broker.restart(end),
      forget: () => Promise.resolve(), // they go with the broker
      close: () => broker.stop(),
    };
  }
  process.stderr.write('\n*** no RabbitMQ is installed: the broker is NOT RESTARTED under the fleet, only cut off ***\n\n');
  return cutOff(await CutProxy.open(brokerUrl(), AMQP_PORT));
}

function cutOff(proxy: CutProxy): FleetBroker {
  return {
    url: proxy.through(brokerUrl()),
    restart: async () => {
      proxy.refuse(true);
      await new Promise((resolve) => setTimeout(resolve, OUTAGE_MS)); // real time: clients try to come back meanwhile
      proxy.refuse(false);
    },
    forget: (fleet) => deleteQueues(fleet),
    close: () => proxy.close(),
  };
}

/** Names of the queues of a fleet that the broker does not have. */
export async function missingQueues(url: string, { bus: { topology } }: TestBus): Promise<string[]> {
  const connection = await connect(url);
  const missing: string[] = [];
  for (const name of [...topology.work, ...topology.delays].map((queue) => queue.name).concat(topology.deadQueue)) {
    const channel = await connection.createChannel(); // a failed check closes its channel
    channel.on('error', () => undefined);
    const found = await channel.checkQueue(name).catch(() => undefined);
    if (found) await channel.close();
    else missing.push(name);
  }
  await connection.close();
  return missing;
}

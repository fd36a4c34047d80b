import { type Topic, topics } from '@panda/contracts';

/**
 * Every exchange and queue, derived from the table of topics in libs/contracts. Arguments of a queue cannot change once it
 * exists, so its name carries a version: a change of arguments is a new queue beside the old one.
 */
export interface Topology {
  /** Topic exchange all services publish to. */
  readonly exchange: string;
  readonly deadExchange: string;
  readonly deadQueue: string;
  readonly work: readonly WorkQueue[];
  /** One per rung of the retry ladder; a message waits there under the name of its work queue. */
  readonly delays: readonly DelayQueue[];
}

export interface WorkQueue {
  readonly name: string;
  readonly topic: Topic;
  readonly consumer: string;
}

export interface DelayQueue {
  readonly name: string;
  /** Fanout exchange in front of the queue: the routing key stays the name of the work queue. */
  readonly exchange: string;
  readonly delayMs: number;
}

const VERSION = 'v1';

/** Deliveries without a settled outcome after which a message counts as one that kills its consumer. */
export const DELIVERY_LIMIT = 20;

/** Messages a work queue takes before it refuses more: publishers keep theirs in the outbox. */
export const QUEUE_LENGTH_MAX = 1_000_000;

/** The topology under a prefix (`panda`; tests and shared brokers use others). */
export function topologyOf(prefix: string, ladderMs: readonly number[], all: readonly Topic[] = Object.values(topics)): Topology {
  return {
    exchange: `${prefix}.events`,
    deadExchange: `${prefix}.dlx`,
    deadQueue: `${prefix}.dead.${VERSION}`,
    work: all.flatMap((topic) =>
      topic.consumers.map((consumer) => ({ name: `${prefix}.${consumer}.${topic.name}.${VERSION}`, topic, consumer })),
    ),
    delays: ladderMs.map((delayMs) => ({
      name: `${prefix}.retry.${delayMs}ms.${VERSION}`,
      exchange: `${prefix}.retry.${delayMs}ms`,
      delayMs,
    })),
  };
}

/** The queues a message of the topic goes to. */
export function queuesOf(topology: Topology, topic: Topic): readonly WorkQueue[] {
  return topology.work.filter((queue) => queue.topic.name === topic.name);
}

/** The queue of one consumer. Throws when the table of topics does not name it: that is a programming error. */
export function workQueue(topology: Topology, topic: Topic, consumer: string): WorkQueue {
  const found = topology.work.find((queue) => queue.topic.name === topic.name && queue.consumer === consumer);
  if (!found) throw new TypeError(`'${consumer}' is no consumer of the topic '${topic.name}'`);
  return found;
}

export function workQueueNamed(topology: Topology, name: string): WorkQueue | undefined {
  return topology.work.find((queue) => queue.name === name);
}

import type { Topic } from '@panda/contracts';
import type { Envelope, Replay } from '../bus.js';
import type { DelayQueue, WorkQueue } from '../topology.js';
import type { WireMessage } from './message.js';

/** A message a transport has handed over and still answers for, until it is settled. */
export interface Arrival {
  readonly message: WireMessage;
  /** Times it was handed over before without being settled: 3 or more hint at a message that kills its consumer. */
  readonly redeliveries: number;
}

/** Why a message is put aside. */
export interface Reason {
  readonly code: string;
  readonly text: string;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  readonly attempts: number;
}

/** A running intake from one queue. Settling an arrival of a connection that is gone does nothing: it is delivered again. */
export interface Intake<A extends Arrival> {
  /** Done: the transport forgets them. */
  ack(arrivals: readonly A[]): Promise<void>;
  /** Comes back after the delay, with these headers. */
  retry(arrival: A, delay: DelayQueue, headers: Readonly<Record<string, unknown>>): Promise<void>;
  /** To the dead letters. */
  bury(arrival: A, reason: Reason): Promise<void>;
  /** Not begun: anybody may have them at once. */
  release(arrivals: readonly A[]): Promise<void>;
  /** No more arrivals after this resolves; those handed over can still be settled. */
  pause(): Promise<void>;
  /** Gives up what is not settled. */
  end(): Promise<void>;
}

/** What a driver does; the rules of consuming are the same above all of them. */
export interface Transport<A extends Arrival = Arrival> {
  readonly driver: 'rabbitmq' | 'postgres';
  declare(): Promise<void>;
  publish(topic: Topic, envelopes: readonly Envelope[]): Promise<void>;
  replay(messages: readonly Replay[]): Promise<void>;
  /** Hands over up to `prefetch` messages that are not settled, across lost connections. */
  intake(queue: WorkQueue, prefetch: number, arrived: (arrival: A) => void): Intake<A>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

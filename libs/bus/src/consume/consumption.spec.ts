import { describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { PromMetrics } from '@panda/runtime';
import { CountedIds, FakeClock, RecordingLog, SeededRandom, settled } from '@panda/testing';
import type { ConsumeOptions, Handler } from '../bus.js';
import { BusRuntime } from '../bus-runtime.js';
import { type DelayQueue, topologyOf, type WorkQueue } from '../topology.js';
import { encodeEnvelope } from '../wire/envelope-codec.js';
import { HEADER } from '../wire/message.js';
import type { Arrival, Intake, Reason, Transport } from '../wire/transport.js';
import { Consumption } from './consumption.js';

const topology = topologyOf('test', [10, 20]);
const queue = topology.work.find(({ topic }) => topic.name === topics.taskReady.name) as WorkQueue;

interface Numbered extends Arrival {
  readonly n: number;
}

/** A transport in memory that keeps what became of each arrival. */
class MemoryTransport implements Intake<Numbered> {
  readonly events: string[] = [];
  prefetch = 0;
  refuse: Error | undefined;
  arrive: (arrival: Numbered) => void = () => undefined;

  get transport(): Transport<Numbered> {
    return {
      intake: (_: WorkQueue, prefetch: number, arrived: (arrival: Numbered) => void) => {
        this.prefetch = prefetch;
        this.arrive = arrived;
        return this;
      },
    } as unknown as Transport<Numbered>;
  }

  send(n: number, redeliveries = 0, headers: Record<string, unknown> = {}): void {
    const { properties, body } = encodeEnvelope({
      messageId: `m${n}`,
      type: topics.taskReady.name,
      schemaVersion: '1.0',
      aggregate: `task:${n}`,
      seq: n,
      occurredAt: '2021-11-22T12:00:00.000Z',
      producer: 'test',
      payload: { ids: [n] },
    });
    this.arrive({
      n,
      redeliveries,
      message: { properties: { ...properties, headers: { ...properties.headers, ...headers } }, body },
    });
  }

  private note(what: string, ...arrivals: readonly Numbered[]): Promise<void> {
    if (this.refuse) return Promise.reject(this.refuse);
    this.events.push(`${what} ${arrivals.map(({ n }) => n).join(',')}`);
    return Promise.resolve();
  }

  ack(arrivals: readonly Numbered[]): Promise<void> {
    return this.note('ack', ...arrivals);
  }

  release(arrivals: readonly Numbered[]): Promise<void> {
    return this.note('release', ...arrivals);
  }

  retry(arrival: Numbered, delay: DelayQueue, headers: Readonly<Record<string, unknown>>): Promise<void> {
    return this.note(`retry after ${delay.delayMs} as ${headers[HEADER.failures]}`, arrival);
  }

  bury(arrival: Numbered, reason: Reason): Promise<void> {
    return this.note(`bury for ${reason.code}`, arrival);
  }

  async pause(): Promise<void> {
    this.events.push('pause');
  }

  async end(): Promise<void> {
    this.events.push('end');
  }
}

function consuming(handler: Handler, options: ConsumeOptions = {}) {
  const memory = new MemoryTransport();
  const [log, clock] = [new RecordingLog(), new FakeClock()];
  const metrics = new PromMetrics({ service: 'test', defaults: false });
  const runtime = new BusRuntime(log, metrics, clock, new CountedIds(), new SeededRandom());
  const rules = { retry: { ladderMs: [10, 20], maxAttempts: 3, inProcessTries: 2 }, handlerLimitMs: 1_000, drainMs: 500 };
  const consumption = new Consumption(memory.transport, topology, queue, handler, options, rules, runtime);
  return { memory, log, clock, metrics, consumption };
}

const away = (): Error => Object.assign(new Error('away'), { code: '08006' });

describe('consuming', () => {
  it('acknowledges a message only after its handler has ended', async () => {
    let finish: () => void = () => undefined;
    const { memory, clock } = consuming(() => new Promise((resolve) => (finish = resolve)));
    memory.send(1);
    await clock.advance(0);
    expect(memory.events).toEqual([]);
    finish();
    await settled();
    expect(memory.events).toEqual(['ack 1']);
  });

  it('asks for as many messages as its handlers can hold', () => {
    expect(consuming(() => Promise.resolve()).memory.prefetch).toBe(20);
    expect(consuming(() => Promise.resolve(), { batch: 50, concurrency: 2 }).memory.prefetch).toBe(100);
    expect(consuming(() => Promise.resolve(), { prefetch: 1 }).memory.prefetch).toBe(1);
  });

  it('handles a message alone that may have killed its consumer', async () => {
    const batches: number[][] = [];
    const { memory, clock } = consuming(
      async (deliveries) => {
        batches.push(deliveries.map(({ envelope }) => envelope.seq));
      },
      { batch: 10 },
    );
    memory.send(1);
    memory.send(2);
    memory.send(3, 3);
    memory.send(4);
    await clock.advance(0);
    expect(batches).toEqual([[1, 2], [3], [4]]);
  });

  it('tries at once again, then climbs the ladder, then puts aside', async () => {
    let tries = 0;
    const { memory, clock } = consuming(() => {
      tries += 1;
      return Promise.reject(away());
    });
    memory.send(1);
    await clock.advance(100);
    memory.send(2, 0, { [HEADER.failures]: 1 });
    await clock.advance(100);
    memory.send(3, 0, { [HEADER.failures]: 2 });
    await clock.advance(100);
    expect(memory.events).toEqual(['retry after 10 as 1 1', 'retry after 20 as 2 2', 'bury for exhausted 3']);
    expect(tries).toBe(6);
  });

  it('remembers when a message failed first', async () => {
    const { memory, clock } = consuming(() => Promise.reject(new TypeError('a bug')));
    const reasons: Reason[] = [];
    memory.bury = async (_, reason) => {
      reasons.push(reason);
    };
    memory.send(1, 0, { [HEADER.failures]: 1, [HEADER.firstFailedAt]: '2021-11-22T11:00:00.000Z' });
    await clock.advance(0);
    expect(reasons).toEqual([
      {
        code: 'TypeError',
        text: 'a bug',
        attempts: 2,
        firstFailedAt: '2021-11-22T11:00:00.000Z',
        lastFailedAt: '2021-11-22T12:00:00.000Z',
      },
    ]);
  });

  it('leaves a message to the transport when it cannot be settled', async () => {
    const { memory, clock, log } = consuming(() => Promise.resolve());
    memory.refuse = new Error('connection lost');
    memory.send(1);
    await clock.advance(0);
    memory.refuse = undefined;
    memory.send(2);
    await clock.advance(0);
    expect(memory.events).toEqual(['ack 2']);
    expect(log.messages('warn')).toEqual(['messages could not be settled and will be delivered again']);
  });

  it('gives up on a handler that outlasts its time, and retries the message', async () => {
    let told = false;
    const { memory, clock } = consuming((_, overdue) => {
      overdue.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => undefined);
    });
    memory.send(1);
    await clock.advance(1_000);
    expect(told).toBe(true);
    expect(memory.events).toEqual(['retry after 10 as 1 1']);
  });

  it('is stopped in the order: no intake, give back, finish, end', async () => {
    let finish: () => void = () => undefined;
    const { memory, clock, consumption } = consuming(() => new Promise((resolve) => (finish = resolve)));
    for (const n of [1, 2, 3]) memory.send(n);
    await clock.advance(0);
    const stopped = consumption.stop();
    await settled();
    expect(memory.events).toEqual(['pause', 'release 2,3']);
    finish();
    await stopped;
    expect(memory.events).toEqual(['pause', 'release 2,3', 'ack 1', 'end']);
  });

  it('does not wait longer than the drain limit, and tells the handler', async () => {
    let told = false;
    const { memory, clock, consumption } = consuming((_, overdue) => {
      overdue.addEventListener('abort', () => {
        told = true;
      });
      return new Promise(() => undefined);
    });
    memory.send(1);
    await clock.advance(0);
    const stopped = consumption.stop();
    await clock.advance(500);
    await stopped;
    await settled();
    expect(memory.events).toEqual(['pause', 'end']);
    expect(told).toBe(true);
  });

  it('counts what became of its messages', async () => {
    const { memory, clock, metrics } = consuming(async ([delivery]) => {
      if (delivery?.envelope.seq === 2) throw new TypeError('a bug');
    });
    memory.send(1, 1);
    memory.send(2);
    await clock.advance(0);
    const text = await metrics.text();
    expect(text).toContain(`panda_bus_messages_total{queue="${queue.name}",outcome="done",service="test"} 1`);
    expect(text).toContain(`panda_bus_dead_letters_total{queue="${queue.name}",reason="TypeError",service="test"} 1`);
    expect(text).toContain(`panda_bus_redelivered_total{queue="${queue.name}",service="test"} 1`);
  });
});

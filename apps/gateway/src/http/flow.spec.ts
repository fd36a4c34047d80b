import { describe, expect, it } from '@jest/globals';
import { type LaneSettings, Lanes } from './lanes.js';
import { MicroBatch } from './micro-batch.js';
import { Shed } from './problem.js';
import { RateLimits } from './rate-limits.js';

const settings = (concurrent: number, waiting: number): LaneSettings => {
  const lane = { concurrent, waiting };
  return { report: lane, heartbeat: lane, dispatch: lane, submission: lane, query: lane };
};
const gate = () => {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open };
};

describe('lanes', () => {
  it('let a bounded number in, queue the next and shed the rest with Retry-After', async () => {
    const lanes = new Lanes(
      settings(1, 1),
      () => 0,
      () => 0.5,
    );
    const { opened, open } = gate();
    const first = lanes.run('query', () => opened);
    const second = lanes.run('query', async () => 'second');
    await expect(lanes.run('query', async () => 'third')).rejects.toMatchObject({ status: 503, retryAfterS: 38 });
    expect(lanes.load('query')).toBe(2);
    open();
    await first;
    expect(await second).toBe('second');
    expect(lanes.load('query')).toBe(0);
  });

  it('do not starve each other', async () => {
    const lanes = new Lanes(
      settings(1, 0),
      () => 0,
      () => 0,
    );
    const { opened, open } = gate();
    const busy = lanes.run('query', () => opened);
    expect(await lanes.run('report', async () => 'through')).toBe('through');
    open();
    await busy;
  });

  it('keep their slots when work fails', async () => {
    const lanes = new Lanes(
      settings(1, 0),
      () => 0,
      () => 0,
    );
    await expect(lanes.run('query', () => Promise.reject(new Error('x')))).rejects.toThrow('x');
    expect(await lanes.run('query', async () => 1)).toBe(1);
  });

  it('take fewer at once when work becomes slow', async () => {
    let now = 0;
    const lanes = new Lanes(
      settings(10, 0),
      () => now,
      () => 0,
    );
    const take = async (ms: number) =>
      lanes.run('query', async () => {
        now += ms;
      });
    for (let i = 0; i < 200; i++) await take(1);
    for (let i = 0; i < 200; i++) await take(100);
    const { opened, open } = gate();
    const held = Array.from({ length: 10 }, () => lanes.run('query', () => opened).catch((error: unknown) => error));
    open();
    expect((await Promise.all(held)).filter((result) => result instanceof Shed).length).toBeGreaterThan(0);
  });
});

describe('micro batches', () => {
  it('answer an item that comes alone at once, and gather while one is in work', async () => {
    const sizes: number[] = [];
    const { opened, open } = gate();
    const batch = new MicroBatch<number, number>(
      async (items) => {
        sizes.push(items.length);
        if (sizes.length === 1) await opened;
        return items.map((item) => item * 2);
      },
      { max: 3, parallel: 1 },
    );
    const first = batch.add(1);
    await new Promise((resolve) => setImmediate(resolve));
    const rest = [2, 3, 4, 5].map((item) => batch.add(item));
    open();
    expect(await Promise.all([first, ...rest])).toEqual([2, 4, 6, 8, 10]);
    expect(sizes).toEqual([1, 3, 1]);
  });

  it('fail their own items only', async () => {
    const batch = new MicroBatch<number, number>(
      async (items) => {
        if (items.includes(1)) throw new Error('bad batch');
        return [...items];
      },
      { max: 1, parallel: 2 },
    );
    await expect(batch.add(1)).rejects.toThrow('bad batch');
    expect(await batch.add(2)).toBe(2);
  });

  it('notice when work answers fewer items than it got', async () => {
    const batch = new MicroBatch<number, number>(async () => [], { max: 10, parallel: 1 });
    await expect(batch.add(1)).rejects.toThrow('fewer results');
  });
});

describe('rate limits', () => {
  const rates = {
    failedAuthentication: { perSecond: 1, burst: 2 },
    submission: { perSecond: 2, burst: 3 },
    query: { perSecond: 1, burst: 1 },
    upload: { perSecond: 1, burst: 1 },
  };

  it('let a burst through, then as many as the rate gives, per key', () => {
    let now = 0;
    const limits = new RateLimits(rates, () => now);
    for (let i = 0; i < 3; i++) limits.take('submission', 'alice');
    expect(() => limits.take('submission', 'alice')).toThrow(Shed);
    limits.take('submission', 'bob');
    now += 500;
    limits.take('submission', 'alice');
    expect(() => limits.take('submission', 'alice')).toThrow(expect.objectContaining({ status: 429, retryAfterS: 1 }));
  });
});

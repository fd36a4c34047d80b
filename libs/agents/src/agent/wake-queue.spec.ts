import { describe, expect, it } from '@jest/globals';
import { SWEEP, WakeQueue } from './wake-queue.js';

const never = new AbortController().signal;

describe('what waits for an agent', () => {
  it('is looked at once, however often it was announced', () => {
    const queue = new WakeQueue();
    queue.add({ ids: [1, 2], sweep: false });
    queue.add({ ids: [2, 3], sweep: false });
    expect(queue.take(10)).toEqual({ ids: [1, 2, 3], sweep: false });
    expect(queue.take(10)).toBeUndefined();
  });

  it('is taken in portions, announced ids before the sweep', () => {
    const queue = new WakeQueue();
    queue.add(SWEEP);
    queue.add({ ids: [1, 2, 3], sweep: false });
    expect([queue.take(2), queue.take(2), queue.take(2), queue.take(2)]).toEqual([
      { ids: [1, 2], sweep: false },
      { ids: [3], sweep: false },
      SWEEP,
      undefined,
    ]);
  });

  it('becomes a sweep when more ids are announced than it is worth to remember', () => {
    const queue = new WakeQueue();
    queue.add({ ids: Array.from({ length: 100_001 }, (_, id) => id), sweep: false });
    expect(queue.take(10)).toEqual(SWEEP);
    expect(queue.size).toBe(0);
  });

  it('wakes who waits for it, and a stop wakes too', async () => {
    const queue = new WakeQueue();
    const filled = queue.filled(never);
    queue.add({ ids: [1], sweep: false });
    await filled;
    await queue.filled(never);
    queue.take(1);
    const stop = new AbortController();
    const stopped = queue.filled(stop.signal);
    stop.abort();
    await stopped;
    expect(queue.size).toBe(0);
  });
});

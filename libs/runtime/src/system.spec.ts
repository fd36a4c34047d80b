import { describe, expect, it } from '@jest/globals';
import { SystemClock, SystemRandom, UuidV7 } from './system.js';

describe('the clock of the machine', () => {
  const clock = new SystemClock();

  it('sleeps no shorter than asked', async () => {
    const from = clock.elapsedMs();
    await clock.sleep(15);
    expect(clock.elapsedMs() - from).toBeGreaterThanOrEqual(14);
  });

  it('ends a sleep at once when its signal aborts', async () => {
    const stop = new AbortController();
    const asleep = clock.sleep(3_600_000, stop.signal);
    stop.abort();
    await asleep;
    await clock.sleep(3_600_000, stop.signal);
    expect(stop.signal.aborted).toBe(true);
  });

  it('tells the time of day', () => {
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1_000);
  });
});

describe('ids', () => {
  it('are UUIDs of version 7 that sort in the order they were made', () => {
    const ids = new UuidV7();
    const made = Array.from({ length: 1_000 }, () => ids.next());
    expect(made.toSorted()).toEqual(made);
    expect(new Set(made).size).toBe(1_000);
    expect(made[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});

describe('randomness', () => {
  it('lies in [0, 1)', () => {
    const random = new SystemRandom();
    for (let n = 0; n < 100; n++) {
      const value = random.next();
      expect(value >= 0 && value < 1).toBe(true);
    }
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statement } from '@panda/database';
import { ServiceIdentity } from '@panda/runtime';
import { pg, type TestDatabase, testRuntime } from '@panda/testing';
import { LeaseLost } from './held-lease.js';
import { Leases } from './leases.js';

const TTL_MS = 60_000;

/** Ends a lease as the clock would, without waiting for it. */
const expire = statement<{ name: string }>(
  'test.expireLease',
  `update panda_ops.lease set expires_at = now() - interval '1 second' where name = $name returning 1`,
);

describe('a lease', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());

  function instance(name: string): { leases: Leases; runtime: ReturnType<typeof testRuntime> } {
    const runtime = testRuntime();
    return { runtime, leases: new Leases(db.database, runtime, new ServiceIdentity('daemon', name)) };
  }

  it('has one holder at most, and a released one is free at once', async () => {
    const [here, there] = [instance('a'), instance('b')];
    const held = await here.leases.acquire('one', TTL_MS);
    expect(held).toBeDefined();
    expect(await there.leases.acquire('one', TTL_MS)).toBeUndefined();
    await held?.release();
    const next = await there.leases.acquire('one', TTL_MS);
    expect(next?.token).toBe((held?.token ?? 0) + 1);
    await next?.release();
  });

  it('is won by one of many that ask at the same time', async () => {
    const asked = await Promise.all(Array.from({ length: 8 }, (_, n) => instance(`i${n}`).leases.acquire('crowd', TTL_MS)));
    expect(asked.filter((lease) => lease !== undefined)).toHaveLength(1);
    for (const lease of asked) await lease?.release();
  });

  it('lets nobody write under it after it was taken over', async () => {
    const here = instance('a');
    const held = await here.leases.acquire('fenced', TTL_MS);
    await db.database.transaction(async (tx) => held?.fence(tx));
    await db.database.run(expire, { name: 'fenced' });
    const next = await instance('b').leases.acquire('fenced', TTL_MS);
    await expect(db.database.transaction(async (tx) => held?.fence(tx))).rejects.toThrow(LeaseLost);
    await here.runtime.clock.whenSleeping(1);
    await next?.release();
    await held?.release();
  });

  it('is renewed in time, and its holder learns when it cannot be', async () => {
    const here = instance('a');
    const held = await here.leases.acquire('renewed', TTL_MS);
    await db.database.run(expire, { name: 'renewed' });
    await here.runtime.clock.advance(TTL_MS / 3);
    await here.runtime.clock.whenSleeping(1);
    expect(await instance('b').leases.acquire('renewed', TTL_MS)).toBeUndefined();

    await db.database.run(expire, { name: 'renewed' });
    const next = await instance('b').leases.acquire('renewed', TTL_MS);
    const lost = new Promise((resolve) => held?.lost.addEventListener('abort', resolve));
    await here.runtime.clock.advance(TTL_MS / 3);
    await lost;
    expect(here.runtime.log.messages('warn')).toEqual(['a lease is lost']);
    await next?.release();
  });

  it('counts as lost when the database cannot be asked, before its end', async () => {
    const runtime = testRuntime();
    const closed = await pg();
    const held = await new Leases(closed.database, runtime, new ServiceIdentity('daemon', 'a')).acquire('cut', TTL_MS);
    await closed.close();
    const lost = new Promise((resolve) => held?.lost.addEventListener('abort', resolve));
    for (let third = 0; third < 3; third++) {
      await runtime.clock.whenSleeping(1);
      await runtime.clock.advance(TTL_MS / 3);
    }
    await lost;
    expect(runtime.clock.elapsedMs()).toBeLessThanOrEqual(TTL_MS);
    await expect(held?.fence(db.database)).rejects.toThrow(LeaseLost);
  });

  it('can be kept after the work for the rest of a period', async () => {
    const held = await instance('a').leases.acquire('period', TTL_MS);
    await held?.release(TTL_MS);
    expect(await instance('b').leases.acquire('period', TTL_MS)).toBeUndefined();
  });

  it('is released after work that failed', async () => {
    const { leases } = instance('a');
    await expect(leases.under('work', TTL_MS, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await leases.under('work', TTL_MS, () => Promise.resolve(5))).toEqual({ value: 5 });
  });
});

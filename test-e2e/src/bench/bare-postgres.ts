import { type Database, dropBusMessages, putBusMessages, takeBusMessages } from '@panda/database';
import { medianMs, rate } from './measure.js';

export interface BareCarrier {
  readonly publish: number;
  readonly consume: number;
  readonly roundTripMs: number;
}

/** What the statements of the driver reach alone: put, take and drop, one after the other, without envelope or handler. */
export async function barePostgres(database: Database, count: number, batch: number, body: string): Promise<BareCarrier> {
  const queue = 'bench-bare';
  const put = (size: number): Promise<unknown> => {
    const column = <T>(value: T): T[] => Array.from({ length: size }, () => value);
    return database.run(putBusMessages, { queues: column(queue), keys: column(''), headers: column('{}'), bodies: column(body) });
  };
  const takeAndDrop = async (limit: number): Promise<number> => {
    const rows = await database.run(takeBusMessages, { queue, limit, leaseMs: 60_000 });
    await database.run(dropBusMessages, { ids: rows.map(({ id }) => id) });
    return rows.length;
  };
  const publish = await rate(count, async () => {
    for (let done = 0; done < count; done += batch) await put(batch);
  });
  const consume = await rate(count, async () => {
    while ((await takeAndDrop(200)) > 0);
  });
  const roundTripMs = await medianMs(300, async () => {
    await put(1);
    await takeAndDrop(1);
  });
  return { publish, consume, roundTripMs };
}

import { type Database, firstTime, type Tx } from '@panda/database';
import type { Delivery } from '../bus.js';

/**
 * Handles deliveries in one transaction with the record that they were handled, so that a repeated message has the effect
 * of one. `work` sees only those the consumer has not handled before; what it throws leaves no trace.
 */
export async function handleOnce(
  database: Database,
  consumer: string,
  deliveries: readonly Delivery[],
  work: (tx: Tx, fresh: readonly Delivery[]) => Promise<void>,
): Promise<void> {
  await database.transaction(async (tx) => {
    const messages = deliveries.map(({ envelope }) => envelope);
    const unseen = await firstTime(tx, consumer, messages);
    const fresh = deliveries.filter(({ envelope }) => unseen.delete(envelope.messageId));
    if (fresh.length > 0) await work(tx, fresh);
  });
}

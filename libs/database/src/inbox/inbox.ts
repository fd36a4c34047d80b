import type { Session } from '../kernel/database.js';
import { statement } from '../kernel/statement.js';

interface Received {
  consumer: string;
  messageIds: string[];
  aggregates: (string | null)[];
  seqs: (number | null)[];
  result: string;
}

/** Remembers messages; returns those that are new to the consumer (M3). */
export const receiveMessages = statement<Received, { message_id: string }>(
  'inbox.receive',
  `insert into panda_ops.inbox (consumer, message_id, aggregate, seq, result)
   select $consumer, m.message_id, m.aggregate, m.seq, $result
   from unnest($messageIds::uuid[], $aggregates::text[], $seqs::bigint[]) as m(message_id, aggregate, seq)
   on conflict (consumer, message_id) do nothing returning message_id`,
);

/** Deletes a bounded number of old inbox rows. */
export const pruneInbox = statement<{ days: number; limit: number }, { gone: string }>(
  'inbox.prune',
  `delete from panda_ops.inbox where (consumer, message_id) in (
     select consumer, message_id from panda_ops.inbox where handled_at < now() - make_interval(days => $days::int) limit $limit)
   returning message_id::text as gone`,
);

export interface ReceivedMessage {
  readonly messageId: string;
  readonly aggregate?: string;
  readonly seq?: number;
}

/**
 * Records messages in the transaction of their effect and returns the ids nobody handled before: a repeat has no effect.
 * `result` says in one word what was done with them.
 */
export async function firstTime(
  session: Session,
  consumer: string,
  messages: readonly ReceivedMessage[],
  result = 'handled',
): Promise<Set<string>> {
  if (messages.length === 0) return new Set();
  const rows = await session.run(receiveMessages, {
    consumer,
    messageIds: messages.map((m) => m.messageId),
    aggregates: messages.map((m) => m.aggregate ?? null),
    seqs: messages.map((m) => m.seq ?? null),
    result,
  });
  return new Set(rows.map((row) => row.message_id));
}

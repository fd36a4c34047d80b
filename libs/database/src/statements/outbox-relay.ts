import { statement } from '../kernel/statement.js';

/** Channel on which commits with new outbox rows are announced. */
export const OUTBOX_CHANNEL = 'panda_outbox';

/** Session-level lock of the one relay that publishes; not the one of migrations, which run beside it. */
const RELAY_LOCK = 7_263_413;

export const tryRelayLock = statement<object, { held: boolean }>(
  'outbox.tryRelayLock',
  `select pg_try_advisory_lock(${RELAY_LOCK}) as held`,
);

export interface OutboxRow {
  readonly id: string;
  readonly type: string;
  readonly schema_version: string;
  readonly routing_key: string;
  readonly aggregate: string;
  readonly seq: number;
  readonly payload: unknown;
  readonly producer: string;
  readonly trace_id: string | null;
  readonly causation_id: string | null;
  readonly created_at: Date;
}

/** Unpublished messages in the order they were written, without the topics that take none at the moment. */
export const readOutbox = statement<{ limit: number; without: string[] }, OutboxRow>(
  'outbox.read',
  `select id, type, schema_version, routing_key, aggregate, seq, payload, producer, trace_id, causation_id, created_at
   from panda_ops.outbox where published_at is null and routing_key <> all($without::text[])
   order by ord limit $limit`,
);

/** Messages the transport has confirmed. */
export const markPublished = statement<{ ids: string[] }, { id: string }>(
  'outbox.markPublished',
  `update panda_ops.outbox set published_at = now(), attempts = attempts + 1, last_error = null
   where id = any($ids::uuid[]) and published_at is null returning id`,
);

/** Messages the transport did not take; they stay unpublished. */
export const markUnpublished = statement<{ ids: string[]; error: string }, { id: string }>(
  'outbox.markUnpublished',
  `update panda_ops.outbox set attempts = attempts + 1, last_error = left($error, 1000)
   where id = any($ids::uuid[]) and published_at is null returning id`,
);

/**
 * Critical messages that were published but that nobody has handled: a purged queue or a lost broker volume. Published
 * again, and recognised by the inbox should they still be there.
 */
export const reopenLost = statement<{ afterMs: number; consumers: string[]; limit: number }, { id: string }>(
  'outbox.reopenLost',
  `update panda_ops.outbox set published_at = null, last_error = 'published but not handled'
   where id in (
     select o.id from panda_ops.outbox o
     where o.critical and o.published_at between now() - interval '1 day' and now() - $afterMs * interval '1 millisecond'
       and not exists (select from panda_ops.inbox i where i.consumer = any($consumers::text[]) and i.message_id = o.id)
       and not exists (select from panda_ops.dead_letter d where d.message_id = o.id)
     limit $limit)
   returning id::text as id`,
);

/** Depth and age of what waits, for metrics and alerts. */
export const outboxBacklog = statement<object, { messages: number; oldest_ms: number }>(
  'outbox.backlog',
  `select count(*)::int as messages, coalesce(extract(epoch from now() - min(created_at)) * 1000, 0)::float8 as oldest_ms
   from panda_ops.outbox where published_at is null`,
);

/** Deletes a bounded number of rows that were published long ago. */
export const pruneOutbox = statement<{ days: number; limit: number }, { gone: string }>(
  'outbox.prune',
  `delete from panda_ops.outbox where id in (
     select id from panda_ops.outbox where published_at < now() - make_interval(days => $days::int) limit $limit)
   returning id`,
);

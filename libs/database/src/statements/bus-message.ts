import { statement } from '../kernel/statement.js';

/** Channel on which the queue names of new messages are announced. */
export const BUS_CHANNEL = 'panda_bus';

/** Deliveries without a settled outcome after which a message counts as one that kills its consumer. */
const DELIVERY_LIMIT = 20;

/** Puts messages into queues and wakes who listens; a queue twice in the list gets its messages in the order of the list. */
export const putBusMessages = statement<
  { queues: string[]; keys: string[]; headers: string[]; bodies: string[] },
  { announced: number }
>(
  'bus.put',
  `with put as (
     insert into panda_ops.bus_message (queue, key, headers, body)
     select m.queue, m.key, m.headers::jsonb, m.body::jsonb
     from unnest($queues::text[], $keys::text[], $headers::text[], $bodies::text[]) with ordinality as m(queue, key, headers, body, n)
     order by m.n returning queue)
   select count(pg_notify('${BUS_CHANNEL}', queue))::int as announced from (select distinct queue from put) q`,
);

export interface BusRow {
  readonly id: number;
  readonly headers: Record<string, unknown>;
  readonly body: unknown;
  /** Times it was handed over, this one included. */
  readonly attempt: number;
}

/** Leases the oldest visible messages of a queue. Rows come in no order. */
export const takeBusMessages = statement<{ queue: string; limit: number; leaseMs: number }, BusRow>(
  'bus.take',
  `update panda_ops.bus_message m
   set attempt = m.attempt + 1, visible_at = now() + $leaseMs * interval '1 millisecond',
     locked_until = now() + $leaseMs * interval '1 millisecond'
   from (select id from panda_ops.bus_message where queue = $queue and visible_at <= now() and attempt < ${DELIVERY_LIMIT}
         order by visible_at, id limit $limit for update skip locked) due
   where m.id = due.id returning m.id, m.headers, m.body, m.attempt`,
);

/** Messages that are done. */
export const dropBusMessages = statement<{ ids: number[] }, { id: number }>(
  'bus.drop',
  'delete from panda_ops.bus_message where id = any($ids::bigint[]) returning id',
);

/** Keeps the leases of messages that are still being handled. */
export const extendBusMessages = statement<{ ids: number[]; leaseMs: number }, { id: number }>(
  'bus.extend',
  `update panda_ops.bus_message
   set visible_at = now() + $leaseMs * interval '1 millisecond', locked_until = now() + $leaseMs * interval '1 millisecond'
   where id = any($ids::bigint[]) and locked_until is not null returning id`,
);

/** Brings a message back after a delay; it then counts as not yet handed over, its failures stand in the headers. */
export const delayBusMessage = statement<{ id: number; delayMs: number; headers: string }, { id: number }>(
  'bus.delay',
  `update panda_ops.bus_message
   set attempt = 0, locked_until = null, visible_at = now() + $delayMs * interval '1 millisecond', headers = $headers::jsonb
   where id = $id returning id`,
);

/** Gives back messages whose handling was not begun. */
export const releaseBusMessages = statement<{ ids: number[] }, { announced: number }>(
  'bus.release',
  `with back as (
     update panda_ops.bus_message set attempt = greatest(0, attempt - 1), locked_until = null, visible_at = now()
     where id = any($ids::bigint[]) returning queue)
   select count(pg_notify('${BUS_CHANNEL}', queue))::int as announced from (select distinct queue from back) q`,
);

/** Removes and returns the messages of a queue that were handed over too often without an outcome. */
export const takeDeadlyBusMessages = statement<{ queue: string; limit: number }, BusRow>(
  'bus.takeDeadly',
  `delete from panda_ops.bus_message where id in (
     select id from panda_ops.bus_message where queue = $queue and visible_at <= now() and attempt >= ${DELIVERY_LIMIT}
     order by visible_at, id limit $limit for update skip locked)
   returning id, headers, body, attempt`,
);

/** How long each queue is. */
export const busQueueLengths = statement<object, { queue: string; messages: number }>(
  'bus.lengths',
  'select queue, count(*)::int as messages from panda_ops.bus_message group by queue order by queue',
);

/** True when this session may put messages. */
export const pingBus = statement<object, { writable: boolean }>(
  'bus.ping',
  `select has_table_privilege('panda_ops.bus_message', 'insert') as writable`,
);

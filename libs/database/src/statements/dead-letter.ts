import { statement } from '../kernel/statement.js';

export interface NewDeadLetter {
  /** Null when the message carried no UUID. */
  readonly messageId: string | null;
  readonly queue: string;
  readonly consumer: string;
  readonly reasonCode: string;
  readonly reasonText: string;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
  readonly attempts: number;
  /** JSON text; null when the message could not be read. */
  readonly envelope: string | null;
  readonly raw: Buffer | null;
}

/** Stores a message that was put aside; the same failure of the same message is stored once. */
export const storeDeadLetter = statement<NewDeadLetter, { id: number }>(
  'deadLetter.store',
  `insert into panda_ops.dead_letter
     (message_id, queue, consumer, reason_code, reason_text, first_failed_at, last_failed_at, attempts, envelope, raw)
   select $messageId::uuid, $queue, $consumer, $reasonCode, $reasonText, $firstFailedAt::timestamptz, $lastFailedAt::timestamptz,
     $attempts::int, $envelope::jsonb, $raw::bytea
   where not exists (select from panda_ops.dead_letter where message_id = $messageId::uuid and queue = $queue
     and last_failed_at = $lastFailedAt::timestamptz)
   returning id`,
);

export interface DeadLetterRow {
  readonly id: number;
  readonly message_id: string | null;
  readonly queue: string;
  readonly consumer: string;
  readonly reason_code: string;
  readonly reason_text: string;
  readonly first_failed_at: Date;
  readonly last_failed_at: Date;
  readonly attempts: number;
  readonly envelope: Record<string, unknown> | null;
  readonly raw: Buffer | null;
  readonly state: string;
  readonly resolved_by: string | null;
  readonly resolved_at: Date | null;
}

/** Null means "any". */
export interface DeadLetterSelection {
  readonly ids: readonly number[] | null;
  readonly queue: string | null;
  readonly reasonCode: string | null;
  readonly state: string | null;
  readonly failedAfter: string | null;
  readonly failedBefore: string | null;
  readonly limit: number;
}

const SELECTED = `($ids::bigint[] is null or id = any($ids::bigint[])) and ($queue::text is null or queue = $queue)
     and ($reasonCode::text is null or reason_code = $reasonCode) and ($state::text is null or state = $state)
     and ($failedAfter::timestamptz is null or last_failed_at >= $failedAfter::timestamptz)
     and ($failedBefore::timestamptz is null or last_failed_at < $failedBefore::timestamptz)`;

const COLUMNS = `id, message_id, queue, consumer, reason_code, reason_text, first_failed_at, last_failed_at, attempts, envelope, raw,
     state, resolved_by, resolved_at`;

/** Dead letters, oldest first. */
export const listDeadLetters = statement<DeadLetterSelection, DeadLetterRow>(
  'deadLetter.list',
  `select ${COLUMNS} from panda_ops.dead_letter where ${SELECTED} order by id limit $limit`,
);

/** The open ones of a selection, locked for whoever resolves them; those in the hands of others are left out. */
export const lockOpenDeadLetters = statement<DeadLetterSelection, DeadLetterRow>(
  'deadLetter.lockOpen',
  `select ${COLUMNS} from panda_ops.dead_letter where ${SELECTED} and state = 'open' order by id limit $limit
   for update skip locked`,
);

/** Dead letters that are back in their queues. */
export const resolveReplayed = statement<{ ids: number[]; by: string }, { id: number }>(
  'deadLetter.resolveReplayed',
  `update panda_ops.dead_letter set state = 'replayed', resolved_by = $by, resolved_at = now()
   where id = any($ids::bigint[]) and state = 'open' returning id`,
);

/** Dead letters nobody will handle. */
export const resolveDiscarded = statement<{ ids: number[]; by: string }, { id: number }>(
  'deadLetter.resolveDiscarded',
  `update panda_ops.dead_letter set state = 'discarded', resolved_by = $by, resolved_at = now()
   where id = any($ids::bigint[]) and state = 'open' returning id`,
);

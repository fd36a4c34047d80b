import type { Topic } from '@panda/contracts';
import type { Session } from '../kernel/database.js';
import { statement } from '../kernel/statement.js';

/** Writes outbox rows of a topic: at most 1000 ids each, duplicates dropped. The relay is woken at COMMIT. */
export const writeNudge = statement<{ topic: string; ids: number[]; about: string }, { messages: number }>(
  'outbox.nudge',
  'select panda_ops.nudge($topic::text, $ids::bigint[], $about::text) as messages',
);

const ABOUT = { tasks: 'task', jobs: 'job', external: 'external' } as const;

/**
 * Announces work in the transaction that makes it: consumers of `topic` wake up and look at the rows of `ids`. Nothing is
 * sent unless the transaction commits. Returns the number of messages.
 */
export async function nudge(session: Session, topic: Topic, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const [row] = await session.run(writeNudge, { topic: topic.name, ids: [...ids], about: ABOUT[topic.about] });
  return row?.messages ?? 0;
}

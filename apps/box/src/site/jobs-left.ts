import { Database, JobQueryRepository, openPool } from '@panda/database';
import { dispatchedJobStatuses } from '@panda/domain';
import { LOCAL_QUEUE } from './local-queue.js';

/** A stop waits no longer for the number: it is only said. */
const LOOK_LIMIT_MS = 1_000;

/** How many jobs of this machine pilots have at the moment: they are processes of their own, which outlive the fleet. */
export async function jobsUnderWay(databaseUrl: string): Promise<number> {
  const pool = openPool({
    url: databaseUrl,
    max: 1,
    applicationName: 'box',
    statementTimeoutMs: LOOK_LIMIT_MS,
    lockTimeoutMs: LOOK_LIMIT_MS,
    idleInTransactionMs: LOOK_LIMIT_MS,
  });
  const database = new Database(pool);
  try {
    const asked = { queue: LOCAL_QUEUE, held: dispatchedJobStatuses, running: [], coming: [] };
    return (await new JobQueryRepository(database).queueAtAGlance(asked)).held;
  } finally {
    await database.close();
  }
}

/** What the user is told at the stop; undefined when nothing is left running. */
export function jobsLeftSentence(jobs: number): string | undefined {
  if (jobs === 0) return undefined;
  return jobs === 1
    ? '1 job goes on running on this machine; the next start takes it up'
    : `${jobs} jobs go on running on this machine; the next start takes them up`;
}

import { type Actor, type JobStatus, judgeKill, type KillRow, pilotReplies, type TaskBufferErrorCode } from '@panda/domain';
import type { Tx } from '../kernel/database.js';
import { askPilotsToStop, type KillCandidate, lockLiveJobs } from '../statements/job-queries.js';
import { endJobs } from './follow-up.js';
import type { JobOutcome } from './settlement.js';

export interface KillOrder {
  readonly ids: readonly number[];
  /** `code` of killJobs; null and unknown ones are a person's kill. */
  readonly code: number | null;
  readonly actor: Actor;
  /** Stands in taskBufferErrorDiag. */
  readonly diag: string;
  /** Judged on the locked row; jobs it refuses are left alone. */
  readonly allows?: (job: KillCandidate) => boolean;
}

export interface Killed {
  readonly ended: readonly number[];
  /** Their pilots are told to stop with the next answer they get; the jobs end with the report, or by their time-outs. */
  readonly asked: readonly number[];
}

interface Kill {
  readonly pandaId: number;
  /** Null: a pilot holds the job and is asked first. */
  readonly event: KillRow['event'] | null;
  readonly code: TaskBufferErrorCode;
}

/** Jobs locked and settled at once. */
const CHUNK = 500;

/**
 * The one way in which jobs are killed: each is judged by the kill code on its locked row, ends at once with all that
 * follows from it, or is marked for its pilot. Ended and unknown jobs are left out. Spec: PanDA server › killJobs.
 */
export async function killJobs(tx: Tx, order: KillOrder): Promise<Killed> {
  const ids = [...new Set(order.ids)].toSorted((a, b) => a - b);
  const killed: { ended: number[]; asked: number[] } = { ended: [], asked: [] };
  for (let from = 0; from < ids.length; from += CHUNK) {
    const { ended, asked } = await killChunk(tx, { ...order, ids: ids.slice(from, from + CHUNK) });
    killed.ended.push(...ended);
    killed.asked.push(...asked);
  }
  return killed;
}

async function killChunk(tx: Tx, { ids, code, actor, diag, allows = () => true }: KillOrder): Promise<Killed> {
  const candidates = (await tx.run(lockLiveJobs, { ids: [...ids] })).filter(allows);
  const kills = candidates.flatMap(({ pandaid, jobstatus }): Kill[] => {
    const verdict = judgeKill(jobstatus as JobStatus, code);
    if (verdict.effect === 'none') return [];
    return [{ pandaId: pandaid, event: verdict.effect === 'end' ? verdict.event : null, code: verdict.errorCode }];
  });
  const asks = kills.filter(({ event }) => event === null);
  const [first] = asks;
  if (first) {
    const marked = asks.map(({ pandaId }) => pandaId);
    await tx.run(askPilotsToStop, { ids: marked, command: pilotReplies.tobekilled, code: first.code, diag });
  }
  const outcomes = kills.flatMap(({ pandaId, event, code: error }): JobOutcome[] =>
    event === null ? [] : [{ pandaId, event, errors: { taskBuffer: { code: error, diag } } }],
  );
  const { settled } = await endJobs(tx, actor, outcomes);
  return { ended: settled.map(({ pandaId }) => pandaId), asked: asks.map(({ pandaId }) => pandaId) };
}

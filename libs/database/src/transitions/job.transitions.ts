import { type Actor, type EventsOf, finalJobStatuses, type JobStatus, jobMachine } from '@panda/domain';
import type { Session } from '../kernel/database.js';
import { endJobs, type JobErrorParams, moveJobs } from '../statements/job-moves.js';
import { type MovePlan, type Moves, outcomeOf, planMove } from './plan.js';

export type JobEvent = EventsOf<typeof jobMachine>;

/** A server error code with its text: brokerageErrorCode/Diag, ddmErrorCode/Diag, … */
export interface JobError {
  readonly code: number;
  readonly diag?: string;
}

export interface JobErrors {
  readonly brokerage?: JobError;
  readonly ddm?: JobError;
  readonly jobDispatcher?: JobError;
  readonly sup?: JobError;
  readonly taskBuffer?: JobError;
}

export interface JobMove {
  readonly ids: readonly number[];
  readonly event: JobEvent;
  readonly actor: Actor;
  readonly errors?: JobErrors;
  readonly jobSubStatus?: string;
  /** Time-outs: move only what has been silent for so many seconds on the database's clock (D6). */
  readonly idleS?: number;
  /** endTime of a job whose heartbeat is lost is its last sign of life. */
  readonly lostHeartbeat?: boolean;
}

/**
 * The only writer of job states besides the hand-out and pilot-report statements, which fire fixed events of the same
 * machine. Jobs in a state where the event is not possible are returned as losers. Files and task counters of ended jobs
 * follow in the settlement (`settlement/`), in the same transaction where the caller has it.
 */
export async function transitionJobs(session: Session, move: JobMove): Promise<Moves> {
  const plan = planMove(jobMachine, move.event, move.actor);
  if (move.ids.length === 0) return { moved: [], losers: [] };
  const params = {
    ids: [...move.ids],
    sources: plan.sources,
    targets: plan.targets,
    actor: move.actor,
    subStatus: move.jobSubStatus ?? null,
    idleS: move.idleS ?? null,
    ...errorParams(move.errors ?? {}),
  };
  const moved = endsJobs(plan)
    ? await session.run(endJobs, { ...params, lostHeartbeat: move.lostHeartbeat ?? false })
    : await session.run(moveJobs, params);
  return outcomeOf(move.ids, moved);
}

/** Events lead either to live or to final states, never to both: the two are different statements. */
function endsJobs(plan: MovePlan): boolean {
  const ends = plan.targets.map((target) => finalJobStatuses.includes(target as JobStatus));
  if (ends.every(Boolean)) return true;
  if (ends.some(Boolean)) throw new Error(`an event leads to live and to final job states: ${plan.targets.join(', ')}`);
  return false;
}

export function errorParams(errors: JobErrors): JobErrorParams {
  return {
    brokerCode: errors.brokerage?.code ?? null,
    brokerDiag: errors.brokerage?.diag ?? null,
    ddmCode: errors.ddm?.code ?? null,
    ddmDiag: errors.ddm?.diag ?? null,
    dispatcherCode: errors.jobDispatcher?.code ?? null,
    dispatcherDiag: errors.jobDispatcher?.diag ?? null,
    supCode: errors.sup?.code ?? null,
    supDiag: errors.sup?.diag ?? null,
    bufferCode: errors.taskBuffer?.code ?? null,
    bufferDiag: errors.taskBuffer?.diag ?? null,
  };
}

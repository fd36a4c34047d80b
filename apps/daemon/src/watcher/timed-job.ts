import type { JobOutcome, OperatorTables, TimedJobRow } from '@panda/database';
import {
  eventServiceJob,
  type JobStatus,
  jobDispatcherErrorCode,
  judgeKill,
  parseQueue,
  queueStatus,
  type TimedJob,
  type TimedQueue,
  type TimeoutVerdict,
} from '@panda/domain';

/** What the time-out rules ask of queues. */
export async function timedQueues(
  tables: OperatorTables,
  lastStarts: ReadonlyMap<string, Date>,
): Promise<Map<string, TimedQueue>> {
  const [queues, clouds] = await Promise.all([tables.queues(), tables.clouds()]);
  return new Map(
    queues.map(({ name, data }) => {
      const queue = parseQueue(name, data);
      const cloud = clouds.find((row) => row.name === queue.cloud);
      const timed: TimedQueue = {
        name,
        isPaused: queue.status === queueStatus.paused,
        disablesReassign: queue.catchall.has('disableReassign'),
        workflow: queue.workflow,
        lastStart: lastStarts.get(name) ?? null,
        transTimeHiDays: cloud?.transtimehiDays ?? null,
        transTimeLoDays: cloud?.transtimeloDays ?? null,
      };
      return [name, timed];
    }),
  );
}

/** A queue that is no longer configured has limits of its own no more. */
function unknownQueue(name: string, lastStart: Date | null): TimedQueue {
  return {
    name,
    isPaused: false,
    disablesReassign: false,
    workflow: null,
    lastStart,
    transTimeHiDays: null,
    transTimeLoDays: null,
  };
}

export function timedJob(
  row: TimedJobRow,
  queues: ReadonlyMap<string, TimedQueue>,
  lastStarts: ReadonlyMap<string, Date>,
): TimedJob {
  const { eventService, computingSite, ...rest } = row;
  const queue = computingSite ?? '';
  return {
    ...rest,
    status: row.status as JobStatus,
    prodSourceLabel: row.prodSourceLabel ?? '',
    processingType: row.processingType ?? '',
    eventService:
      eventService === eventServiceJob.consumer ? 'consumer' : eventService === eventServiceJob.merge ? 'merge' : null,
    isCoJumbo: eventService === eventServiceJob.coJumbo,
    queue: queues.get(queue) ?? unknownQueue(queue, lastStarts.get(queue) ?? null),
  };
}

/**
 * How a job that timed out ends. Holds only if it stayed silent since it was looked at, so that a heartbeat or report that
 * came meanwhile is never overruled (D6).
 */
export function timeoutOutcome(row: TimedJobRow, verdict: TimeoutVerdict): JobOutcome | null {
  const idleS = Math.max(0, Math.floor((row.now.getTime() - row.modificationTime.getTime()) / 1_000) - 1);
  const { result, diag, supplementalCode } = verdict;
  if ('kill' in result) {
    const kill = judgeKill(row.status as JobStatus, result.kill);
    if (kill.effect !== 'end') return null;
    return { pandaId: row.pandaId, event: kill.event, idleS, errors: { taskBuffer: { code: kill.errorCode, diag } } };
  }
  const sup = supplementalCode === undefined ? {} : { sup: { code: supplementalCode, diag: 'the worker of the job had ended' } };
  return {
    pandaId: row.pandaId,
    event: 'timedOut',
    idleS,
    errors: { jobDispatcher: { code: result.fail, diag }, ...sup },
    lostHeartbeat: result.fail === jobDispatcherErrorCode.lostHeartbeat,
  };
}

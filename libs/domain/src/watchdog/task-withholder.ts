/** One queue as the withholder and the filler see it, for one global share or for all. */
export interface ReadingQueue {
  readonly queue: string;
  readonly isOnline: boolean;
  /** Storage endpoints from which its jobs can read. */
  readonly endpoints: readonly string[];
  readonly running: number;
  /** Defined, assigned, activated and starting. */
  readonly queued: number;
}

const queuedMin = 20;
const queuedPerRunning = 2;

/** More waits than the queue works off soon. */
export function isBusyQueue(load: Pick<ReadingQueue, 'running' | 'queued'>): boolean {
  return load.queued > Math.max(queuedMin, load.running * queuedPerRunning);
}

export interface WithholdableTask {
  readonly jediTaskId: number;
  /** kB/s. */
  readonly ioIntensity: number;
  readonly currentPriority: number;
  /** Endpoints that hold its input, from JEDI_DATASET_LOCALITY. */
  readonly endpoints: readonly string[];
}

/** Rows of CONFIG `jedi.task_withholder.LIMIT_…_<label>`; a missing one leaves every task alone. */
export interface WithholderLimits {
  readonly ioIntensity: number | null;
  readonly priority: number | null;
}

/** Tasks that read less than this move to their data for nothing. */
const ioIntensityMin = 100;

/**
 * Tasks that cannot run now, because every queue that could read their input is busy or offline: brokering them would be wasted.
 * They go to pending, and are released like all pending tasks. A task whose locality is unknown is left alone.
 * Spec: JEDI Watchdogs › Task Withholder.
 */
export function tasksToWithhold(
  tasks: readonly WithholdableTask[],
  queues: readonly ReadingQueue[],
  limits: WithholderLimits,
): readonly { readonly jediTaskId: number; readonly reason: string }[] {
  if (limits.ioIntensity === null || limits.priority === null) return [];
  const ioIntensity = Math.max(limits.ioIntensity, ioIntensityMin);
  const { priority } = limits;
  const readable = new Set(queues.filter((q) => q.isOnline && !isBusyQueue(q)).flatMap((q) => q.endpoints));
  const hopeless = (task: WithholdableTask) => task.endpoints.length > 0 && !task.endpoints.some((e) => readable.has(e));
  return tasks
    .filter((task) => task.ioIntensity > ioIntensity && task.currentPriority < priority && hopeless(task))
    .map(({ jediTaskId, endpoints }) => ({
      jediTaskId,
      reason: `all queues that can read its input (${endpoints.join(', ')}) are busy or offline; ioIntensity > ${ioIntensity}, priority < ${priority}`,
    }));
}

/** A queue of production and what it could take. Memory in MB per job slot of `cores` cores. */
export interface FillableQueue {
  readonly queue: string;
  readonly isOnline: boolean;
  readonly runsProduction: boolean;
  /** Only event service, or a minimum of memory: not for everybody. */
  readonly isSpecial: boolean;
  readonly cores: number;
  /** 0 = no limit. */
  readonly maxRssMb: number;
  readonly capability: 'score' | 'mcore' | 'ucore';
  /** Endpoints on disk from which its jobs can read. */
  readonly endpoints: readonly string[];
  /** HARVESTER_SLOTS; 0 = none. */
  readonly slots: number;
  /** Part of the jobs of the last 24 hours that came to run; null = unknown. */
  readonly toRunningRate: number | null;
  readonly running: number;
  /** Activated and starting. */
  readonly queued: number;
  /** The queue has been empty since then; null = it is not. */
  readonly emptySince: Date | null;
  /** Its policy: everything, only simulation, or no simulation at all. */
  readonly policy: 'all' | 'simulationOnly' | 'noSimulation';
}

export interface FillingTask {
  readonly jediTaskId: number;
  readonly resourceType: string;
  readonly processingType: string;
  readonly currentPriority: number;
  readonly isPinned: boolean;
  readonly isEventService: boolean;
  readonly endpoints: readonly string[];
  /** MB of a job on so many cores. */
  readonly ramMb: (cores: number) => number;
  /** nFilesToBeUsed − nFilesUsed. */
  readonly filesReady: number;
  /** nFiles − nFilesUsed. */
  readonly filesRemaining: number;
}

/** Rows of CONFIG `jedi.queue_filler.…_<label>`. */
export interface FillerLimits {
  /** MAX_PREASSIGNED_TASKS per queue and resource type. */
  readonly maxTasks: number;
  readonly minFilesReady: number;
  readonly minFilesRemaining: number;
}

/** panda-jedi:pandajedi/jedidog/AtlasQueueFillerWatchDog.py@42f4bb41. */
export const fillerDefaults: FillerLimits = { maxTasks: 3, minFilesReady: 50, minFilesRemaining: 100 };

const jobsMin = 20;
const emptyPart = 0.25;
const fullPart = 0.375;
const rateMin = 0.6;
const emptyForMs = 1_800_000;
const ramMargin = 0.95;
const coresDefault = 8;

const standby = (q: FillableQueue) => Math.floor(q.slots / (q.cores || coresDefault));

/** Jobs that an idle queue could take; 0 or less for one that has enough. Spec: JEDI Watchdogs › Queue Filler. */
export function jobsToFill(q: FillableQueue): number {
  return Math.max(jobsMin, Math.max(q.running, standby(q)) * 2) * emptyPart - q.queued;
}

/** Tasks that were pre-assigned to the queue are let go again. */
export function isFilled(q: FillableQueue): boolean {
  return !q.isOnline || q.queued > Math.max(Math.max(jobsMin, q.running * 2) * fullPart, standby(q));
}

/** Why the queue gets no tasks, or undefined when it is empty and fit. */
export function whyNotFilled(q: FillableQueue, now: Date): string | undefined {
  if (!q.runsProduction) return 'notForProduction';
  if (!q.isOnline) return 'notOnline';
  if (q.isSpecial) return 'special';
  if (q.cores <= 0) return 'noCoreCount';
  if (q.slots === 0 && (q.toRunningRate === null || q.toRunningRate < rateMin)) return 'lowRate';
  if (jobsToFill(q) <= 0) return 'enoughQueued';
  if (q.endpoints.length === 0) return 'noEndpoint';
  if (q.policy === 'noSimulation') return 'policy';
  const emptyMs = q.emptySince === null ? 0 : now.getTime() - q.emptySince.getTime();
  return q.slots === 0 && emptyMs < emptyForMs ? 'notEmptyForLong' : undefined;
}

export interface QueueBinding {
  readonly queue: string;
  readonly resourceType: string;
  readonly jediTaskId: number;
}

/**
 * Tasks to bind to empty queues so that these get jobs: most urgent first, with local input, fitting memory, and enough files left.
 * `taken` are the tasks that are bound already, `blocked` those that were let go lately.
 */
export function preassign(
  queues: readonly FillableQueue[],
  tasks: readonly FillingTask[],
  limits: FillerLimits,
  state: { readonly taken: readonly QueueBinding[]; readonly blocked: ReadonlySet<number>; readonly now: Date },
): readonly QueueBinding[] {
  const chosen: QueueBinding[] = [];
  const used = new Set([...state.blocked, ...state.taken.map((t) => t.jediTaskId)]);
  const candidates = tasks.toSorted((a, b) => b.currentPriority - a.currentPriority || a.jediTaskId - b.jediTaskId);
  for (const q of queues.toSorted((a, b) => jobsToFill(b) - jobsToFill(a))) {
    if (whyNotFilled(q, state.now) !== undefined) continue;
    for (const task of candidates) {
      const same = (p: QueueBinding) => p.queue === q.queue && p.resourceType === task.resourceType;
      const bound = state.taken.filter(same).length + chosen.filter(same).length;
      if (bound >= limits.maxTasks || used.has(task.jediTaskId) || !suits(task, q, limits)) continue;
      used.add(task.jediTaskId);
      chosen.push({ queue: q.queue, resourceType: task.resourceType, jediTaskId: task.jediTaskId });
    }
  }
  return chosen;
}

function suits(task: FillingTask, q: FillableQueue, limits: FillerLimits): boolean {
  const fitsCores = q.capability === 'ucore' || task.resourceType.startsWith(q.capability.toUpperCase());
  const fitsMemory = q.maxRssMb === 0 || task.ramMb(q.cores) * ramMargin < q.maxRssMb;
  const fitsPolicy = q.policy === 'all' || task.processingType === 'simul';
  const hasWork = task.filesReady >= limits.minFilesReady && task.filesRemaining >= limits.minFilesRemaining;
  const isLocal = task.endpoints.some((e) => q.endpoints.includes(e));
  return !task.isPinned && !task.isEventService && fitsCores && fitsMemory && fitsPolicy && hasWork && isLocal;
}

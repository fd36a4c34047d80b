import { jobStatus } from '../job/job.machine.js';
import { coreClassOf, type Levels, type ProductionFacts, type ProductionLimits } from './production-facts.js';

/** Whom jobs and tasks are counted for. */
export interface CountedFor {
  readonly gshare: string | null;
  readonly workQueueId: number | null;
  readonly resourceType: string | null;
}

/** Live jobs in one state, from the maintained statistics. */
export interface OccupancyRow extends CountedFor {
  readonly status: string;
  /** The jobs are at a queue without slots of its own: what starts there does so for others. */
  readonly isDynamic: boolean;
  readonly jobs: number;
  /** s, of the jobs that have a limit, and how many those are. */
  readonly walltimeS: number;
  readonly withWalltime: number;
}

/** Slots promised at a queue in standby; a share or resource type of null is any. */
export interface StandbySlots {
  readonly gshare: string | null;
  readonly resourceType: string | null;
  /** Jobs that fit. */
  readonly jobs: number;
}

/** What the throttler of production counts: all shares in one snapshot. */
export interface Occupancy {
  readonly jobs: readonly OccupancyRow[];
  /** Jobs that do not run yet, at the highest priority of their kind; merge jobs left out. */
  readonly urgentJobs: readonly (CountedFor & { readonly priority: number; readonly jobs: number })[];
  /** The highest priority of tasks that have input left. */
  readonly waitingTasks: readonly (CountedFor & { readonly priority: number })[];
  readonly standby: readonly StandbySlots[];
}

/** The share, or the work queue where there is none, that a task's jobs are counted in. */
export interface ThrottledQueue {
  readonly name: string;
  readonly isShare: boolean;
  readonly workQueueId: number | null;
  readonly resourceType: string | null;
  readonly throttled: boolean;
  readonly limits: ProductionLimits;
}

const runningStatuses: readonly string[] = [jobStatus.sent, jobStatus.running, jobStatus.stagein, jobStatus.stageout];
const notRunningStatuses: readonly string[] = [jobStatus.assigned, jobStatus.activated, jobStatus.starting];
const definedStatuses: readonly string[] = [jobStatus.defined, jobStatus.pending];
/** Whose walltime is work still to do. Spec: Database › TOTAL_WALLTIME_CACHE. */
const workStatuses: readonly string[] = [jobStatus.activated, jobStatus.starting, jobStatus.defined];

/** Event service is looked at over all its resource types; these shares stage input in ahead. Source as for the rules. */
const shareWide: readonly string[] = ['eventservice'];
const prestaging: readonly string[] = ['Heavy Ion', 'Reprocessing default'];

/**
 * The facts of one queue and resource type out of the snapshot of all of them.
 * panda-jedi:pandajedi/jedithrottle/AtlasProdJobThrottler.py@42f4bb41.
 */
export function productionFacts(queue: ThrottledQueue, occupancy: Occupancy): ProductionFacts {
  const ofQueue = (row: CountedFor) => (queue.isShare ? row.gshare === queue.name : row.workQueueId === queue.workQueueId);
  const ofType = (row: { readonly resourceType: string | null }) => row.resourceType === queue.resourceType;
  const isShareWide = shareWide.includes(queue.name);
  const ofLook = (row: CountedFor) => ofQueue(row) && (isShareWide || ofType(row));

  const jobs = occupancy.jobs.filter(ofQueue);
  const count = (statuses: readonly string[], leavesOut?: (row: OccupancyRow) => boolean) => {
    const rows = jobs.filter((row) => statuses.includes(row.status) && !leavesOut?.(row));
    return levelsOf(rows, queue.resourceType);
  };
  const standby = occupancy.standby.filter(({ gshare }) => gshare === null || (queue.isShare && gshare === queue.name));
  const waiting = occupancy.waitingTasks.filter(ofLook).map(({ priority }) => priority);
  const urgent = occupancy.urgentJobs.filter(ofLook);
  const top = highest(urgent.map(({ priority }) => priority));
  return {
    throttled: queue.throttled,
    isShareWide,
    prestages: prestaging.includes(queue.name),
    running: plus(count(runningStatuses), levelsOf(standby, queue.resourceType)),
    defined: count(definedStatuses),
    notRunning: count(notRunningStatuses, ({ isDynamic, status }) => isDynamic && status === jobStatus.starting),
    waiting: count([jobStatus.waiting]),
    totalWalltimeS: totalWalltime(jobs.filter((row) => ofType(row) && workStatuses.includes(row.status))),
    waitingPriority: highest(waiting),
    jobsPriority: top,
    notRunningAtPriority: sum(urgent.filter(({ priority }) => priority === top).map((row) => row.jobs)),
    limits: queue.limits,
  };
}

/** The snapshot after more jobs were made for a queue: they wait for pilots like those before them. */
export function withNewJobs(occupancy: Occupancy, madeFor: CountedFor, jobs: number): Occupancy {
  const row: OccupancyRow = {
    gshare: madeFor.gshare,
    workQueueId: madeFor.workQueueId,
    resourceType: madeFor.resourceType,
    status: jobStatus.activated,
    isDynamic: false,
    jobs,
    walltimeS: 0,
    withWalltime: 0,
  };
  return { ...occupancy, jobs: [...occupancy.jobs, row] };
}

const sum = (numbers: readonly number[]) => numbers.reduce((a, b) => a + b, 0);
const highest = (numbers: readonly number[]) => (numbers.length === 0 ? null : Math.max(...numbers));
const plus = (a: Levels, b: Levels): Levels => ({
  resource: a.resource + b.resource,
  cores: a.cores + b.cores,
  share: a.share + b.share,
});

function levelsOf(
  rows: readonly { readonly resourceType: string | null; readonly jobs: number }[],
  resourceType: string | null,
): Levels {
  const of = (fits: (type: string | null) => boolean) => sum(rows.filter((row) => fits(row.resourceType)).map((row) => row.jobs));
  return {
    resource: of((type) => type === null || type === resourceType),
    cores: of((type) => type === null || coreClassOf(type) === coreClassOf(resourceType)),
    share: of(() => true),
  };
}

/** s of all jobs; those without a limit count as the mean of the others. Null when none has one. */
function totalWalltime(rows: readonly OccupancyRow[]): number | null {
  const known = sum(rows.map((row) => row.withWalltime));
  if (known === 0) return null;
  return (sum(rows.map((row) => row.walltimeS)) * sum(rows.map((row) => row.jobs))) / known;
}

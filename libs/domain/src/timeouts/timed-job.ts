import type { JobStatus } from '../job/job.machine.js';

/** What the time-out rules look at; times are the database's. */
export interface TimedJob {
  readonly status: JobStatus;
  readonly prodSourceLabel: string;
  readonly processingType: string;
  readonly currentPriority: number;
  readonly jobSubStatus: string | null;
  readonly isJedi: boolean;
  /** Event service job, its merge job, or none. */
  readonly eventService: 'consumer' | 'merge' | null;
  readonly isCoJumbo: boolean;
  readonly creationTime: Date;
  readonly modificationTime: Date;
  readonly stateChangeTime: Date | null;
  readonly startTime: Date | null;
  readonly endTime: Date | null;
  /** One of the error texts is already there. */
  readonly hasErrorText: boolean;
  /** An output report waits for the adder. */
  readonly hasOutputReport: boolean;
  /** Harvester says that the job's worker has ended. */
  readonly workerEnded: boolean;
  /** A merge job whose unmerged jobs are gone. */
  readonly preMergeGone: boolean;
  /** Last time a job of the same account started or ended; null when unknown. */
  readonly accountActiveAt: Date | null;
  readonly queue: TimedQueue;
}

export interface TimedQueue {
  readonly name: string;
  readonly isPaused: boolean;
  /** `disableReassign` stands in catchall. */
  readonly disablesReassign: boolean;
  /** Names the heartbeat limit of production jobs. */
  readonly workflow: string | null;
  /** A job started here for the last time; null = never. */
  readonly lastStart: Date | null;
  /** Days for outputs on their way, by priority; null = the default. */
  readonly transTimeHiDays: number | null;
  readonly transTimeLoDays: number | null;
}

/** JOBS.eventService. panda-server:pandaserver/taskbuffer/EventServiceUtils.py@34d4b8f3. */
export const eventServiceJob = { consumer: 1, merge: 2, coJumbo: 5 } as const;

const userLabels: readonly string[] = ['user', 'panda'];

export function isUserJob(job: Pick<TimedJob, 'prodSourceLabel'>): boolean {
  return userLabels.includes(job.prodSourceLabel);
}

/** From here on a job is urgent. */
export const urgentPriority = 800;

export function isUrgentJob(job: Pick<TimedJob, 'currentPriority'>): boolean {
  return job.currentPriority >= urgentPriority;
}

/** Workflows that need no queue to have a heartbeat limit: users' jobs, and all others where the queue names none. */
export const heartbeatWorkflows = ['analysis', 'production'] as const;

/** Workflow whose heartbeat limit holds: users' jobs have one of their own. */
export function heartbeatWorkflow(job: TimedJob): string {
  const [analysis, production] = heartbeatWorkflows;
  return isUserJob(job) ? analysis : (job.queue.workflow ?? production);
}

import { expressShare } from '../shares/share-tagging.js';

/** Priorities that do not depend on anybody's load. Spec: FAQ › How job priorities are calculated. */
export const fixedPriorities = {
  merge: 5000,
  hammercloud: 4000,
  hammercloudFax: 1001,
  install: 4100,
  userExpress: 6000,
  buildExpress: 6500,
  build: 2000,
  artprod: 7000,
  superGroup: 2000,
  /** The last jobs of a task that is nearly done. */
  taskTail: 900,
} as const;

/** Jobs of users begin here and go down with their number. */
export const userPriorityStart = 1000;
/** Scouts of a task never rank below this. */
const scoutMin = 901;
/** From here on a priority was given on purpose and stays. */
const givenOnPurpose = 1500;
/** Jobs of one user that share a priority. */
const jobsPerStep = 5;
/** What a full quota costs. */
const quotaCost = 100;

/** Priority of a job that JEDI makes. panda-jedi:pandajedi/jediorder/JobGenerator.py@42f4bb41. */
export function jediJobPriority(task: { readonly currentPriority: number }, kind: 'normal' | 'scout' | 'merge'): number {
  if (kind === 'merge') return fixedPriorities.merge;
  if (kind === 'normal') return task.currentPriority;
  return task.currentPriority < scoutMin ? scoutMin : task.currentPriority + 1;
}

export interface UserJobPosition {
  /** Active jobs of the account when the task was submitted. */
  readonly activeJobs: number;
  /** 0 for the first job of the submission. */
  readonly serial: number;
  /** Added to the start; 0 for ordinary users. */
  readonly offset?: number;
  /** 0…1: part of the quota that the account has used up. */
  readonly quotaWeight?: number;
}

/**
 * `1000 − (T + n)/5` for the n-th job of an account with T active jobs: the first five jobs share 1000, the next five 999.
 * Spec: FAQ › How job priorities are calculated; offset and quota as in panda-server:pandaserver/taskbuffer/PrioUtil.py@34d4b8f3.
 */
export function userJobPriority({ activeJobs, serial, offset = 0, quotaWeight = 0 }: UserJobPosition): number {
  return Math.trunc(userPriorityStart + offset - Math.floor((activeJobs + serial) / jobsPerStep) - quotaCost * quotaWeight);
}

/** Whose active jobs are counted. */
export type PriorityAccount = { readonly group: string; readonly user: null } | { readonly group: null; readonly user: string };

/**
 * Who pays for a job of a user: a working group stands only in official jobs, which are counted for the group; all others are counted for the
 * user. Spec: FAQ › How job priorities are calculated.
 */
export function priorityAccount(job: { readonly userName: string; readonly workingGroup: string | null }): PriorityAccount {
  return job.workingGroup === null ? { group: null, user: job.userName } : { group: job.workingGroup, user: null };
}

export interface DirectJob {
  readonly prodSourceLabel: string;
  readonly processingType: string;
  readonly userName: string;
  readonly isBuild: boolean;
  readonly isExpress: boolean;
  readonly isScout: boolean;
  readonly isSuperGroup: boolean;
  /** Priority that came with the job; 0 when none. */
  readonly given: number;
}

/** Offset of testing frameworks: their jobs start at 4000. */
const gangarobotOffset = 3000;

/** Priority of a job submitted by a user. Rules in the order in which they decide. */
export function directJobPriority(job: DirectJob, position: UserJobPosition): number {
  if (job.isBuild) return job.isExpress ? fixedPriorities.buildExpress : fixedPriorities.build + (position.offset ?? 0);
  if (job.prodSourceLabel === 'install') return fixedPriorities.install;
  if (job.userName === 'artprod') return fixedPriorities.artprod;
  if (job.processingType === 'hammercloud-fax') return fixedPriorities.hammercloudFax;
  if (job.processingType === 'pmerge' || job.processingType === 'usermerge') return fixedPriorities.merge;
  if (isHammercloud(job.processingType)) return userPriorityStart + gangarobotOffset;
  if (job.isExpress) return fixedPriorities.userExpress;
  if (job.isScout || job.given >= givenOnPurpose) return job.given;
  if (job.isSuperGroup)
    return userJobPriority({ ...position, offset: fixedPriorities.superGroup - userPriorityStart, quotaWeight: 0 });
  return userJobPriority(position);
}

function isHammercloud(processingType: string): boolean {
  return processingType.startsWith('gangarobot') || processingType.startsWith('hammercloud');
}

/** A job of a user's task as its priority is worked out. */
export interface UserTaskJob {
  readonly processingType: string;
  readonly userName: string;
  readonly gshare: string | null;
  readonly currentPriority: number;
}

/**
 * Priority of the next job that is made for a user's task: its place in the line of the account, like that of a job submitted without a task.
 * Scouts and merge jobs go first; a task that was put back below the start takes its jobs with it.
 * panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f3 (insertNewJob).
 */
export function userTaskJobPriority(
  task: UserTaskJob,
  kind: 'normal' | 'scout' | 'merge' | 'build',
  position: UserJobPosition,
): number {
  if (kind === 'scout' || kind === 'merge') return jediJobPriority(task, kind);
  const { processingType, userName, currentPriority: given } = task;
  const isBuild = kind === 'build';
  const isExpress = task.gshare === expressShare;
  const what = {
    prodSourceLabel: 'user',
    processingType,
    userName,
    isBuild,
    isExpress,
    isScout: false,
    isSuperGroup: false,
    given,
  };
  const priority = directJobPriority(what, position);
  return priority > userPriorityStart ? priority : Math.min(priority, given);
}

/** Waiting priorities are recomputed this often. Spec: FAQ › How job priorities are calculated. */
export const recomputeEveryS = 20 * 60;

/**
 * New priority of a job that still waits. It follows its place in the account's line (earlier jobs have left it), and it is raised
 * in proportion to the waiting time that is used up, so that it is at the start value when it would expire. It never falls.
 */
export function waitingJobPriority(job: {
  readonly current: number;
  /** Active jobs of the account before this one. */
  readonly ahead: number;
  readonly waitedS: number;
  readonly expiresAfterS: number;
  /** Priority of its task: who puts a task back wants that to last. */
  readonly ceiling?: number | null;
}): number {
  const placed = userJobPriority({ activeJobs: job.ahead, serial: 0 });
  const used = Math.min(1, Math.max(0, job.waitedS / job.expiresAfterS));
  const aged = Math.floor(placed + Math.max(0, userPriorityStart - placed) * used);
  return Math.max(job.current, Math.min(aged, job.ceiling ?? aged));
}

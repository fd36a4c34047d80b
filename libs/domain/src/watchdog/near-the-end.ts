import { isFinal } from '../machine/machine.js';
import { fixedPriorities } from '../priority/job-priority.js';
import { expressShare } from '../shares/share-tagging.js';
import { type TaskStatus, taskMachine, taskStatus } from '../task/task.machine.js';

export interface NearlyDoneTask {
  readonly status: TaskStatus;
  /** Null without a parent. */
  readonly parentStatus: TaskStatus | null;
  readonly nFiles: number;
  readonly nFilesFinished: number;
  readonly nFilesFailed: number;
  /** Jobs that are not final, and those still to be made. */
  readonly remainingJobs: number;
  readonly currentPriority: number;
}

const boostPart = 0.95;
const boostJobsMax = 100;

/** The parent, if any, will bring no more input. */
function parentIsOver(parent: TaskStatus | null): boolean {
  return parent === null || isFinal(taskMachine, parent);
}

/**
 * The last few jobs of a task are worth more than their number: whoever waits for the task waits for them. They get priority 900 in
 * the share Express. panda-jedi:pandajedi/jedidog/AtlasProdWatchDog.py@42f4bb41.
 */
export function boostOf(task: NearlyDoneTask): { readonly currentPriority: number; readonly gshare: string } | undefined {
  const settled = task.nFilesFinished + task.nFilesFailed;
  const isNear = task.nFiles > 0 && settled >= boostPart * task.nFiles && task.remainingJobs <= boostJobsMax;
  const mayBoost =
    task.status === taskStatus.running && parentIsOver(task.parentStatus) && task.currentPriority < fixedPriorities.taskTail;
  return isNear && mayBoost ? { currentPriority: fixedPriorities.taskTail, gshare: expressShare } : undefined;
}

export interface GoalTask {
  readonly status: TaskStatus;
  readonly parentStatus: TaskStatus | null;
  /** Per mille; null = no goal. */
  readonly goal: number | null;
  /** Rule DF: it does not finish by itself. */
  readonly staysUnfinished: boolean;
  /** Ready files that no job has used yet. */
  readonly untouchedFiles: number;
  readonly nEventsInput: number;
  /** Events in the finished output. */
  readonly nEventsOutput: number;
}

/** Is the goal reached, so that the rest of the task may be let go (soft finish)? */
export function goalIsReached(task: GoalTask): boolean {
  if (task.goal === null || task.staysUnfinished || task.status !== taskStatus.running) return false;
  if (task.untouchedFiles > 0 || !parentIsOver(task.parentStatus) || task.nEventsInput === 0) return false;
  return (task.nEventsOutput * 1_000) / task.nEventsInput >= task.goal;
}

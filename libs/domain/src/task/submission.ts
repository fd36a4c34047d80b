import { acceptedStatuses } from '../command/task-command.js';
import { isStateOf } from '../machine/machine.js';
import { type TaskStatus, taskMachine, taskStatus } from './task.machine.js';

/**
 * Codes a submission is answered with.
 * Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py `insertTaskParamsPanda`@34d4b8f.
 */
export const submissionCode = {
  stored: 0,
  alreadyQueued: 1,
  stillActive: 2,
  reactivated: 3,
  failed: 4,
  parametersSet: 5,
  tooManyActive: 10,
  parentNotFound: 11,
} as const;
export type SubmissionCode = (typeof submissionCode)[keyof typeof submissionCode];

/** The newest task of the same name. */
export interface NamedTask {
  readonly jediTaskId: number;
  readonly status: string;
}

export interface SubmissionQuestion {
  readonly taskName: string;
  readonly userName: string;
  /** Null when the name is free, or need not be unique. */
  readonly sameName: NamedTask | null;
  /** A retry with new parameters: an active task takes them over instead of refusing. */
  readonly isRetry: boolean;
  readonly activeTasks: number;
  /** Config MAX_ACTIVE_TASKS_PER_USER_<label>; null: no limit. */
  readonly maxActiveTasks: number | null;
}

export type SubmissionVerdict =
  | { readonly action: 'insert' }
  /** `incexec`: the ended task runs again; `update`: the active task gets new parameters; `refuse`: nothing is stored. */
  | {
      readonly action: 'incexec' | 'update' | 'refuse';
      readonly code: SubmissionCode;
      readonly message: string;
      readonly jediTaskId: number | null;
    };

/** A task of this name that ended broken left nothing to continue: the name is free again. */
function leavesNameFree(status: string): boolean {
  return status === taskStatus.broken;
}

/** What becomes of a submission, before anything is stored. */
export function judgeSubmission(question: SubmissionQuestion): SubmissionVerdict {
  const { sameName } = question;
  if (sameName !== null && !leavesNameFree(sameName.status)) return judgeSameName(question, sameName);
  const { activeTasks, maxActiveTasks, userName } = question;
  if (maxActiveTasks === null || activeTasks < maxActiveTasks) return { action: 'insert' };
  const message = `Too many active tasks for ${userName} ${activeTasks}>=${maxActiveTasks}`;
  return { action: 'refuse', code: submissionCode.tooManyActive, message, jediTaskId: null };
}

function judgeSameName({ taskName, isRetry }: SubmissionQuestion, { jediTaskId, status }: NamedTask): SubmissionVerdict {
  if (isStateOf(taskMachine, status) && acceptedStatuses('incexec').includes(status as TaskStatus)) {
    const message = `reactivation accepted. jediTaskID=${jediTaskId} (currently in ${status} state) will be re-executed with old and/or new input`;
    return { action: 'incexec', code: submissionCode.reactivated, message, jediTaskId };
  }
  if (isRetry) {
    const message = `${status}. new tasks params have been set to jediTaskID=${jediTaskId}. `;
    return { action: 'update', code: submissionCode.parametersSet, message, jediTaskId };
  }
  if (status === taskStatus.registered || !isStateOf(taskMachine, status)) {
    const message = `jediTaskID=${jediTaskId} is already queued for outDS=${taskName}. You cannot submit duplicated tasks. `;
    return { action: 'refuse', code: submissionCode.alreadyQueued, message, jediTaskId };
  }
  const message = `jediTaskID=${jediTaskId} is in the ${status} state for outDS=${taskName}. You can re-submit the task with new parameters for the same or another input once it goes into finished/failed/done. Or you can retry the task once it goes into running/finished/failed/done. `;
  return { action: 'refuse', code: submissionCode.stillActive, message, jediTaskId };
}

/**
 * Keys of a new map that a re-executed task takes over; the rest stays as first submitted.
 * Source: panda-server:pandaserver/taskbuffer/db_proxy_mods/task_event_module.py@9cc3603 and the 2021 list.
 */
const TAKEN_OVER = new Set([
  'site',
  'cloud',
  'includedSite',
  'excludedSite',
  'cliParams',
  'nFilesPerJob',
  'nFiles',
  'nEvents',
  'nGBPerJob',
  'fixedSandbox',
  'ignoreMissingInDS',
  'currentPriority',
  'priority',
  'nMaxFilesPerJob',
  'ramCount',
  'noLoopingCheck',
  'loopingCheck',
  'forceStaged',
  'allowIncompleteInDS',
  't1Weight',
  'nEsConsumers',
  'noInputPooling',
  'nEventsPerWorker',
  'nJumboJobs',
  'avoidVP',
  'allowInputLAN',
  'useLocalIO',
  'maxCoreCount',
  'onlyTagsForFC',
  'useZipToPin',
  'noAutoPause',
]);

/** The part of a new parameter map that re-execution takes over. */
export function takenOver(parameters: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const kept = Object.entries(parameters).filter(([key]) => TAKEN_OVER.has(key) || key.startsWith('dsFor'));
  const sandbox = 'fixedSandbox' in parameters && 'sourceURL' in parameters ? { sourceURL: parameters.sourceURL } : {};
  const changes: Record<string, unknown> = { ...Object.fromEntries(kept), ...sandbox };
  // Clients say `priority`, the task says `currentPriority`.
  if ('priority' in changes) {
    changes.currentPriority ??= changes.priority;
    delete changes.priority;
  }
  return changes;
}

export interface Submitter {
  readonly userName: string;
  readonly hasProductionRole: boolean;
  /** Working group whose official tasks the caller may submit. */
  readonly workingGroup: string | null;
}

/** Priority of a user's task, and of a task that names none. */
const USER_PRIORITY = 1_000;
const DEFAULT_PRIORITY = 100;
/** `taskType` of what people submit. */
export const analysisTaskType = 'anal';

/**
 * The map as it is stored: what a caller may not decide is decided here (reliability §8.3, property rule). Absent keys that refinement
 * wants present become null.
 */
export function ownedParameters(parameters: Readonly<Record<string, unknown>>, submitter: Submitter): Record<string, unknown> {
  const { hasProductionRole } = submitter;
  const owned: Record<string, unknown> = { architecture: null, transUses: null, transHome: null, ...parameters };
  if (!hasProductionRole) capPriorities(owned);
  if (!hasProductionRole || typeof owned.userName !== 'string') owned.userName = submitter.userName;
  if (!hasProductionRole || typeof owned.taskType !== 'string') {
    owned.taskType = analysisTaskType;
    owned.taskPriority = USER_PRIORITY;
    delete owned.workingGroup;
    if (owned.official === true && submitter.workingGroup !== null) owned.workingGroup = submitter.workingGroup;
    else delete owned.official;
  }
  owned.taskPriority ??= DEFAULT_PRIORITY;
  owned.prodSourceLabel ??= null;
  return owned;
}

/** Keys whose value in a stored map the server has decided. */
const DECIDED_HERE = ['userName', 'taskType', 'taskPriority', 'workingGroup', 'official'];

/** New values for a stored map: a caller without the production role changes nothing that {@link ownedParameters} has decided. */
export function ownedChanges(
  changes: Readonly<Record<string, unknown>>,
  { hasProductionRole }: Pick<Submitter, 'hasProductionRole'>,
): Record<string, unknown> {
  if (hasProductionRole) return { ...changes };
  const owned = Object.fromEntries(Object.entries(changes).filter(([key]) => !DECIDED_HERE.includes(key)));
  capPriorities(owned);
  return owned;
}

/** Users may ask for less than their tasks get, never for more. Values that are no numbers are left for the validation to tell. */
function capPriorities(map: Record<string, unknown>): void {
  for (const key of ['currentPriority', 'priority']) {
    if (isAbove(map[key], USER_PRIORITY)) map[key] = USER_PRIORITY;
  }
}

function isAbove(value: unknown, limit: number): boolean {
  return (typeof value === 'number' || typeof value === 'string') && Number(value) > limit;
}

import { PyTuple } from '../wire/pickle/values.js';
import { type Access, production, taskGroupProduction, taskOwner, taskProduction } from './access.js';
import { type Argument, maybe, required } from './argument.js';
import { type Coded, legacyCoded, legacyPickle, post, postCoded } from './forms.js';
import { operation } from './operation.js';
import { done } from './reply.js';

const taskId = required.int({ legacy: 'jediTaskID', min: 1 });
const properErrorCode: Argument<boolean> = maybe.bool(false, { legacy: 'properErrorCode' });
const lane = 'submission' as const;

/** A command without arguments of its own. */
function command(name: string, legacyMethod: string, access: Access, doc: string) {
  return operation({
    id: `task.${name}`,
    doc,
    access,
    lane,
    args: { taskId, properErrorCode, broadcast: maybe.bool(false, { doc: 'Also tell the pilots at once.' }) },
    legacy: legacyCoded<{ taskId: number; properErrorCode: boolean; broadcast: boolean }, Coded>(legacyMethod, name === 'resume'),
    v1: postCoded(`task/${name}`),
  });
}

export const killTask = command('kill', 'killTask', taskOwner, 'Kill the task and its jobs.');
export const pauseTask = command('pause', 'pauseTask', taskGroupProduction, 'Stop making jobs until resumed.');
export const resumeTask = command('resume', 'resumeTask', taskGroupProduction, 'Continue a paused, throttled or staging task.');
export const avalancheTask = command('avalanche', 'avalancheTask', taskProduction, 'Skip the rest of the scout phase.');
export const releaseTask = command('release', 'releaseTask', taskProduction, 'Make jobs without waiting for more input.');

export const finishTask = operation({
  id: 'task.finish',
  doc: 'Finish the task with what it has; soft waits for running jobs, hard kills them.',
  access: taskOwner,
  lane,
  args: {
    taskId,
    soft: maybe.bool(false, { legacy: 'soft' }),
    properErrorCode,
    broadcast: maybe.bool(false),
  },
  legacy: legacyCoded('finishTask'),
  v1: postCoded<{ taskId: number; soft: boolean; properErrorCode: boolean; broadcast: boolean }, Coded>('task/finish'),
});

export const retryTask = operation({
  id: 'task.retry',
  doc: 'Try failed input again, optionally with changed parameters.',
  access: taskOwner,
  lane,
  args: {
    taskId,
    newParameters: maybe.json(null, { legacy: 'newParams', doc: 'Parameters to change; null deletes one.' }),
    noChildRetry: maybe.bool(false, { legacy: 'noChildRetry' }),
    discardEvents: maybe.bool(false, { legacy: 'discardEvents' }),
    disableStagingMode: maybe.bool(false, { legacy: 'disable_staging_mode' }),
    keepGsharePriority: maybe.bool(false),
    ignoreHardExhausted: maybe.bool(false),
    properErrorCode,
  },
  legacy: legacyCoded('retryTask'),
  // The client indexes all three keys and decides by `data`: success only says that the command was looked at.
  v1: post('task/retry', ({ code, message }: Coded) => done(code, message)),
});

export const reloadInput = operation({
  id: 'task.reload_input',
  doc: 'Look for new files in the input datasets and process them.',
  access: taskOwner,
  lane,
  args: { taskId, ignoreHardExhausted: maybe.bool(false), properErrorCode },
  legacy: legacyCoded('reloadInput'),
  v1: postCoded<{ taskId: number; ignoreHardExhausted: boolean; properErrorCode: boolean }, Coded>('task/reload_input'),
});

export const reassignTask = operation({
  id: 'task.reassign',
  doc: 'Move the task to another site, cloud or nucleus.',
  access: taskOwner,
  lane,
  args: {
    taskId,
    site: maybe.str(null, { legacy: 'site' }),
    cloud: maybe.str(null, { legacy: 'cloud' }),
    nucleus: maybe.str(null, { legacy: 'nucleus' }),
    soft: maybe.bool(false, { legacy: 'soft' }),
    mode: maybe.str(null, { legacy: 'mode', doc: 'nokill or soft.' }),
    properErrorCode,
  },
  legacy: legacyCoded('reassignTask', true),
  v1: postCoded<
    {
      taskId: number;
      site: string | null;
      cloud: string | null;
      nucleus: string | null;
      soft: boolean;
      mode: string | null;
      properErrorCode: boolean;
    },
    Coded
  >('task/reassign'),
});

export const reactivateTask = operation({
  id: 'task.reactivate',
  doc: 'Bring a finished task back to work on its remaining input.',
  access: taskProduction,
  lane,
  args: { taskId, keepAttemptNr: maybe.bool(false), triggerJobGeneration: maybe.bool(false) },
  legacy: legacyPickle('reactivateTask', ({ code, message }: Coded) => new PyTuple(code, message)),
  v1: postCoded('task/reactivate'),
});

export const increaseAttempts = operation({
  id: 'task.increase_attempts',
  doc: 'Allow more attempts for input that has used its own up.',
  access: taskProduction,
  lane,
  args: { taskId, increase: required.int({ legacy: 'increasedNr', min: 1, max: 100 }) },
  legacy: legacyPickle('increaseAttemptNrPanda', ({ code, message }: Coded) => new PyTuple(code, message)),
  v1: postCoded('task/increase_attempts'),
});

/** Rows changed; null when the change is not allowed. */
export interface Change {
  readonly rows: number | null;
  readonly message: string;
}

const changeReply = ({ rows, message }: Change) => new PyTuple(rows ?? 2, rows === null ? message : null);
const changeEnvelope = ({ rows, message }: Change) => ({ success: rows !== null, message, data: rows });

export const changePriority = operation({
  id: 'task.change_priority',
  doc: 'Set the current priority of the task and of its jobs that have not started.',
  access: taskProduction,
  lane,
  args: { taskId, priority: required.int({ legacy: 'newPriority', min: 0, max: 100_000 }) },
  legacy: legacyPickle('changeTaskPriority', ({ rows }: Change) => rows),
  v1: post('task/change_priority', changeEnvelope),
});

export const changeAttribute = operation({
  id: 'task.change_attribute',
  doc: 'Set ramCount, wallTime, cpuTime or coreCount of the task.',
  access: taskProduction,
  lane,
  args: {
    taskId,
    attributeName: required.str({ legacy: 'attrName' }),
    value: required.int({ legacy: 'attrValue', min: 0, max: 2 ** 31 - 1 }),
  },
  legacy: legacyPickle('changeTaskAttributePanda', changeReply),
  v1: post('task/change_attribute', changeEnvelope),
});

export const changeSplitRule = operation({
  id: 'task.change_split_rule',
  doc: 'Set one of the changeable split rules, by its two-letter name.',
  access: taskProduction,
  lane,
  args: { taskId, attributeName: required.str({ legacy: 'attrName' }), value: required.int({ legacy: 'attrValue', min: 0 }) },
  legacy: legacyPickle('changeTaskSplitRulePanda', changeReply),
  v1: post('task/change_split_rule', changeEnvelope),
});

export const killUnfinishedJobs = operation({
  id: 'task.kill_unfinished_jobs',
  doc: 'Kill the jobs of a task that have not ended; the task goes on.',
  access: taskOwner,
  lane,
  args: { taskId, code: maybe.int(null, { legacy: 'code' }) },
  legacy: legacyPickle('killUnfinishedJobs', (killed: readonly boolean[]) => [...killed]),
  v1: post('task/kill_unfinished_jobs', (killed: readonly boolean[]) => done(killed)),
});

export const changeModificationTime = operation({
  id: 'task.change_modification_time',
  doc: 'Move the modification time by hours, so that agents look at the task sooner or later.',
  access: taskProduction,
  lane,
  args: { taskId, positiveHourOffset: required.int({ legacy: 'diffValue', min: -240, max: 240 }) },
  legacy: legacyPickle('changeTaskModTimePanda', changeReply),
  v1: post('task/change_modification_time', changeEnvelope),
});

export const reassignShare = operation({
  id: 'task.reassign_global_share',
  doc: 'Put tasks, and their waiting jobs, into another global share.',
  access: production,
  lane,
  args: {
    taskIdList: required.ints({ legacy: 'jedi_task_ids_pickle' }),
    share: required.str({ legacy: 'share' }),
    reassignRunningJobs: maybe.bool(false, { legacy: 'reassign_running' }),
  },
  legacy: legacyPickle('reassignShare', ({ rows }: Change) => new PyTuple(rows === null ? -1 : 0, null)),
  v1: post('task/reassign_global_share', changeEnvelope),
});

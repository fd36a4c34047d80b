import { PyTuple, type PyValue } from '../wire/pickle/values.js';
import { anyUser } from './access.js';
import { maybe, required } from './argument.js';
import { get, legacyJson, legacyPickle } from './forms.js';
import { operation } from './operation.js';
import { done, failed, flagReply, pickleReply } from './reply.js';

const taskId = required.int({ legacy: 'jediTaskID', min: 1 });
const lane = 'query' as const;

/** Attribute names and values as the wire spells them. */
export type Fields = Readonly<Record<string, unknown>>;

/** Jobs of a task that are listed. */
export const JOB_IDS_OF_TASK_MAX = 1_000_000;

export const getTaskStatus = operation({
  id: 'task.get_status',
  doc: 'Status of a task.',
  // The classic client calls it on the base without credentials.
  access: { roles: [] },
  lane,
  args: { taskId },
  legacy: {
    methods: ['getTaskStatus'],
    reply: (status: string | null) => pickleReply(status ?? 'unknown'),
    refuse: ({ message }) => pickleReply(message),
  },
  v1: get('task/get_status', (status) => (status === null ? failed('Task not found') : done(status))),
});

export const getTaskParameters = operation({
  id: 'task.get_task_parameters',
  doc: 'The stored parameter map; secrets are masked for others than the owner.',
  access: { roles: [] },
  lane,
  args: { taskId },
  legacy: {
    methods: ['getTaskParamsMap'],
    // The classic answer is a text that holds the JSON, not a dictionary.
    reply: (parameters: Fields | null) => pickleReply(parameters === null ? '' : JSON.stringify(parameters)),
    refuse: () => pickleReply(''),
  },
  v1: get('task/get_task_parameters', (parameters) => (parameters === null ? failed('Task not found') : done(parameters))),
});

export const getJobIds = operation({
  id: 'task.get_job_ids',
  doc: 'PandaIDs of a task that are not archived.',
  access: { roles: [] },
  lane,
  args: { taskId },
  legacy: {
    methods: ['getPandaIDsWithTaskID'],
    reply: (ids: readonly number[]) => pickleReply([...ids]),
    refuse: () => pickleReply([]),
  },
  v1: get('task/get_job_ids'),
});

export const getTaskDetails = operation({
  id: 'task.get_details',
  doc: 'Datasets, file statistics and jobs of a task.',
  access: anyUser,
  lane,
  args: {
    taskId,
    includeParameters: maybe.bool(true, { legacy: 'fullFlag' }),
    includeStatus: maybe.bool(false, { legacy: 'withTaskInfo' }),
  },
  legacy: legacyPickle('getJediTaskDetails', (details: Fields | null) => (details ?? {}) as PyValue),
  v1: get('task/get_details', (details) => (details === null ? failed('Task not found') : done(details))),
});

export const getTasksModifiedSince = operation({
  id: 'task.get_tasks_modified_since',
  doc: 'Tasks of the caller changed since a time, by request id.',
  access: anyUser,
  lane,
  args: {
    since: required.str({ legacy: 'timeRange' }),
    dn: maybe.str(null, { legacy: 'dn' }),
    full: maybe.bool(false, { legacy: 'fullFlag' }),
    minTaskId: maybe.int(null, { legacy: 'minTaskID' }),
    prodSourceLabel: maybe.str('user', { legacy: 'task_type' }),
  },
  legacy: {
    methods: ['getJediTasksInTimeRange'],
    reply: (tasks: ReadonlyMap<number, Fields>) => pickleReply(tasks as PyValue),
    refuse: ({ reason }) => (reason === 'unauthenticated' ? flagReply(false) : pickleReply({})),
  },
  v1: get('task/get_tasks_modified_since'),
});

export const getTasksDetailedInfoSince = operation({
  id: 'task.get_tasks_detailed_info_since',
  doc: 'Tasks with counts, newest first; own tasks unless filters name a user.',
  access: anyUser,
  lane,
  args: {
    nTasks: maybe.int(1_000, { min: 1, max: 10_000 }),
    since: maybe.str(),
    filters: maybe.json(null, { doc: 'JSON object of attribute to text; texts with ^$*+?\\|() are regular expressions.' }),
  },
  v1: get('task/get_tasks_detailed_info_since', (tasks: readonly Fields[] | null) =>
    tasks === null ? failed('Failed to retrieve task IDs') : done(tasks),
  ),
});

export const getDetailedInfo = operation({
  id: 'task.get_detailed_info',
  doc: 'All attributes and counts of one task.',
  access: anyUser,
  lane,
  args: { taskId },
  v1: get('task/get_detailed_info', (task: Fields | null) => (task === null ? failed('Task not found') : done(task))),
});

/** The parent, or why there is none. */
export type ParentInfo = Fields | 'Child task not found' | 'No parent task found' | 'Parent task not found';

export const getParentDetailedInfo = operation({
  id: 'task.get_parent_detailed_info',
  doc: 'All attributes and counts of the parent of a task.',
  access: anyUser,
  lane,
  args: { taskId },
  v1: get('task/get_parent_detailed_info', (parent: ParentInfo) => (typeof parent === 'string' ? failed(parent) : done(parent))),
});

export const getDatasetsAndFiles = operation({
  id: 'task.get_datasets_and_files',
  doc: 'Datasets of a task with their files.',
  access: anyUser,
  lane,
  args: {
    taskId: required.int({ legacy: 'task_id', min: 1 }),
    datasetTypes: maybe.strs(['input', 'pseudo_input'] as readonly string[], { legacy: 'dataset_types' }),
  },
  legacy: legacyJson('get_files_in_datasets', (datasets: readonly Fields[]) => [true, datasets]),
  v1: get('task/get_datasets_and_files', (datasets: readonly Fields[]) =>
    datasets.length === 0 ? failed('No data found for the task') : done(datasets),
  ),
});

export const getJobDescriptions = operation({
  id: 'task.get_job_descriptions',
  doc: 'Jobs of a task with all attributes.',
  access: anyUser,
  lane,
  args: { taskId, unsuccessfulOnly: maybe.bool(false) },
  v1: get('task/get_job_descriptions', (jobs: readonly Fields[]) => done(jobs)),
});

export const getRetryHistory = operation({
  id: 'task.get_retry_history',
  doc: 'Which jobs replaced which.',
  access: anyUser,
  lane,
  args: { taskId },
  legacy: legacyPickle('getRetryHistory', (history: ReadonlyMap<number, readonly number[]>) => history as PyValue),
  v1: get('task/get_retry_history'),
});

export const whyTask = operation({
  id: 'task.why',
  doc: 'Why the task is where it is: status, waiting reason, the last brokerage verdicts, dialogue and history.',
  access: anyUser,
  lane,
  args: { taskId },
  v1: get('task/why', (explanation: Fields | null) => (explanation === null ? failed('Task not found') : done(explanation))),
});

export const listTasksInShare = operation({
  id: 'task.list_in_share',
  doc: 'Ids of the tasks of a global share in a state.',
  access: anyUser,
  lane,
  args: { gshare: required.str({ legacy: 'gshare' }), status: required.str({ legacy: 'status' }) },
  legacy: legacyPickle('listTasksInShare', (ids: readonly number[]) => new PyTuple(0, [...ids])),
  v1: get('task/list_in_share'),
});

import { type ErrorRow, legacyStatusCodes } from '../error-row.js';

/** Tasks and their commands. */
export const taskErrors = {
  'PANDA-TASK-001': { kind: 'notFound', sentence: 'jediTaskID={jediTaskId} not found', hint: 'Check the number.' },
  'PANDA-TASK-002': {
    kind: 'invalid',
    sentence: 'the task parameters are refused: {reason}',
    hint: 'Correct the named parameter and submit again.',
  },
  'PANDA-TASK-003': {
    kind: 'conflict',
    sentence: 'jediTaskID={jediTaskId} is already queued for outDS={taskName}. You cannot submit duplicated tasks.',
    hint: 'Wait until the queued task has started, or choose another output name.',
  },
  'PANDA-TASK-004': {
    kind: 'conflict',
    sentence: 'Command rejected: the {command} command is not accepted if the task is in {status} status',
    hint: 'The task tells which commands it takes in its status.',
  },
  'PANDA-TASK-005': {
    kind: 'limited',
    sentence: 'Too many active tasks for {user} {active}>{limit}',
    hint: 'Wait until some of them have ended.',
  },
  'PANDA-TASK-006': {
    kind: 'notFound',
    sentence: 'failed to find parent with user="{user}" name={taskName}',
    hint: 'Submit the parent first, or correct its name.',
  },
  'PANDA-TASK-007': {
    kind: 'conflict',
    sentence: 'jediTaskID={jediTaskId} was changed by somebody else',
    hint: 'Look at the task again, then decide.',
  },
  'PANDA-TASK-008': {
    kind: 'invalid',
    sentence: "the attribute {attribute} of a task cannot be changed to '{value}': {reason}",
    hint: 'The API reference lists the attributes that may be changed.',
  },
} as const satisfies Record<string, ErrorRow>;

/** Jobs and what pilots say about them. */
export const jobErrors = {
  'PANDA-JOB-001': { kind: 'notFound', sentence: 'PandaID={pandaId} not found', hint: 'Check the number.' },
  'PANDA-JOB-002': {
    kind: 'notFound',
    sentence: 'no jobs in PanDA',
    hint: 'Ask again later.',
    http: 200,
    legacy: legacyStatusCodes.noJobs,
  },
  'PANDA-JOB-003': {
    kind: 'invalid',
    sentence: "'{state}' is no state that a pilot may report",
    hint: 'Report one of the states of the pilot protocol. Nothing was stored; classic pilots are answered with success, as ever.',
    legacy: legacyStatusCodes.success,
  },
  'PANDA-JOB-004': {
    kind: 'invalid',
    sentence: 'the job specification is refused: {reason}',
    hint: 'Correct the named attribute and submit again.',
  },
  'PANDA-JOB-005': {
    kind: 'conflict',
    sentence: 'job {pandaId} is not stored: input file {lfn} is {found}, not {expected}',
    hint: 'Another job has the file; the generator takes it again when it is free.',
  },
  'PANDA-JOB-006': {
    kind: 'limited',
    sentence: 'You already hit the maximum number of debug subjobs: {limit}',
    hint: 'Switch debug mode off for another job first.',
  },
} as const satisfies Record<string, ErrorRow>;

/** Workers and the harvesters that submit them. */
export const workerErrors = {
  'PANDA-HARV-001': {
    kind: 'notFound',
    sentence: 'harvester {harvesterId} is not registered',
    hint: 'It registers itself with its first heartbeat.',
  },
  'PANDA-HARV-002': {
    kind: 'invalid',
    sentence: "worker {workerId} has the unknown status '{status}'",
    hint: 'Report one of the statuses of the harvester protocol.',
  },
} as const satisfies Record<string, ErrorRow>;

/** Workflows. */
export const workflowErrors = {
  'PANDA-WF-001': { kind: 'notFound', sentence: 'request {requestId} not found', hint: 'Check the number.' },
  'PANDA-WF-002': {
    kind: 'invalid',
    sentence: 'the workflow is refused at {step}: {reason}',
    hint: 'Correct the description; pchain --check shows all problems.',
  },
} as const satisfies Record<string, ErrorRow>;

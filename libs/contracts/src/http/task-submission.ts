import { PyTuple } from '../wire/pickle/values.js';
import { anyUser } from './access.js';
import { maybe, required } from './argument.js';
import { type Coded, post } from './forms.js';
import { operation } from './operation.js';
import { pickleReply, type Reply } from './reply.js';

/** Codes of a submission. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f (insertTaskParamsPanda). */
export const submissionCodes = {
  stored: 0,
  alreadyQueued: 1,
  stillActive: 2,
  incremental: 3,
  failed: 4,
  parametersUpdated: 5,
  tooManyActive: 10,
  parentNotFound: 11,
} as const;

export interface Submission extends Coded {
  /** The new or re-activated task; absent when nothing was stored. */
  readonly taskId: number | null;
}

const ACCEPTED: readonly number[] = [submissionCodes.stored, submissionCodes.incremental];

/** With `properErrorCode` the code, else whether it was stored and then the id in place of the message. */
function classic(submission: Submission, properErrorCode: boolean): Reply {
  if (properErrorCode) return pickleReply(new PyTuple(submission.code, submission.message));
  const accepted = ACCEPTED.includes(submission.code);
  return pickleReply(new PyTuple(accepted, accepted ? submission.taskId : submission.message));
}

export const submitTask = operation({
  id: 'task.submit',
  doc: 'Submit a task; the parameter map is client-api part C.',
  access: anyUser,
  lane: 'submission',
  args: {
    taskParameters: required.json({ legacy: 'taskParams', doc: 'The parameter map, or JSON text of it.' }),
    parentTid: maybe.int(null, { legacy: 'parent_tid', min: 1, doc: 'jediTaskID of the parent.' }),
    properErrorCode: maybe.bool(false, { legacy: 'properErrorCode' }),
  },
  legacy: {
    methods: ['insertTaskParams'],
    reply: (result: Submission, args) => classic(result, args.properErrorCode),
    refuse: (refusal, args) => {
      const message = refusal.reason === 'unauthenticated' ? 'secure connection is required' : refusal.message;
      return pickleReply(new PyTuple(args.properErrorCode ? submissionCodes.failed : false, message));
    },
  },
  v1: post('task/submit', (result: Submission) => {
    const accepted = ACCEPTED.includes(result.code);
    return { success: accepted, message: result.message, data: accepted ? result.taskId : result.code };
  }),
});

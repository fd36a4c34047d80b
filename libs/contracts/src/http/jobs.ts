import { jobInstance } from '../wire/job-pickle.js';
import type { JobRecord } from '../wire/job-record.js';
import { PyTuple } from '../wire/pickle/values.js';
import { anyUser, perObject } from './access.js';
import { maybe, required } from './argument.js';
import { get, legacyJson, legacyPickle, legacyPilot, legacyText, post, statusCodes } from './forms.js';
import { type Operation, operation } from './operation.js';
import { type Asker, done, failed, flagReply, jsonReply, pickleReply, type Reply, textReply } from './reply.js';
import type { Fields } from './task-queries.js';

const taskId = required.int({ legacy: 'jediTaskID', min: 1 });

/** One answer per asked id, in order; null for an unknown one. */
export type JobRecords = readonly (JobRecord | null)[];

function jobFields(job: JobRecord | null): Fields | null {
  return job && { ...job.attributes, Files: job.files };
}

/** Pickled records; callers that accept JSON get attribute dictionaries (pilot and Harvester use). */
function classicJobs(jobs: JobRecords, asker: Asker): Reply {
  if (asker.wantsJson) return jsonReply(jobs.map((job) => job && { ...job.attributes }));
  return pickleReply(jobs.map((job) => job && jobInstance(job)));
}

/** Most ids of one request; the rest is ignored as upstream does. */
export const JOB_IDS_MAX = 5_500;

function describe(id: string, method: string, path: string, access: Operation['access'], doc: string) {
  return operation({
    id,
    doc,
    access,
    lane: 'query',
    args: { jobIds: required.ints({ legacy: 'ids', doc: 'Classic: a pickled list.' }) },
    legacy: {
      methods: [method],
      reply: (jobs: JobRecords, _: unknown, asker: Asker) => classicJobs(jobs, asker),
      refuse: ({ reason, message }) => (reason === 'unauthenticated' ? flagReply(false) : textReply(`ERROR : ${message}`)),
    },
    v1: post(path, (jobs: JobRecords) => done(jobs.map(jobFields))),
  });
}

export const getJobDescription = describe(
  'job.get_description',
  'getJobStatus',
  'job/get_description',
  { roles: [] },
  'Jobs that are not archived.',
);
export const getFullJobStatus = describe(
  'job.get_description_incl_archive',
  'getFullJobStatus',
  'job/get_description_incl_archive',
  anyUser,
  'Jobs, archived ones included.',
);

/** PandaID, jobDefinitionID and what the client calls the job set. */
export interface SubmittedJob {
  readonly pandaId: number;
  readonly jobDefinitionId: number;
  readonly jobsetId: number | null;
  readonly jobName: string;
}

/** Most jobs of one request; the rest is ignored as upstream does. */
export const SUBMITTED_JOBS_MAX = 5_000;

export const submitJobs = operation({
  id: 'job.submit',
  doc: 'Submit ready-made jobs that belong to no task.',
  access: anyUser,
  lane: 'submission',
  args: { jobs: required.str({ legacy: 'jobs', doc: 'Classic: a pickled list of job records; v1: JSON text of state lists.' }) },
  legacy: {
    methods: ['submitJobs'],
    reply: (jobs: readonly SubmittedJob[]) =>
      pickleReply(
        jobs.map(
          (job) =>
            new PyTuple(job.pandaId, job.jobDefinitionId, job.jobsetId === null ? job.jobName : { jobsetID: job.jobsetId }),
        ),
      ),
    refuse: ({ reason, message }) => (reason === 'unauthenticated' ? flagReply(false) : textReply(`ERROR: ${message}`)),
  },
  v1: post('job/submit', (jobs) =>
    jobs.length === 0
      ? failed('No jobs were submitted')
      : done(jobs.map((job) => [job.pandaId, job.jobDefinitionId, { jobsetID: job.jobsetId }])),
  ),
});

export const killJobs = operation({
  id: 'job.kill',
  doc: 'Kill jobs; each is judged by its owner and the kill code.',
  access: perObject,
  lane: 'submission',
  args: {
    jobIds: required.ints({ legacy: 'ids' }),
    code: maybe.int(null, { legacy: 'code' }),
    useEmailAsId: maybe.bool(false, { legacy: 'useMailAsID' }),
    killOptions: maybe.strs([] as readonly string[], { legacy: 'killOpts' }),
  },
  legacy: legacyPickle('killJobs', (killed: readonly boolean[]) => [...killed]),
  v1: post('job/kill'),
});

/** The text the client shows; `Succeeded` alone means success. */
const SUCCEEDED = 'Succeeded';

export const setDebugMode = operation({
  id: 'job.set_debug_mode',
  doc: 'Let the pilot of a job report every minute, with the end of its output.',
  access: perObject,
  lane: 'submission',
  args: { jobId: required.int({ legacy: 'pandaID', min: 1 }), mode: required.bool({ legacy: 'modeOn' }) },
  legacy: {
    ...legacyText('setDebugMode', (text: string) => text),
    refuse: ({ reason, message }) =>
      textReply(reason === 'unauthenticated' ? 'ERROR: SSL connection is required' : `ERROR : ${message}`),
  },
  v1: post('job/set_debug_mode', (text: string) => ({ success: text === SUCCEEDED, message: text, data: null })),
});

export const setJobCommand = operation({
  id: 'job.set_command',
  doc: 'A command for the pilot, delivered with the answer to its next update.',
  access: { roles: ['production', 'admin'] },
  lane: 'submission',
  args: { jobId: required.int({ legacy: 'panda_id', min: 1 }), command: required.str({ legacy: 'com' }) },
  legacy: legacyJson('send_command_to_job', (answer: readonly [boolean, string]) => answer),
  v1: post('job/set_command', ([success, message]: readonly [boolean, string]) => ({ success, message, data: null })),
});

/** What Harvester polls for pilots it does not speak for. */
export interface CheckedJob {
  readonly status: string;
  readonly command: string | null;
}

export const checkJobStatus = operation({
  id: 'job.get_status',
  doc: 'Status and waiting command of jobs; unknown and long archived ones are to be killed.',
  access: anyUser,
  lane: 'heartbeat',
  ignoreUnknown: true,
  args: { jobIds: required.ints({ legacy: 'ids' }) },
  legacy: legacyPilot('checkJobStatus', (jobs: readonly CheckedJob[]) => ({ StatusCode: statusCodes.success, data: jobs })),
  v1: get('job/get_status'),
});

export const getJobMetadata = operation({
  id: 'job.get_metadata_for_analysis_jobs',
  doc: 'Metadata reports of the finished user jobs of a task.',
  access: anyUser,
  lane: 'query',
  args: { taskId },
  legacy: legacyJson('getUserJobMetadata', (metadata: Fields) => metadata),
  v1: get('job/get_metadata_for_analysis_jobs', (metadata: Fields) =>
    done(metadata, Object.keys(metadata).length === 0 ? 'No metadata found' : ''),
  ),
});

export const whyJob = operation({
  id: 'job.why',
  doc: 'Why the job is where it is: status, what it waits for, errors with their meaning, history.',
  access: anyUser,
  lane: 'query',
  args: { jobId: required.int({ min: 1 }) },
  v1: get('job/why', (explanation: Fields | null) => (explanation === null ? failed('Job not found') : done(explanation))),
});

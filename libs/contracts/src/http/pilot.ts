import { anyone, perObject, pilots } from './access.js';
import { maybe, required, type Scalar } from './argument.js';
import { get, legacyPair, legacyPilot, post, statusCodes } from './forms.js';
import { jobUpdateArguments } from './job-update.js';
import { operation } from './operation.js';
import { done, failed } from './reply.js';
import type { Fields } from './task-queries.js';

/** The job dictionary of pilot-api §3, as pilots read it. */
export type JobDictionary = Fields;

/** Source: reliability §7.1; panda-server:pandaserver/api/v1/pilot_api.py@9cc3603. */
export const JOBS_PER_CALL_MAX = 500;

export const acquireJobs = operation({
  id: 'pilot.acquire_jobs',
  doc: 'Hand out jobs of a queue: the share furthest below its target first, then priority.',
  access: perObject,
  lane: 'dispatch',
  ignoreUnknown: true,
  args: {
    siteName: required.str({ legacy: 'siteName', doc: 'Panda queue or resource.' }),
    computingElement: maybe.str(null, { legacy: 'computingElement' }),
    prodSourceLabel: maybe.str(null, { legacy: 'prodSourceLabel' }),
    diskSpace: maybe.loose<0>(0, { legacy: 'diskSpace', doc: 'MB.' }),
    memory: maybe.loose<0>(0, { legacy: 'mem', doc: 'MB.' }),
    node: maybe.str(null, { legacy: 'node' }),
    jobType: maybe.str(null, { legacy: 'jobType' }),
    resourceType: maybe.str(null, { legacy: 'resourceType' }),
    prodUserId: maybe.str(null, { legacy: 'prodUserID' }),
    workingGroup: maybe.str(null, { legacy: 'workingGroup' }),
    taskId: maybe.loose(null, { legacy: 'taskID' }),
    nJobs: maybe.loose(null, { legacy: 'nJobs' }),
    background: maybe.loose(false as const, { legacy: 'background' }),
    harvesterId: maybe.str(null, { legacy: 'harvester_id' }),
    workerId: maybe.loose(null, { legacy: 'worker_id' }),
    schedulerId: maybe.str(null, { legacy: 'schedulerID' }),
    remainingTime: maybe.loose<0>(0, { legacy: 'remaining_time', doc: 'Seconds the worker still has.' }),
    timeout: maybe.loose<60>(60, { legacy: 'timeout' }),
    getProxyKey: maybe.loose(false as const, { legacy: 'getProxyKey' }),
    viaTopic: maybe.loose(false as const, { legacy: 'viaTopic' }),
  },
  legacy: legacyPilot('getJob', (jobs: readonly JobDictionary[], args: { nJobs: Scalar | null }) => {
    if (jobs.length === 0) return { StatusCode: statusCodes.noJobs, errorDialog: 'no jobs in PanDA' };
    return args.nJobs === null ? { StatusCode: statusCodes.success, ...jobs[0] } : { StatusCode: statusCodes.success, jobs };
  }),
  v1: post('pilot/acquire_jobs', (jobs: readonly JobDictionary[]) =>
    jobs.length === 0 ? failed('No jobs in PanDA') : done({ StatusCode: statusCodes.success, jobs }),
  ),
});

/** What a pilot is told; `command` null stands for none. */
export interface UpdateAnswer {
  readonly statusCode: number;
  readonly command: string | null;
  readonly message?: string;
  readonly pilotSecrets?: Fields;
}

/** In the classic dialect `command` must be text: pilots look for a blank inside it. */
function classicAnswer({ statusCode, command, message, pilotSecrets }: UpdateAnswer): Fields {
  return {
    StatusCode: statusCode,
    command: command ?? 'NULL',
    ...(message === undefined ? {} : { errorDialog: message }),
    ...(pilotSecrets === undefined ? {} : { pilotSecrets }),
  };
}

function v1Answer({ statusCode, command, message, pilotSecrets }: UpdateAnswer) {
  const data = { StatusCode: statusCode, command, ...(pilotSecrets === undefined ? {} : { pilotSecrets }) };
  return statusCode === statusCodes.success ? done(data) : failed(message ?? '', data);
}

export const updateJob = operation({
  id: 'pilot.update_job',
  doc: 'What a pilot reports about its job: heartbeat or final report.',
  access: perObject,
  lane: 'heartbeat',
  ignoreUnknown: true,
  bodyMax: 8 * 1024 * 1024,
  args: jobUpdateArguments,
  legacy: legacyPilot('updateJob', classicAnswer),
  v1: post('pilot/update_job', v1Answer),
});

export const updateJobsInBulk = operation({
  id: 'pilot.update_jobs_bulk',
  doc: 'Reports of many jobs in one call; each is applied for itself, and the answers keep the order.',
  access: perObject,
  lane: 'heartbeat',
  ignoreUnknown: true,
  bodyMax: 64 * 1024 * 1024,
  args: {
    jobList: required.json({ legacy: 'jobList' }),
    harvesterId: maybe.str(null, { legacy: 'harvester_id' }),
  },
  legacy: legacyPair('updateJobsInBulk', (answers: readonly UpdateAnswer[]) => [
    true,
    answers.map((answer) => ({ type: 'json', content: JSON.stringify(classicAnswer(answer)) })),
  ]),
  v1: post('pilot/update_jobs_bulk', (answers: readonly UpdateAnswer[]) => done(answers.map(v1Answer))),
});

/** Status and attempt of a job; null for an unknown one. */
export interface KnownJob {
  readonly jobId: number;
  readonly status: string | null;
  readonly attemptNr: number;
}

export const getJobStatuses = operation({
  id: 'pilot.get_job_status',
  doc: 'Status and attempt number of jobs.',
  access: { roles: ['user'] },
  lane: 'heartbeat',
  ignoreUnknown: true,
  args: { jobIds: required.ints({ legacy: 'ids' }) },
  legacy: legacyPilot('getStatus', (jobs: readonly KnownJob[]) => ({
    StatusCode: statusCodes.success,
    status: jobs.map((job) => job.status ?? 'notfound').join('+'),
    attemptNr: jobs.map((job) => job.attemptNr).join('+'),
  })),
  v1: get('pilot/get_job_status', (jobs: readonly KnownJob[]) =>
    done(jobs.map((job) => ({ job_id: job.jobId, status: job.status ?? 'not found', attempt_number: job.attemptNr }))),
  ),
});

export const updateWorkerStatus = operation({
  id: 'pilot.update_worker_status',
  doc: 'A pilot says that it started or finished, for the worker that holds it.',
  access: pilots,
  lane: 'heartbeat',
  ignoreUnknown: true,
  args: {
    workerId: required.loose({ legacy: 'workerID' }),
    harvesterId: required.str({ legacy: 'harvesterID' }),
    status: required.str({ legacy: 'status' }),
    nodeId: maybe.str(null, { legacy: 'node_id' }),
    site: maybe.str(null, { legacy: 'site' }),
  },
  legacy: legacyPilot('updateWorkerPilotStatus', (known: boolean) => ({
    StatusCode: known ? statusCodes.success : statusCodes.failed,
    ...(known ? {} : { errorDialog: 'the worker is unknown' }),
  })),
  v1: post('pilot/update_worker_status', (known: boolean) => (known ? done() : failed('the worker is unknown'))),
});

export const updateWorkerNode = operation({
  id: 'pilot.update_worker_node',
  doc: 'The machine a pilot runs on.',
  access: pilots,
  lane: 'query',
  ignoreUnknown: true,
  args: {
    site: required.str(),
    hostName: required.str(),
    cpuModel: required.str(),
    pandaQueue: maybe.str(),
    nLogicalCpus: maybe.loose(),
    nSockets: maybe.loose(),
    coresPerSocket: maybe.loose(),
    threadsPerCore: maybe.loose(),
    cpuArchitecture: maybe.str(),
    cpuArchitectureLevel: maybe.str(),
    clockSpeed: maybe.loose(),
    totalMemory: maybe.loose(),
    totalLocalDisk: maybe.loose(),
  },
  v1: post('pilot/update_worker_node', () => done()),
});

export const updateWorkerNodeGpu = operation({
  id: 'pilot.update_worker_node_gpu',
  doc: 'The accelerators of the machine a pilot runs on.',
  access: pilots,
  lane: 'query',
  ignoreUnknown: true,
  args: {
    site: required.str(),
    hostName: required.str(),
    vendor: required.str(),
    model: required.str(),
    count: required.int({ min: 0, max: 1_000 }),
    vram: maybe.loose(),
    architecture: maybe.str(),
    framework: maybe.str(),
    frameworkVersion: maybe.str(),
    driverVersion: maybe.str(),
  },
  v1: post('pilot/update_worker_node_gpu', () => done()),
});

export const getResourceTypes = operation({
  id: 'metaconfig.get_resource_types',
  doc: 'Resource types with their limits on cores and memory.',
  access: anyone,
  lane: 'query',
  ignoreUnknown: true,
  args: {},
  legacy: legacyPilot('getResourceTypes', (types: readonly Fields[]) => ({
    StatusCode: statusCodes.success,
    ResourceTypes: types,
  })),
  v1: get('metaconfig/get_resource_types'),
});

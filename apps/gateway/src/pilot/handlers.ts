import { AcquireJobs } from './acquire-jobs.handler.js';
import { GetJobStatuses } from './get-job-statuses.handler.js';
import { UpdateJob } from './update-job.handler.js';
import { UpdateJobsInBulk } from './update-jobs-in-bulk.handler.js';
import { UpdateWorkerNode } from './update-worker-node.handler.js';
import { UpdateWorkerNodeGpu } from './update-worker-node-gpu.handler.js';
import { UpdateWorkerStatus } from './update-worker-status.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const pilotHandlers = [
  AcquireJobs,
  GetJobStatuses,
  UpdateJob,
  UpdateJobsInBulk,
  UpdateWorkerNode,
  UpdateWorkerNodeGpu,
  UpdateWorkerStatus,
];

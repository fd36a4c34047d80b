import { CheckJobStatus } from './check-job-status.handler.js';
import { GetFullJobStatus } from './get-full-job-status.handler.js';
import { GetJobDescription } from './get-job-description.handler.js';
import { GetJobMetadata } from './get-job-metadata.handler.js';
import { KillJobs } from './kill-jobs.handler.js';
import { SetDebugMode } from './set-debug-mode.handler.js';
import { SetJobCommand } from './set-job-command.handler.js';
import { SubmitJobs } from './submit-jobs.handler.js';
import { WhyJob } from './why-job.handler.js';

/** Operations of this group: an operation without a handler here does not start. */
export const jobHandlers = [
  CheckJobStatus,
  GetFullJobStatus,
  GetJobDescription,
  GetJobMetadata,
  KillJobs,
  SetDebugMode,
  SetJobCommand,
  SubmitJobs,
  WhyJob,
];

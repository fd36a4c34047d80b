import { allBut } from '../machine/machine.js';
import { type JobStatus, jobMachine } from './job.machine.js';

/** Final: nothing leaves these. */
export const finalJobStatuses: readonly JobStatus[] = jobMachine.final;

/** Not final. */
export const liveJobStatuses: readonly JobStatus[] = allBut(jobMachine.states, jobMachine.final);

/** Classic home tables: the views `jobswaiting4`, `jobsdefined4`, `jobsactive4`, `jobsarchived4` show exactly these. */
export const jobsWaiting4Statuses = ['waiting', 'pending'] as const satisfies readonly JobStatus[];
export const jobsDefined4Statuses = ['defined', 'assigned'] as const satisfies readonly JobStatus[];
export const jobsActive4Statuses: readonly JobStatus[] = allBut(liveJobStatuses, [
  ...jobsWaiting4Statuses,
  ...jobsDefined4Statuses,
]);
export const jobsArchived4Statuses: readonly JobStatus[] = finalJobStatuses;

/** Made, but no pilot or harvester has them. */
export const queuedJobStatuses = [
  'waiting',
  'pending',
  'defined',
  'assigned',
  'activated',
  'throttled',
] as const satisfies readonly JobStatus[];

/** A pilot or harvester has them; a heartbeat or the hand-out limit watches over them. */
export const dispatchedJobStatuses = [
  'sent',
  'starting',
  'running',
  'stagein',
  'stageout',
] as const satisfies readonly JobStatus[];

/** The pilot must report periodically. */
export const heartbeatJobStatuses = ['starting', 'running', 'stagein', 'stageout'] as const satisfies readonly JobStatus[];

/** Resources are released; the output is being settled. */
export const settlingJobStatuses = ['holding', 'transferring', 'merging'] as const satisfies readonly JobStatus[];

/** Global shares count these as executing. panda-server:pandaserver/taskbuffer/GlobalShares.py@34d4b8f3. */
export const executingJobStatuses = ['sent', 'running'] as const satisfies readonly JobStatus[];

/** Ended without result: the input may be tried again. */
export const unsuccessfulJobStatuses = ['failed', 'closed', 'cancelled'] as const satisfies readonly JobStatus[];

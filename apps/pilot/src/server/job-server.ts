import type { Fields, JobReply, UpdateReply } from './panda-server.js';

/** Whoever gives a pilot its jobs and takes its reports: the PanDA server, or files when the pilot may not talk to it. */
export interface JobServer {
  /** Asks for one job. Throws NoAnswer. */
  getJob(request: Fields, signal?: AbortSignal): Promise<JobReply>;
  /** Reports on a job. Throws NoAnswer; a StatusCode other than 0 is returned. */
  updateJob(fields: Fields, signal?: AbortSignal): Promise<UpdateReply>;
  updateWorkerStatus(fields: Fields): Promise<void>;
}

import { renameSync, writeFileSync } from 'node:fs';
import type { JobServer } from '../server/job-server.js';
import { type Fields, type JobReply, statusCodes, type UpdateReply } from '../server/panda-server.js';
import type { AccessPoint } from './access-point.js';

const TAKEN: UpdateReply = { statusCode: statusCodes.success, command: undefined };

/** `-z`: no word to the server. The last update of a job lies in a file for whoever looks. Spec: Pilot › server updates off. */
export class HeartbeatFile implements JobServer {
  constructor(private readonly path: string) {}

  async getJob(): Promise<JobReply> {
    return { kind: 'none', statusCode: statusCodes.noJobs, reason: 'server updates are off: jobs come as files' };
  }

  async updateJob(fields: Fields): Promise<UpdateReply> {
    writeFileSync(`${this.path}.part`, JSON.stringify(fields));
    renameSync(`${this.path}.part`, this.path);
    return TAKEN;
  }

  async updateWorkerStatus(): Promise<void> {
    // Harvester sees its worker itself.
  }
}

/** Harvester mode: jobs are asked for in the access point, and every update is a work report there too. */
export class ReportingServer implements JobServer {
  constructor(
    private readonly server: JobServer,
    private readonly access: AccessPoint,
  ) {}

  /** The job itself comes as a file, which the job source looks for. */
  async getJob(): Promise<JobReply> {
    this.access.requestJobs();
    return { kind: 'none', statusCode: statusCodes.noJobs, reason: 'a job was asked of Harvester' };
  }

  updateJob(fields: Fields, signal?: AbortSignal): Promise<UpdateReply> {
    this.access.publishAttributes(fields);
    return this.server.updateJob(fields, signal);
  }

  updateWorkerStatus(fields: Fields): Promise<void> {
    return this.server.updateWorkerStatus(fields);
  }
}

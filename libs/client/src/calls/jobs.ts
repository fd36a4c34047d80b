import { type ExplanationReply, explainRoutes } from '@panda/contracts';
import type { Connection } from '../connection.js';
import { dataOf } from '../envelope.js';
import { asFields, asList, type Fields } from './shape.js';

/** Longest string a pilot takes as a command. Feature API-client-29. */
export const JOB_COMMAND_MAX = 250;

/** Module `job` of API v1. panda-server:pandaserver/api/v1/job_api.py@9cc3603 */
export class JobCalls {
  constructor(private readonly connection: Connection) {}

  /** Descriptions in the order of the ids, null where there is no such job. `archive`: also jobs that ended long ago. */
  async describe(pandaIds: readonly number[], archive = true): Promise<(Fields | null)[]> {
    const path = archive ? 'job/get_description_incl_archive' : 'job/get_description';
    const data = dataOf(await this.connection.post(path, { job_ids: pandaIds }, true), path);
    return asList(data, path).map((job) => (job === null ? null : asFields(job, path)));
  }

  /** One answer per id: true where the kill was taken. */
  async kill(pandaIds: readonly number[], options: { code?: number; killOptions?: string[] } = {}): Promise<boolean[]> {
    const { code, killOptions } = options;
    const args = {
      job_ids: pandaIds,
      ...(code === undefined ? {} : { code }),
      ...(killOptions === undefined ? {} : { kill_options: killOptions }),
    };
    const data = dataOf(await this.connection.post('job/kill', args, true), 'job/kill');
    // Servers answer one boolean, or one [boolean, message] pair, per job.
    return asList(data, 'job/kill').map((taken) => (Array.isArray(taken) ? taken[0] === true : taken === true));
  }

  async setDebugMode(pandaId: number, on: boolean): Promise<string> {
    const envelope = await this.connection.post('job/set_debug_mode', { job_id: pandaId, mode: on }, true);
    dataOf(envelope, 'job/set_debug_mode');
    return envelope.message;
  }

  /** A text for the pilot of a running job, delivered with its next heartbeat; at most {@link JOB_COMMAND_MAX} characters. */
  async sendCommand(pandaId: number, command: string): Promise<string> {
    const envelope = await this.connection.post('job/set_command', { job_id: pandaId, command }, true);
    dataOf(envelope, 'job/set_command');
    return envelope.message;
  }

  /** `userJobMetadata.json` of the finished jobs of a task, by PandaID; empty when no job wrote one. */
  async userMetadata(jediTaskId: number): Promise<Fields> {
    const path = 'job/get_metadata_for_analysis_jobs';
    const envelope = await this.connection.get(path, { task_id: jediTaskId });
    return asFields(dataOf(envelope, path) ?? {}, path);
  }

  async why(pandaId: number): Promise<ExplanationReply> {
    const envelope = await this.connection.get(explainRoutes.job.path, { job_id: pandaId });
    return asFields(dataOf(envelope, explainRoutes.job.path), explainRoutes.job.path) as unknown as ExplanationReply;
  }
}

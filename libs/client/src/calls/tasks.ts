import { type ExplanationReply, explainRoutes } from '@panda/contracts';
import type { Connection } from '../connection.js';
import { dataOf } from '../envelope.js';
import { ClientError } from '../errors.js';
import { type CommandResult, commandCodes, commandResult } from './command.js';
import { asFields, asInteger, asList, asText, type Fields } from './shape.js';

/** A task's attributes as the server spells them (`jediTaskID`, `taskName`, …). Client API B.5. */
export type TaskRecord = Fields & { readonly jediTaskID: number; readonly status: string };

export interface TaskFilters {
  readonly [attribute: string]: string;
}

export interface SubmittedTask {
  readonly jediTaskId: number;
  readonly message: string;
}

/** Module `task` of API v1. panda-server:pandaserver/api/v1/task_api.py@9cc3603 */
export class TaskCalls {
  constructor(private readonly connection: Connection) {}

  /** Stores a task, or re-activates the finished one of the same name (incremental execution). */
  async submit(parameters: Fields, parentTaskId?: number): Promise<SubmittedTask> {
    const args = { task_parameters: parameters, parent_tid: parentTaskId ?? null };
    const envelope = await this.connection.post('task/submit', args);
    const data = dataOf(envelope, 'task/submit');
    // Both eras write the number into the sentence; the data is the number only where the server is new enough.
    const inMessage = /jediTaskID=(\d+)/.exec(envelope.message)?.[1];
    const jediTaskId = inMessage === undefined ? asInteger(data, 'task/submit') : Number(inMessage);
    return { jediTaskId, message: envelope.message };
  }

  /** With new parameters the server answers that the task was re-activated, or that its parameters were set. */
  async retry(jediTaskId: number, newParameters: Fields = {}, options: { noChildRetry?: boolean } = {}): Promise<CommandResult> {
    const changed = Object.keys(newParameters).length > 0;
    const { registered, reactivated, parametersSet } = commandCodes;
    return this.ofKnownTask(jediTaskId, async () => {
      const envelope = await this.connection.post('task/retry', {
        task_id: jediTaskId,
        ...(changed ? { new_parameters: newParameters } : {}),
        ...(options.noChildRetry ? { no_child_retry: true } : {}),
      });
      return commandResult(envelope, 'task/retry', changed ? [registered, reactivated, parametersSet] : [registered]);
    });
  }

  kill(jediTaskId: number): Promise<CommandResult> {
    return this.command('kill', jediTaskId);
  }

  /** `soft` lets running jobs end by themselves. */
  finish(jediTaskId: number, soft = false): Promise<CommandResult> {
    return this.command('finish', jediTaskId, soft ? { soft: true } : {});
  }

  pause(jediTaskId: number): Promise<CommandResult> {
    return this.command('pause', jediTaskId);
  }

  resume(jediTaskId: number): Promise<CommandResult> {
    return this.command('resume', jediTaskId);
  }

  reactivate(jediTaskId: number): Promise<CommandResult> {
    return this.command('reactivate', jediTaskId);
  }

  /** Skips the rest of the scout phase. */
  avalanche(jediTaskId: number): Promise<CommandResult> {
    return this.command('avalanche', jediTaskId);
  }

  reloadInput(jediTaskId: number): Promise<CommandResult> {
    return this.command('reload_input', jediTaskId);
  }

  increaseAttempts(jediTaskId: number, increase: number): Promise<CommandResult> {
    return this.command('increase_attempts', jediTaskId, { increase });
  }

  changePriority(jediTaskId: number, priority: number): Promise<CommandResult> {
    return this.command('change_priority', jediTaskId, { priority });
  }

  async status(jediTaskId: number): Promise<string> {
    return asText(await this.read('get_status', { task_id: jediTaskId }), 'task/get_status');
  }

  async parameters(jediTaskId: number): Promise<Fields> {
    return asFields(await this.read('get_task_parameters', { task_id: jediTaskId }), 'task/get_task_parameters');
  }

  /** One task with its counters. */
  async info(jediTaskId: number): Promise<TaskRecord> {
    return asTask(await this.read('get_detailed_info', { task_id: jediTaskId }), 'task/get_detailed_info');
  }

  /** Datasets, statistics by status and PandaIDs. */
  async details(jediTaskId: number, withParameters = false): Promise<Fields> {
    const query = { task_id: jediTaskId, include_parameters: python(withParameters), include_status: python(true) };
    return asFields(await this.read('get_details', query), 'task/get_details');
  }

  /** The caller's tasks, newest first. `since` is UTC; filters are equal-to, or regular expressions. Client API B.4, B.5. */
  async list(query: { limit: number; since?: Date; filters?: TaskFilters }): Promise<TaskRecord[]> {
    const { limit, since, filters } = query;
    const data = await this.read('get_tasks_detailed_info_since', {
      n_tasks: limit,
      since: since === undefined ? undefined : utcText(since),
      filters: filters === undefined || Object.keys(filters).length === 0 ? undefined : JSON.stringify(filters),
    });
    return asList(data, 'task/get_tasks_detailed_info_since').map((task) => asTask(task, 'task/get_tasks_detailed_info_since'));
  }

  async jobIds(jediTaskId: number): Promise<number[]> {
    const ids = asList(await this.read('get_job_ids', { task_id: jediTaskId }), 'task/get_job_ids');
    return ids.map((id) => asInteger(id, 'task/get_job_ids'));
  }

  async jobDescriptions(jediTaskId: number, unsuccessfulOnly = false): Promise<Fields[]> {
    const query = { task_id: jediTaskId, unsuccessful_only: python(unsuccessfulOnly) };
    const jobs = asList(await this.read('get_job_descriptions', query), 'task/get_job_descriptions');
    return jobs.map((job) => asFields(job, 'task/get_job_descriptions'));
  }

  async datasetsAndFiles(jediTaskId: number, types: readonly string[] = ['input', 'pseudo_input']): Promise<Fields[]> {
    const query = { task_id: jediTaskId, dataset_types: types };
    const datasets = asList(await this.read('get_datasets_and_files', query), 'task/get_datasets_and_files');
    return datasets.map((dataset) => asFields(dataset, 'task/get_datasets_and_files'));
  }

  /** Why the task is where it is, and what would move it on. */
  async why(jediTaskId: number): Promise<ExplanationReply> {
    const envelope = await this.connection.get(explainRoutes.task.path, { task_id: jediTaskId });
    return asFields(dataOf(envelope, explainRoutes.task.path), explainRoutes.task.path) as unknown as ExplanationReply;
  }

  /** The log tarball names and lost-file recovery of the classic API. */
  async recoverLostFiles(jediTaskId: number, dryRun = false): Promise<Fields> {
    const path = 'file_server/upload_file_recovery_request';
    return asFields(dataOf(await this.connection.post(path, { task_id: jediTaskId, dry_run: dryRun }), path), path);
  }

  private async read(method: string, query: Fields): Promise<unknown> {
    return dataOf(await this.connection.get(`task/${method}`, query), `task/${method}`);
  }

  /** A repeated command replaces the pending one of the same task, hence a lost answer may be asked for again. */
  private command(method: string, jediTaskId: number, args: Fields = {}): Promise<CommandResult> {
    const path = `task/${method}`;
    return this.ofKnownTask(jediTaskId, async () =>
      commandResult(await this.connection.post(path, { task_id: jediTaskId, ...args }, true), path),
    );
  }

  /**
   * API v1 refuses a task that does not exist in the words it has for somebody else's (client API B.1, 7): a second question
   * tells the two apart, and throws what is true.
   */
  private async ofKnownTask(jediTaskId: number, order: () => Promise<CommandResult>): Promise<CommandResult> {
    try {
      return await order();
    } catch (refused) {
      if (!(refused instanceof ClientError && refused.kind === 'forbidden')) throw refused;
      const known = await this.status(jediTaskId).catch((error: unknown) => error);
      // An HTTP 404 says something about the server, not about the task.
      const told = known instanceof ClientError && known.kind === 'notFound' && known.facts.status === undefined;
      if (!told) throw refused;
      throw new ClientError('PANDA-CLIENT-008', `jediTaskID=${jediTaskId} not found`, { facts: refused.facts, cause: refused });
    }
  }
}

/** Python's spelling, which both eras of servers cast. Client API §0 (10). */
function python(value: boolean): string {
  return value ? 'True' : 'False';
}

/** `YYYY-MM-DD hh:mm:ss`, the server's format of UTC times in queries. */
export function utcText(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

function asTask(value: unknown, about: string): TaskRecord {
  const fields = asFields(value, about);
  return { ...fields, jediTaskID: asInteger(fields.jediTaskID, about), status: asText(fields.status, about) };
}

import { Injectable } from '@nestjs/common';
import { Database, type Session } from '../kernel/database.js';
import * as sql from '../statements/task-queries.js';
import { readVerdicts } from '../statements/verdicts.js';

/** Dataset types that are input of a task. */
const INPUT_TYPES = ['input', 'pseudo_input'];
/** Verdicts and history lines that an explanation shows. */
const EXPLAINED_MAX = 20;

/** What users and monitors ask about tasks. */
@Injectable()
export class TaskQueryRepository {
  constructor(private readonly database: Database) {}

  async status(jeditaskid: number): Promise<string | null> {
    const [row] = await this.database.run(sql.taskStatusOf, { jeditaskid });
    return row?.status ?? null;
  }

  async byId(jeditaskid: number): Promise<sql.TaskRow | null> {
    const [row] = await this.database.run(sql.taskById, { jeditaskid, inputTypes: INPUT_TYPES });
    return row ?? null;
  }

  search(search: Omit<sql.TaskSearch, 'inputTypes'>): Promise<sql.TaskRow[]> {
    return this.database.run(sql.searchTasks, { ...search, inputTypes: INPUT_TYPES });
  }

  datasets(taskIds: readonly number[], session: Session = this.database): Promise<sql.DatasetSummary[]> {
    return session.run(sql.datasetsOfTasks, { taskIds: [...taskIds] });
  }

  files(jeditaskid: number, types: readonly string[], limit: number) {
    return this.database.run(sql.filesOfTask, { jeditaskid, types: [...types], limit });
  }

  jobIds(jeditaskid: number, limit: number) {
    return this.database.run(sql.jobIdsOfTask, { jeditaskid, limit });
  }

  retryHistory(jeditaskid: number, relations: readonly string[]) {
    return this.database.run(sql.retryHistoryOfTask, { jeditaskid, relations: [...relations] });
  }

  /** Undefined when there is no such task. */
  async parent(jeditaskid: number): Promise<number | null | undefined> {
    const [row] = await this.database.run(sql.parentOfTask, { jeditaskid });
    return row?.parent_tid;
  }

  jobMetadata(jeditaskid: number, finished: string, limit: number) {
    return this.database.run(sql.metadataOfJobs, { jeditaskid, finished, limit });
  }

  verdicts(jeditaskid: number) {
    return this.database.run(readVerdicts, { taskId: jeditaskid, limit: EXPLAINED_MAX });
  }

  history(jeditaskid: number) {
    return this.database.run(sql.taskHistory, { jeditaskid, limit: EXPLAINED_MAX });
  }

  jobCounts(jeditaskid: number) {
    return this.database.run(sql.jobCountsOfTask, { jeditaskid });
  }

  async commonestJobError(jeditaskid: number, statuses: readonly string[]) {
    const [row] = await this.database.run(sql.commonestJobError, { jeditaskid, statuses: [...statuses] });
    return row ?? null;
  }

  async firstWaitingJob(jeditaskid: number, activated: string) {
    const [row] = await this.database.run(sql.firstWaitingJob, { jeditaskid, activated });
    return row ?? null;
  }

  async waitingCommand(jeditaskid: number) {
    const [row] = await this.database.run(sql.waitingCommand, { jeditaskid });
    return row ?? null;
  }

  async inShare(gshare: string, status: string, limit: number): Promise<number[]> {
    return (await this.database.run(sql.tasksInShare, { gshare, status, limit })).map(({ jeditaskid }) => jeditaskid);
  }
}

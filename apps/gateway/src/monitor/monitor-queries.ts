import { Inject, Injectable } from '@nestjs/common';
import { pythonTime } from '@panda/contracts';
import { JobQueryRepository, TaskQueryRepository, type TaskRow } from '@panda/database';
import { Clock } from '@panda/domain';
import { titleCase, userNameOf } from '../auth/user-name.js';
import { JobExplanation } from '../job/job-explanation.js';
import { fileAttributesOf, jobAttributesOf } from '../job/job-view.js';
import { taskAttributesOf } from '../task/task-view.js';
import { type JobFilters, MonitorProblem, sinceDays, type TaskFilters } from './monitor-filters.js';

type Fields = Record<string, unknown>;

/** Rows that name patterns and super states are applied to. */
const CANDIDATES_MAX = 10_000;

/** Lists of tasks and jobs with the field names of BigPanDAmon: lower case. */
@Injectable()
export class MonitorQueries {
  constructor(
    private readonly taskRows: TaskQueryRepository,
    private readonly jobRows: JobQueryRepository,
    private readonly explanations: JobExplanation,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async tasks(filters: TaskFilters): Promise<Fields[]> {
    const rows = await this.taskRows.search({
      userName: filters.userName === null ? null : userNameOf(titleCase(filters.userName)),
      since: filters.days === null ? null : sinceDays(filters.days, this.clock.now()),
      taskIds: filters.taskIds,
      minTaskId: null,
      label: null,
      equal: '{}',
      limit: CANDIDATES_MAX,
    });
    return rows
      .filter((row) => fits(row, filters))
      .slice(0, filters.limit)
      .map((row) => monitorTask(row, filters.userName));
  }

  async task(taskId: number): Promise<Fields> {
    const row = Number.isSafeInteger(taskId) ? await this.taskRows.byId(taskId) : null;
    if (row === null) throw new MonitorProblem(404, 'no such task');
    return { task: monitorTask(row, null), datasets: await this.taskRows.datasets([taskId]) };
  }

  /** One job with its files, its history and why it is where it is. Parameters are left out, as in the list: they may hold secrets. */
  async job(pandaId: number): Promise<Fields> {
    const [row] = Number.isSafeInteger(pandaId) ? await this.jobRows.byIds([pandaId]) : [];
    if (row === undefined) throw new MonitorProblem(404, 'no such job');
    const [files, explanation] = await Promise.all([this.jobRows.files([pandaId]), this.explanations.explain(pandaId)]);
    const { history, ...why }: Fields = explanation ?? {};
    const { jobParameters: _parameters, ...attributes } = jobAttributesOf(row);
    return { job: lowerCase(attributes), files: files.map((file) => lowerCase(fileAttributesOf(file))), history, why };
  }

  async jobs(filters: JobFilters): Promise<Fields> {
    const since = filters.days === null ? null : sinceDays(filters.days, this.clock.now());
    const rows = await this.jobRows.search({ ...filters, since });
    return { jobs: rows.map((row) => lowerCase(jobAttributesOf(row))), errsByCount: [] };
  }
}

function fits(row: TaskRow, { reqIds, taskNames, statuses, superStatuses }: TaskFilters): boolean {
  return (
    (reqIds === null || reqIds.includes(Number(row.reqid))) &&
    (statuses === null || statuses.includes(row.status)) &&
    (superStatuses === null || superStatuses.includes(String(row.superstatus))) &&
    (taskNames === null || taskNames.some((pattern) => matchesName(String(row.taskname ?? ''), pattern)))
  );
}

/** `*` stands for any text; pieces are searched one after the other, which takes linear time for any pattern. */
function matchesName(name: string, pattern: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', ...rest] = pieces;
  if (!name.startsWith(first) || (rest.length === 0 && name !== first)) return false;
  let at = first.length;
  for (const [i, piece] of rest.entries()) {
    const found = i === rest.length - 1 ? (name.endsWith(piece) ? name.length - piece.length : -1) : name.indexOf(piece, at);
    if (found < at) return false;
    at = found + piece.length;
  }
  return true;
}

/**
 * pbook refuses to act on a task whose `username` differs from the name of the token, letter by letter: the name is answered as it was
 * asked for when only its case differs.
 */
function monitorTask(row: TaskRow, askedName: string | null): Fields {
  const { nfiles, nfilesfinished, nfilesfailed } = row;
  const pct = (part: number) => (nfiles === 0 ? 0 : Math.round((10_000 * part) / nfiles) / 100);
  const sameName = askedName !== null && userNameOf(titleCase(askedName)).toLowerCase() === row.username.toLowerCase();
  return {
    ...lowerCase(taskAttributesOf(row)),
    username: sameName ? askedName : row.username,
    dsinfo: { pctfinished: pct(nfilesfinished), pctfailed: pct(nfilesfailed), nfiles, nfilesfinished, nfilesfailed },
  };
}

function lowerCase(attributes: Fields): Fields {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value instanceof Date ? pythonTime(value) : value]),
  );
}

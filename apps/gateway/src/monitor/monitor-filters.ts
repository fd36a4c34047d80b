import { pythonTime } from '@panda/contracts';

/** The query cannot be answered; told as JSON. */
export class MonitorProblem extends Error {
  constructor(
    readonly status: 400 | 403 | 404,
    message: string,
  ) {
    super(message);
    this.name = 'MonitorProblem';
  }
}

type Query = ReadonlyMap<string, readonly string[]>;

export interface TaskFilters {
  readonly taskIds: number[] | null;
  readonly reqIds: number[] | null;
  readonly userName: string | null;
  /** Names are alternatives; `*` stands for any text. */
  readonly taskNames: string[] | null;
  readonly statuses: string[] | null;
  readonly superStatuses: string[] | null;
  readonly days: number | null;
  readonly limit: number;
}

export interface JobFilters {
  readonly taskId: number | null;
  readonly userName: string | null;
  readonly queue: string | null;
  readonly statuses: string[] | null;
  readonly days: number | null;
  readonly limit: number;
}

const LIMIT_MAX = 10_000;
const LIMIT_DEFAULT = 1_000;
const DAYS_MAX = 90;
const FILTERS_MAX = 50;
const VALUE_MAX = 10_000;
/** `timestamp`, `json`, … only steer the cache and the page of the original. */
const IGNORED = ['json', 'datasets', 'timestamp', 'extra', 'mode', 'sortby', 'display_limit'];
const TASK_KEYS = ['jeditaskid', 'reqid', 'username', 'taskname', 'status', 'superstatus', 'days', 'limit'];
const JOB_KEYS = ['jeditaskid', 'produsername', 'username', 'computingsite', 'jobstatus', 'days', 'limit'];

export function readTaskFilters(query: Query): TaskFilters {
  check(query, TASK_KEYS);
  return {
    taskIds: ids(query, 'jeditaskid'),
    reqIds: ids(query, 'reqid'),
    userName: one(query, 'username'),
    taskNames: alternatives(query, 'taskname'),
    statuses: alternatives(query, 'status'),
    superStatuses: alternatives(query, 'superstatus'),
    days: bounded(query, 'days', DAYS_MAX),
    limit: bounded(query, 'limit', LIMIT_MAX) ?? LIMIT_DEFAULT,
  };
}

export function readJobFilters(query: Query): JobFilters {
  check(query, JOB_KEYS);
  const taskIds = ids(query, 'jeditaskid');
  if (taskIds !== null && taskIds.length !== 1) throw new MonitorProblem(400, 'one jeditaskid at a time');
  return {
    taskId: taskIds?.[0] ?? null,
    userName: one(query, 'produsername') ?? one(query, 'username'),
    queue: one(query, 'computingsite'),
    statuses: alternatives(query, 'jobstatus'),
    days: bounded(query, 'days', DAYS_MAX),
    limit: bounded(query, 'limit', LIMIT_MAX) ?? LIMIT_DEFAULT,
  };
}

/** Lower bound of modification times, as the database writes it. */
export function sinceDays(days: number, now: Date): string {
  return pythonTime(new Date(now.getTime() - days * 86_400_000));
}

function check(query: Query, known: readonly string[]): void {
  if (query.size > FILTERS_MAX) throw new MonitorProblem(400, `more than ${FILTERS_MAX} filters`);
  for (const [name, values] of query) {
    if (!known.includes(name) && !IGNORED.includes(name))
      throw new MonitorProblem(400, `unknown filter ${JSON.stringify(name.slice(0, 40))}`);
    if (values.some((value) => value.length > VALUE_MAX)) throw new MonitorProblem(400, `the filter ${name} is too long`);
    if (name === 'sortby' && !values.every((value) => /^[a-z]{1,30}(-(asc|desc))?$/.test(value)))
      throw new MonitorProblem(400, 'bad sortby');
  }
}

function one(query: Query, name: string): string | null {
  const value = query.get(name)?.[0];
  return value === undefined || value === '' ? null : value;
}

/** Alternatives are joined by `|`, as pbook sends them. */
function alternatives(query: Query, name: string): string[] | null {
  const value = one(query, name);
  return value === null ? null : value.split('|').filter((part) => part !== '');
}

function ids(query: Query, name: string): number[] | null {
  return (
    alternatives(query, name)?.map((text) => {
      const id = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      if (!Number.isSafeInteger(id)) throw new MonitorProblem(400, `${name} must be an integer`);
      return id;
    }) ?? null
  );
}

function bounded(query: Query, name: string, max: number): number | null {
  const text = one(query, name);
  if (text === null) return null;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 1 && value <= max)) throw new MonitorProblem(400, `${name} must be between 1 and ${max}`);
  return value;
}

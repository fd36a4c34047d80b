import { Inject, Injectable } from '@nestjs/common';
import { type operations, parseTime, pythonTime, taskAttributes } from '@panda/contracts';
import { TaskIntakeRepository, TaskQueryRepository, type TaskRow } from '@panda/database';
import { Clock } from '@panda/domain';
import { RE2JS } from 're2js';
import type { Identity } from '../auth/caller.js';
import { userNameOf } from '../auth/user-name.js';
import { Refused } from '../http/call.js';
import { detailedTask } from './task-view.js';

type Fields = operations.Fields;

export interface DetailedSearch {
  readonly limit: number;
  readonly since: string | null;
  readonly filters: Fields;
  readonly caller: Identity;
}

/** A filter with one of these is a regular expression. Source: panda-server:pandaserver/api/v1/task_api.py@9cc3603. */
const PATTERN_CHARACTERS = /[$^*+?\\|()]/;
const PATTERN_MAX = 1_024;
/** Without ids and without `since` the search looks back this far. */
const WINDOW_MS = 90 * 86_400_000;
/** Rows that regular expressions are applied to. */
const CANDIDATES_MAX = 10_000;

const NAMES = new Map(taskAttributes.map((name) => [name.toLowerCase(), name]));
/** Numbers in the table; the wire sends them as text. */
const NUMBERS: readonly string[] = [
  'jeditaskid',
  'reqid',
  'taskpriority',
  'currentpriority',
  'corecount',
  'ramcount',
  'parent_tid',
  'attemptnr',
];
/** Lists leave the parameter map out: a thousand of them are megabytes. */
const NO_PARAMETERS = null;

/** Searches for tasks as pbook of 2026 does: exact values in SQL, patterns afterwards with a linear-time engine. */
@Injectable()
export class TaskSearchService {
  constructor(
    private readonly tasks: TaskQueryRepository,
    private readonly intake: TaskIntakeRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async one(taskId: number): Promise<Fields | null> {
    const row = await this.tasks.byId(taskId);
    if (row === null) return null;
    const text = await this.intake.parameters(taskId);
    return detailedTask(row, text === null ? null : (JSON.parse(text) as Fields));
  }

  /** Newest first; null for a filter on an attribute that does not exist. */
  async detailed({ limit, since, filters, caller }: DetailedSearch): Promise<Fields[] | null> {
    const entries = Object.entries(filters).map(([name, value]) => [name.toLowerCase(), String(value)] as const);
    if (entries.some(([name]) => !NAMES.has(name))) return null;
    const patterns = entries.filter(([, value]) => PATTERN_CHARACTERS.test(value)).map(compile);
    const equal = entries.filter(([, value]) => !PATTERN_CHARACTERS.test(value));
    const exact = Object.fromEntries(equal.filter(([name]) => name !== 'username' && name !== 'jeditaskid').map(typed));
    const ids = equal.filter(([name]) => name === 'jeditaskid').map(([, value]) => idOf(value));
    const named = entries.find(([name]) => name === 'username');
    const rows = await this.tasks.search({
      userName: named === undefined ? caller.userName : PATTERN_CHARACTERS.test(named[1]) ? null : userNameOf(named[1]),
      since: ids.length > 0 ? null : pythonTime(this.lowerBound(since)),
      taskIds: ids.length > 0 ? ids : null,
      minTaskId: null,
      label: null,
      equal: JSON.stringify(exact),
      limit: patterns.length > 0 ? CANDIDATES_MAX : limit,
    });
    return rows
      .filter((row) => patterns.every(({ column, pattern }) => matches(row, column, pattern)))
      .slice(0, limit)
      .map((row) => detailedTask(row, NO_PARAMETERS));
  }

  private lowerBound(since: string | null): Date {
    if (since === null) return new Date(this.clock.now().getTime() - WINDOW_MS);
    const time = parseTime(since);
    if (time === undefined) throw Refused.argument('since must be YYYY-MM-DD hh:mm:ss');
    return time;
  }
}

function idOf(text: string): number {
  const id = Number(text);
  if (!Number.isSafeInteger(id)) throw Refused.argument('jediTaskID must be an integer');
  return id;
}

function typed([name, value]: readonly [string, string]): [string, string | number] {
  return [name, NUMBERS.includes(name) ? idOf(value) : value];
}

function compile([column, text]: readonly [string, string]): { column: string; pattern: RE2JS } {
  if (text.length > PATTERN_MAX) throw Refused.argument(`a pattern is longer than ${PATTERN_MAX} characters`);
  try {
    return { column, pattern: RE2JS.compile(text) };
  } catch {
    throw Refused.argument('a filter is no regular expression that this server supports');
  }
}

/** Patterns match at the start, as Python's `re.match` does. */
function matches(row: TaskRow, column: string, pattern: RE2JS): boolean {
  return pattern.matcher(String(row[column] ?? '')).lookingAt();
}

import type { TaskRecord } from '@panda/client';
import { ArgumentError, type BoundArguments } from './arguments.js';
import type { Book } from './book.js';
import type { BookCommand, Result } from './command.js';
import { finSuperStatuses, queryTasks, REQUEST_ID_END, runSuperStatuses, type TaskQuery } from './task-query.js';
import { longView, plainView, standardView } from './task-views.js';

const FORMATS = ['standard', 'long', 'json', 'plain'] as const;
const DAY_MS = 86_400_000;
const parameters = [
  'some_ids',
  'username',
  'limit',
  'taskname',
  'days',
  'jeditaskid',
  'reqid',
  'status',
  'superstatus',
  'metadata',
  'sync',
  'format',
];

/** Spec: pbook › Task bookkeeping. Features CLI-pbook-03 to -07 */
export const showCommands: readonly BookCommand[] = [
  {
    name: 'show',
    parameters,
    help: [
      "Print tasks. The first value is a jediTaskID, a reqID, a list of them, 'run' (active tasks), 'fin' (ended tasks), or left out.",
      'Further filters by name: username, limit, taskname, days, jeditaskid, reqid, status, superstatus.',
      "format is 'standard', 'long', 'json' or 'plain'. Records are always fresh; sync is accepted and has no effect.",
      "Unless said otherwise: your own tasks, limit=1000, days=14, format='standard'. days=None lifts the limit.",
    ].join('\n'),
    examples: [
      'show()',
      'show(123)',
      "show(12345678, format='long')",
      "show(taskname='my_task_name')",
      "show('run')",
      "show('fin', days=7, limit=100)",
    ],
    run: (book, args) => show(book, args),
  },
  {
    name: 'showl',
    parameters: parameters.filter((name) => name !== 'format'),
    help: "Print tasks in the long format: show(…, format='long').",
    examples: ['showl()', 'showl(12345678)'],
    run: (book, args) => show(book, args, 'long'),
  },
];

async function show(book: Book, args: BoundArguments, fixedFormat?: (typeof FORMATS)[number]): Promise<Result> {
  const format = fixedFormat ?? formatOf(args);
  const limit = args.count('limit', 1_000) ?? 1_000;
  const days = args.count('days', 14);
  if (format !== 'json')
    book.terminal.note(
      `Showing only max ${limit} tasks in last ${days ?? 'all'} days. One can set days=N to see tasks in last N days, and limit=M to see at most M latest tasks`,
    );
  const filters = filtersOf(book, args);
  // A task asked for by number is shown however old it is.
  const byNumber = filters.jediTaskID !== undefined || filters.reqID !== undefined;
  const since = days === null || byNumber ? {} : { since: new Date(Date.now() - days * DAY_MS) };
  const tasks = await queryTasks(book.client, { limit, filters, ...since });
  if (format === 'json') return { value: tasks, ok: true, isData: true };
  book.terminal.out(viewOf(book, tasks, format));
  return { ok: true };
}

function viewOf(book: Book, tasks: readonly TaskRecord[], format: 'standard' | 'long' | 'plain'): string {
  if (format === 'long') return longView(tasks, book.session.client.connection.baseUrl);
  return format === 'plain' ? plainView(tasks) : standardView(tasks);
}

function formatOf(args: BoundArguments): (typeof FORMATS)[number] {
  const given = args.optionalText('format') ?? 'standard';
  const format = FORMATS.find((known) => known === given);
  if (format === undefined) throw new ArgumentError(`show(): format is one of ${FORMATS.join(', ')}`);
  return format;
}

function filtersOf(book: Book, args: BoundArguments): TaskQuery['filters'] {
  const user = args.optionalText('username');
  const filters: Record<string, readonly string[]> = { ...whichTasks(args) };
  const texts = { taskName: 'taskname', status: 'status', superStatus: 'superstatus' } as const;
  for (const [attribute, name] of Object.entries(texts)) {
    const text = args.optionalText(name);
    if (text !== undefined) filters[attribute] = text.split('|');
  }
  if (user !== undefined && user !== book.userName) filters.userName = [user];
  return filters;
}

function whichTasks(args: BoundArguments): Record<string, readonly string[]> {
  const which = args.get('some_ids');
  if (which === 'run') return { superStatus: runSuperStatuses };
  if (which === 'fin') return { superStatus: finSuperStatuses };
  if (which !== undefined && which !== null) return byNumbers(args.ids('some_ids'));
  const numbers = (name: string) => String(args.get(name)).split('|');
  return {
    ...(args.get('jeditaskid') ? { jediTaskID: numbers('jeditaskid') } : {}),
    ...(args.get('reqid') ? { reqID: numbers('reqid') } : {}),
  };
}

/** The first number decides whether they are tasks or requests; a mixture is not supported. Feature CLI-pbook-11 */
function byNumbers(ids: readonly number[]): Record<string, readonly string[]> {
  const attribute = (ids[0] ?? 0) < REQUEST_ID_END ? 'reqID' : 'jediTaskID';
  return { [attribute]: ids.map(String) };
}

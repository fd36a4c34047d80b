import { taskStatus } from '@panda/domain';
import { ArgumentError, type BoundArguments } from './arguments.js';
import type { Book } from './book.js';
import { type BookCommand, verdict } from './command.js';
import type { Literal } from './literal.js';
import { queryTasks } from './task-query.js';

/** Parameters a retry may change, and the name the server knows them under. panda-client:pandaclient/PBookScript.py@749e856 */
export const changeable: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['site', 'excludedSite', 'includedSite', 'nFilesPerJob', 'nMaxFilesPerJob', 'nGBPerJob', 'nFiles', 'nEvents'].map((name) => [
      name,
      name,
    ]),
  ),
  ...Object.fromEntries(
    ['loopingCheck', 'maxNFilesPerJob', 'ramCount', 'avoidVP', 'ignoreMissingInDS', 'forceStaged'].map((name) => [name, name]),
  ),
  memory: 'ramCount',
  maxCore: 'maxCoreCount',
};

/** Feature CLI-pbook-10 */
export const retryCommand: BookCommand = {
  name: 'retry',
  parameters: ['taskIDs', 'newOpts', 'days', 'limit', ...Object.keys(changeable)],
  help: [
    "Try again what failed. The value is a jediTaskID or reqID, a list of them, or 'all' for your finished tasks of the last days.",
    'newOpts changes task parameters for the new attempts; None removes one. They may be given by name, too.',
    `Parameters: ${Object.keys(changeable).join(', ')}.`,
  ].join('\n'),
  examples: [
    'retry(123)',
    'retry([123, 345, 567])',
    "retry(789, newOpts={'excludedSite': 'siteA,siteB'})",
    'retry(789, nFilesPerJob=10)',
    "retry('all', days=30)",
  ],
  run: async (book, args) => {
    const parameters = newParameters(args);
    const order = (id: number) => book.give(id, 'retry', '', () => book.client.tasks.retry(id, parameters));
    return verdict(await book.forEach(await idsOf(book, args), order));
  },
};

function newParameters(args: BoundArguments): Record<string, Literal> {
  const options = args.get('newOpts') ?? {};
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new ArgumentError("retry(): newOpts is a map like {'nFilesPerJob': 10}");
  const named = Object.keys(changeable).flatMap((name) =>
    args.get(name) === undefined ? [] : [[name, args.get(name) as Literal] as const],
  );
  const given = Object.entries(options).length > 0 ? Object.entries(options) : named;
  return Object.fromEntries(
    given.map(([name, value]) => {
      const known = changeable[name];
      if (known === undefined)
        throw new ArgumentError(`retry(): Unknown option name "${name}"; known are ${Object.keys(changeable).join(', ')}`);
      return [known, value];
    }),
  );
}

async function idsOf(book: Book, args: BoundArguments): Promise<number[]> {
  if (args.get('taskIDs') === undefined) throw new ArgumentError('retry(): a jediTaskID is missing');
  if (args.get('taskIDs') !== 'all') return args.ids('taskIDs');
  const since = new Date(Date.now() - (args.count('days', 14) ?? 14) * 86_400_000);
  const filters = { status: [taskStatus.finished] };
  const tasks = await queryTasks(book.client, { limit: args.count('limit', 1_000) ?? 1_000, since, filters });
  return tasks.map(({ jediTaskID }) => jediTaskID);
}

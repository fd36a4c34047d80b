import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ArgumentError, type BoundArguments } from './arguments.js';
import type { Book } from './book.js';
import { type BookCommand, type Result, verdict } from './command.js';
import { retryCommand } from './retry.command.js';

/** Spec: pbook › Task bookkeeping. */
export const taskCommands: readonly BookCommand[] = [
  {
    name: 'kill',
    parameters: ['taskIDs'],
    help: "Kill tasks and their jobs. The value is a jediTaskID or reqID, a list of them, or 'all' for your active tasks.",
    examples: ['kill(123)', 'kill([123, 345, 567])', "kill('all')"],
    run: async (book, args) =>
      verdict(
        await book.forEach(await idsOf(book, args), (id) =>
          book.give(id, 'kill', 'will be killed within the next 30 min', () => book.client.tasks.kill(id)),
        ),
      ),
  },
  {
    name: 'finish',
    parameters: ['taskIDs', 'soft'],
    help: 'End tasks and keep what is done. soft=True lets running jobs end by themselves; otherwise they are killed.',
    examples: ['finish(123)', 'finish(234, soft=True)', 'finish([123, 345, 567])', "finish('all')"],
    run: async (book, args) => {
      const soft = args.flag('soft', false);
      const order = (id: number) => book.give(id, 'finish', 'will be finished soon', () => book.client.tasks.finish(id, soft));
      return verdict(await book.forEach(await idsOf(book, args), order));
    },
  },
  retryCommand,
  {
    name: 'reload_input',
    parameters: ['task_id'],
    help: 'Read the input datasets of a task again and go on with what is new.',
    examples: ['reload_input(12345678)'],
    run: async (book, args) => {
      const id = args.id('task_id');
      return verdict([await book.give(id, 'reload_input', '', () => book.client.tasks.reloadInput(id))]);
    },
  },
  {
    name: 'debug',
    parameters: ['PandaID', 'modeOn'],
    help: 'Let a job show its output while it runs, or no longer. The number of such jobs is limited.',
    examples: ['debug(5000000001, True)'],
    run: async (book, args) => {
      book.info(await book.client.jobs.setDebugMode(args.id('PandaID'), args.flag('modeOn', true)));
      return { ok: true };
    },
  },
  {
    name: 'get_user_job_metadata',
    parameters: ['taskID', 'outputFileName'],
    help: 'Write the metadata of the finished jobs of a task to a JSON file.',
    examples: ["get_user_job_metadata(12345678, 'output.json')"],
    run: getMetadata,
  },
  {
    name: 'getUserJobMetadata',
    parameters: ['taskID', 'outputFileName'],
    help: 'Old name of get_user_job_metadata.',
    examples: ["getUserJobMetadata(12345678, 'output.json')"],
    run: getMetadata,
  },
  {
    name: 'recover_lost_files',
    parameters: ['taskID', 'test_mode'],
    help: 'Ask the server to make files of a task again that storage has lost. test_mode=True only tells what would happen.',
    examples: ['recover_lost_files(12345678)', 'recover_lost_files(12345678, test_mode=True)'],
    run: recoverLostFiles,
  },
];

async function idsOf(book: Book, args: BoundArguments): Promise<number[]> {
  if (args.get('taskIDs') === undefined) throw new ArgumentError('a jediTaskID is missing');
  return args.get('taskIDs') === 'all' ? book.activeTasks() : args.ids('taskIDs');
}

/** Feature CLI-pbook-18 */
async function getMetadata(book: Book, args: BoundArguments): Promise<Result> {
  const file = args.text('outputFileName');
  book.info('getting metadata');
  const metadata = await book.client.jobs.userMetadata(args.id('taskID'));
  await writeFile(resolve(book.cwd, file), JSON.stringify(metadata));
  book.info(`dumped to ${file}`);
  return { ok: true };
}

async function recoverLostFiles(book: Book, args: BoundArguments): Promise<Result> {
  book.info('Sending recovery request ...');
  const { logFileURL } = await book.client.tasks.recoverLostFiles(args.id('taskID'), args.flag('test_mode', false));
  book.info(`request was accepted and will be processed in a few minutes. log: ${String(logFileURL)}`);
  return { ok: true };
}

import type { PandaClient, TaskFilters, TaskRecord } from '@panda/client';
import { taskStatus } from '@panda/domain';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { exitCodes } from '../../terminal/exit-codes.js';
import { Exit } from '../../terminal/failure.js';
import { cell, facts, table } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { act, type Context, idOf, wholeNumber } from '../context.js';
import { examples } from '../examples.js';
import { isAtRest, isSuccess, paintStatus } from '../status-paint.js';
import { fileCounts, watchTask } from '../watch-task.js';

interface ListOptions {
  readonly status?: string;
  readonly name?: string;
  readonly user?: string;
  readonly days: number;
  readonly limit: number;
}

interface ShowOptions {
  readonly watch?: boolean;
  readonly wait?: boolean;
  readonly interval: number;
  readonly parameters?: boolean;
}

export function addTaskCommands(program: Command, host: Host): void {
  const list = program
    .command('tasks')
    .description('list your tasks, newest first')
    .option('--status <status>', 'only tasks in this status')
    .option('--name <pattern>', 'only tasks with this name; a regular expression')
    .option('--user <name>', 'tasks of somebody else')
    .option('--days <n>', 'changed in so many days', wholeNumber(), 14)
    .option('--limit <n>', 'at most so many', wholeNumber(), 100);
  act(host, examples(list, ['panda tasks', 'panda tasks --status running --days 30', 'panda tasks --json']), listTasks);
  const show = program
    .command('task <jediTaskID>')
    .description('show one task')
    .option('--watch', 'follow it until it ends or needs you')
    .option('--wait', 'the same without showing how it goes')
    .option('--interval <seconds>', 'between two looks', wholeNumber(), 10)
    .option('--parameters', 'show its parameters');
  act(host, examples(show, ['panda task 12345678', 'panda task 12345678 --watch']), showTask);
}

async function listTasks({ terminal, json, session }: Context, options: ListOptions): Promise<void> {
  const filters: TaskFilters = Object.fromEntries(
    [
      ['status', options.status],
      ['taskName', options.name],
      ['userName', options.user],
    ].filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  const since = new Date(Date.now() - options.days * 86_400_000);
  const tasks = await session.client.tasks.list({ limit: options.limit, since, filters });
  if (json) return terminal.json(tasks);
  if (tasks.length === 0) return terminal.note('no tasks');
  terminal.out(
    table<TaskRecord>(
      [
        { head: 'ID', value: ({ jediTaskID }) => jediTaskID, right: true },
        { head: 'STATUS', value: ({ status }) => status, paint: (text) => paintStatus(terminal, text) },
        { head: 'DONE', value: progress, right: true },
        { head: 'FILES', value: filesText, right: true },
        { head: 'CHANGED', value: ({ modificationTime }) => modificationTime },
        { head: 'NAME', value: ({ taskName }) => taskName },
      ],
      tasks,
    ),
  );
}

async function showTask({ terminal, json, session }: Context, options: ShowOptions, id: string): Promise<void> {
  const { client } = session;
  const watched = options.watch || options.wait;
  const task = watched
    ? await watchTask(client, idOf(id), terminal, { intervalMs: options.interval * 1_000, show: options.watch === true && !json })
    : await client.tasks.info(idOf(id));
  const parameters = options.parameters ? await client.tasks.parameters(task.jediTaskID) : undefined;
  if (json) terminal.json(parameters === undefined ? task : { ...task, parameters });
  else {
    terminal.out(taskFacts(terminal, task, await failuresOf(client, task)));
    if (parameters !== undefined) terminal.out(`\n${JSON.stringify(parameters, null, 2)}`);
  }
  if (watched && !isSuccess(task.status)) throw new Exit(exitCodes.failed);
}

/** Sentences about the jobs of a task that did not go well, beside its own message; none where the server does not explain. */
async function failuresOf(client: PandaClient, task: TaskRecord): Promise<string[]> {
  if (!isAtRest(task.status) || task.status === taskStatus.done) return [];
  const explanation = await client.tasks.why(task.jediTaskID).catch(() => undefined);
  const sentences =
    explanation?.reasons.map(({ sentence }) => sentence).filter((sentence) => sentence !== task.errorDialog) ?? [];
  return sentences.length === 0 ? [] : [...sentences, `more: panda why ${task.jediTaskID}, panda jobs ${task.jediTaskID}`];
}

export function taskFacts(terminal: Terminal, task: TaskRecord, failures: readonly string[] = []): string {
  const text = facts([
    ['task', task.jediTaskID],
    ['name', task.taskName],
    ['status', task.status],
    ['done', progress(task)],
    ['files', filesText(task)],
    ['user', task.userName],
    ['vo', task.vo],
    ['type', task.processingType],
    ['share', task.gshare],
    ['priority', task.currentPriority],
    ['site', task.site],
    ['created', task.creationDate],
    ['changed', task.modificationTime],
    ['ended', task.endTime],
    ['message', task.errorDialog],
    ...failures.map((sentence) => ['why', sentence] as const),
  ]);
  return text.replace(/^(status +)(\S+)$/m, (_all, name: string, status: string) => name + paintStatus(terminal, status));
}

function progress(task: TaskRecord): string {
  return typeof task.pctFinished === 'number' ? `${task.pctFinished}%` : '';
}

function filesText(task: TaskRecord): string {
  const { done, failed, total } = fileCounts(task);
  return cell(`${done}/${total}${failed > 0 ? ` (${failed} failed)` : ''}`);
}

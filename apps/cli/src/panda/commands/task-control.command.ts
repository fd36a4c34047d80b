import { ClientError, type CommandResult, type PandaClient } from '@panda/client';
import { taskStatus } from '@panda/domain';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { exitCodes } from '../../terminal/exit-codes.js';
import { Exit, failureOf } from '../../terminal/failure.js';
import { cell, printable } from '../../terminal/table.js';
import { act, assignments, type Context, collectWhole, idsOf } from '../context.js';
import { examples } from '../examples.js';

type Order<O> = (client: PandaClient, id: number, options: O) => Promise<CommandResult>;

interface RetryOptions {
  readonly set?: readonly string[];
}

/** Commands on tasks. They are registered at once and carried out by the server a little later. */
export function addTaskControlCommands(program: Command, host: Host): void {
  const add = <O extends object>(name: string, description: string, order: Order<O>, lines: string[]) => {
    const command = program.command(`${name} <jediTaskID...>`).description(description);
    act(host, examples(command, lines), (context, options: O, ids: string[]) => giveOrder(context, options, ids, order));
    return command;
  };
  add('kill', 'kill tasks and all their jobs', (client, id) => client.tasks.kill(id), [
    'panda kill 12345678',
    'panda kill 12345678 12345679',
  ]);
  add<{ soft?: boolean }>(
    'finish',
    'end tasks early and keep what is done',
    (client, id, { soft }) => client.tasks.finish(id, soft === true),
    ['panda finish 12345678', 'panda finish --soft 12345678'],
  ).option('--soft', 'let running jobs end by themselves');
  add<RetryOptions>(
    'retry',
    'try again what failed',
    (client, id, { set }) =>
      client.tasks.retry(id, assignments('--set', set)).catch((error: unknown) => retryRefused(client, id, error)),
    ['panda retry 12345678', 'panda retry 12345678 --set nFilesPerJob=1 --set excludedSite=null'],
  ).option(
    '--set <name=value>',
    'change a parameter, may be repeated; the value is JSON or a word, null removes it',
    collectWhole,
  );
  add('pause', 'make no new jobs until resume; needs the production role', (client, id) => client.tasks.pause(id), [
    'panda pause 12345678',
  ]);
  add('resume', 'go on after pause; needs the production role', (client, id) => client.tasks.resume(id), [
    'panda resume 12345678',
  ]);
  add('reload-input', 'read the input datasets again and go on', (client, id) => client.tasks.reloadInput(id), [
    'panda reload-input 12345678',
  ]);
}

/** Rethrows a refusal; of a broken task with what helps, because no number of retries mends what was submitted. */
async function retryRefused(client: PandaClient, id: number, error: unknown): Promise<never> {
  if (!(error instanceof ClientError)) throw error;
  const status = await client.tasks.status(id).catch(() => undefined);
  if (status !== taskStatus.broken) throw error;
  throw new ClientError('PANDA-CLIENT-014', error.message, {
    cause: error,
    serverCode: error.code,
    kind: error.kind,
    hint: `A broken task is not retried: see what is wrong with panda why ${id}, correct it and submit it again`,
  });
}

/** One refusal does not stop the others; of a single task the exit code says why. */
async function giveOrder<O>({ terminal, json, session }: Context, options: O, ids: string[], order: Order<O>): Promise<void> {
  const tasks = idsOf(ids);
  const results = await Promise.all(tasks.map((id) => outcomeOf(id, () => order(session.client, id, options))));
  if (json) terminal.json(results.map(({ error: _error, ...shown }) => shown));
  for (const { jediTaskID, accepted, message } of results) {
    const line = `task ${jediTaskID}: ${printable(message)}`;
    if (!json && accepted) terminal.out(line);
    if (!json && !accepted && results.length > 1) terminal.note(line);
  }
  const refused = results.filter(({ accepted }) => !accepted);
  if (refused.length === 0) return;
  if (results.length === 1 && !json) throw refused[0]?.error;
  throw new Exit(results.length === 1 ? failureOf(refused[0]?.error).exitCode : exitCodes.failed);
}

async function outcomeOf(jediTaskID: number, order: () => Promise<CommandResult>) {
  try {
    const { message } = await order();
    return { jediTaskID, accepted: true, message: message || 'registered' };
  } catch (error) {
    const { message, code } = failureOf(error);
    return { jediTaskID, accepted: false, message, code: cell(code), error };
  }
}

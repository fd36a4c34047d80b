import type { QueueReply } from '@panda/contracts';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { table } from '../../terminal/table.js';
import { act, type Context } from '../context.js';
import { examples } from '../examples.js';

export function addQueueCommands(program: Command, host: Host): void {
  const queues = program
    .command('queues')
    .description('list the queues work may run on')
    .option('--status <status>', 'only queues in this status');
  act(host, examples(queues, ['panda queues', 'panda queues --status online']), listQueues);
}

async function listQueues({ terminal, json, session }: Context, { status }: { status?: string }): Promise<void> {
  const queues = await session.client.queues.list({ vo: session.vo, status });
  if (json) return terminal.json(queues);
  if (queues.length === 0) return terminal.note('no queues');
  terminal.out(
    table<QueueReply>(
      [
        { head: 'QUEUE', value: ({ name }) => name },
        { head: 'SITE', value: ({ site }) => site },
        { head: 'STATUS', value: (queue) => queue.status },
        { head: 'TYPE', value: ({ type }) => type },
        { head: 'CORES', value: ({ cores }) => cores, right: true },
        { head: 'RSS MB', value: ({ max_rss_mb }) => max_rss_mb, right: true },
        { head: 'HOURS', value: ({ max_time_s }) => Math.round(max_time_s / 3_600), right: true },
        { head: 'ACTIVATED', value: ({ n_activated }) => n_activated, right: true },
        { head: 'RUNNING', value: ({ n_running }) => n_running, right: true },
      ],
      queues,
    ),
  );
}

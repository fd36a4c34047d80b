import { ClientError } from '@panda/client';
import { type QueueData, type QueueRow, readQueues } from '@panda/database';
import { parseQueue, queueStatus } from '@panda/domain';
import { assignments, type Context } from '../panda/context.js';
import { UsageError } from '../terminal/failure.js';
import { cell, table } from '../terminal/table.js';
import { type OperatorOptions, withOperator } from './operator.js';

/** Attributes the fleet reads as numbers. Spec: Information system */
const NUMBERS = [
  ...['corecount', 'corepower', 'maxwdir', 'maxrss', 'minrss', 'maxmemory', 'minmemory', 'maxtime', 'mintime', 'maxinputsize'],
  ...['transferringlimit', 'maxdiskio', 'pledgedcpu', 'nqueue'],
];

/** All queues, those that take no work too. */
export async function listQueues(context: Context, options: OperatorOptions & { status?: string }): Promise<void> {
  const { terminal, json } = context;
  const all = await withOperator(context, options, ({ database }) => database.run(readQueues, {}));
  const rows = all
    .map((row) => ({ ...row, queue: parseQueue(row.name, row.data) }))
    .filter(({ queue }) => !options.status || queue.status === options.status);
  if (json) return terminal.json(rows.map(({ queue: _queue, ...row }) => row));
  if (rows.length === 0) return terminal.note('no queues');
  terminal.out(
    table<QueueRow & { queue: ReturnType<typeof parseQueue> }>(
      [
        { head: 'QUEUE', value: ({ name }) => name },
        { head: 'SITE', value: ({ site, queue }) => site ?? queue.site },
        { head: 'STATUS', value: ({ queue }) => queue.status },
        { head: 'TYPE', value: ({ queue }) => queue.type },
        { head: 'CORES', value: ({ queue }) => queue.coreCount, right: true },
        { head: 'RSS MB', value: ({ queue }) => queue.maxRssMb, right: true },
        { head: 'CHANGED', value: ({ lastUpdate }) => lastUpdate },
      ],
      rows,
    ),
  );
}

/** Changes attributes of a queue; null removes one. Feature of reliability I41: refused as a whole, or done as a whole. */
export async function setQueue(context: Context, options: OperatorOptions, name: string, pairs: string[]): Promise<void> {
  const changes = assignments('queues set', pairs);
  for (const [attribute, value] of Object.entries(changes)) check(attribute, value);
  const data = await withOperator(context, options, ({ operations }) =>
    operations.changeQueue(name, (before) => withChanges(before, changes)),
  );
  if (data === undefined)
    throw new ClientError('PANDA-CLIENT-008', `there is no queue ${name}`, { hint: 'panda admin queues list' });
  const { terminal, json } = context;
  if (json) return terminal.json({ name, data });
  for (const attribute of Object.keys(changes)) terminal.out(`${name}: ${attribute} = ${cell(data[attribute]) || '(removed)'}`);
}

function check(attribute: string, value: unknown): void {
  const words: readonly string[] = Object.values(queueStatus);
  if (attribute === 'status' && !words.includes(String(value)))
    throw new UsageError(`status is one of ${words.join(', ')}, not ${cell(value)}`);
  if (NUMBERS.includes(attribute) && value !== null && typeof value !== 'number')
    throw new UsageError(`${attribute} is a number, not ${cell(value)}`);
}

function withChanges(before: QueueData, changes: Readonly<Record<string, unknown>>): QueueData {
  return Object.fromEntries(Object.entries({ ...before, ...changes }).filter(([, value]) => value !== null));
}

import type { OutboxTopicRow } from '@panda/database';
import type { Context } from '../panda/context.js';
import { table } from '../terminal/table.js';
import { type OperatorOptions, withOperator } from './operator.js';

/** Messages that wait to be published: what waits for how long, and what fails why. */
export async function showOutbox(context: Context, options: OperatorOptions): Promise<void> {
  const rows = await withOperator(context, options, ({ operations }) => operations.outboxByTopic());
  const { terminal, json } = context;
  if (json) return terminal.json(rows);
  if (rows.length === 0) return terminal.out('nothing waits, nothing was published in the last hour');
  terminal.out(
    table<OutboxTopicRow>(
      [
        { head: 'TOPIC', value: ({ topic }) => topic },
        { head: 'PENDING', value: ({ pending }) => pending, right: true },
        { head: 'OLDEST', value: ({ oldestAgeS }) => (oldestAgeS === null ? '' : `${Math.round(oldestAgeS)} s`), right: true },
        { head: 'FAILING', value: ({ failing }) => failing, right: true },
        { head: 'LAST HOUR', value: ({ publishedLastHour }) => publishedLastHour, right: true },
        { head: 'LAST ERROR', value: ({ lastError }) => lastError },
      ],
      rows,
    ),
  );
}

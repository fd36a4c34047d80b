import { readShares, StatisticsRepository } from '@panda/database';
import { executingJobStatuses, queuedJobStatuses, type ShareLoad, shareLoads, shareTree } from '@panda/domain';
import type { Context } from '../panda/context.js';
import { table } from '../terminal/table.js';
import { type OperatorOptions, withOperator } from './operator.js';

/** The tree of global shares: what each should have, what it has, what waits. */
export async function showShares(context: Context, options: OperatorOptions): Promise<void> {
  const loads = await withOperator(context, options, async ({ database }) => {
    const tree = shareTree(await database.run(readShares, {}));
    const usage = await new StatisticsRepository(database).shareUsage(executingJobStatuses, queuedJobStatuses);
    return shareLoads(tree, new Map(usage.map(({ gshare, ...share }) => [gshare ?? '', share])));
  });
  const { terminal, json } = context;
  if (json) return terminal.json(loads);
  if (loads.length === 0) return terminal.note('no shares');
  const total = loads.reduce((sum, { executing }) => sum + executing, 0);
  terminal.out(
    table<{ load: ShareLoad; depth: number }>(
      [
        { head: 'SHARE', value: ({ load, depth }) => `${'  '.repeat(depth)}${load.name}` },
        { head: 'TARGET', value: ({ load }) => `${load.percent.toFixed(1)}%`, right: true },
        { head: 'NOW', value: ({ load }) => (total === 0 ? '' : `${((100 * load.executing) / total).toFixed(1)}%`), right: true },
        { head: 'EXECUTING', value: ({ load }) => load.executing, right: true },
        { head: 'QUEUED', value: ({ load }) => load.queued, right: true },
      ],
      loads.flatMap((load) => withDepth(load, 0)),
    ),
  );
}

function withDepth(load: ShareLoad, depth: number): { load: ShareLoad; depth: number }[] {
  return [{ load, depth }, ...load.children.flatMap((child) => withDepth(child, depth + 1))];
}

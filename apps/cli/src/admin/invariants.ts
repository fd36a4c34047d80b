import { checkInvariants, type Violation } from '@panda/database';
import type { Context } from '../panda/context.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { Exit } from '../terminal/failure.js';
import { cell } from '../terminal/table.js';
import { type OperatorOptions, withOperator } from './operator.js';

/** Rows shown of each broken invariant; --json has all of them. */
const ROWS_SHOWN = 5;

/** Checks the bookkeeping; ends with 1 when something is broken. */
export async function checkBookkeeping(context: Context, options: OperatorOptions & { quiescent?: boolean }): Promise<void> {
  const quiescent = options.quiescent === true;
  const broken = await withOperator(context, options, ({ database }) => checkInvariants(database, { quiescent }));
  const { terminal, json } = context;
  if (json) terminal.json({ quiescent, broken });
  else if (broken.length === 0) terminal.out('all invariants hold');
  else terminal.out(broken.map(violationText).join('\n'));
  if (broken.length > 0) throw new Exit(exitCodes.failed);
}

function violationText({ id, title, rows }: Violation): string {
  const examples = rows.slice(0, ROWS_SHOWN).map((row) => `    ${cell(row)}`);
  const more = rows.length > ROWS_SHOWN ? [`    … and ${rows.length - ROWS_SHOWN} more`] : [];
  return [`${id} is broken in ${rows.length} place(s): ${title}`, ...examples, ...more].join('\n');
}

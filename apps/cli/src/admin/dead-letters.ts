import { BusRuntime, busKeys, DeadLetters, openBus, type WhichDeadLetters } from '@panda/bus';
import { ClientError } from '@panda/client';
import type { DeadLetterRow } from '@panda/database';
import { PromMetrics, SystemClock, SystemRandom, UuidV7 } from '@panda/runtime';
import { type Context, idOf, idsOf } from '../panda/context.js';
import { exitCodes } from '../terminal/exit-codes.js';
import { Exit, UsageError } from '../terminal/failure.js';
import { cell, facts, table } from '../terminal/table.js';
import { type Operator, type OperatorOptions, withOperator } from './operator.js';
import { TerminalLog } from './terminal-log.js';

export interface SelectionOptions extends OperatorOptions {
  readonly queue?: string;
  readonly reason?: string;
  readonly state?: string;
  readonly limit: number;
}

export interface ResolveOptions extends SelectionOptions {
  readonly all?: boolean;
}

/** Messages that were put aside, with why. */
export async function listDeadLetters(context: Context, options: SelectionOptions): Promise<void> {
  const { terminal, json } = context;
  const rows = await withLetters(context, options, (letters) => letters.list(selection(options)));
  if (json) return terminal.json(rows.map(shown));
  if (rows.length === 0) return terminal.note('no dead letters');
  terminal.out(
    table<DeadLetterRow>(
      [
        { head: 'ID', value: ({ id }) => id, right: true },
        { head: 'STATE', value: ({ state }) => state },
        { head: 'QUEUE', value: ({ queue }) => queue },
        { head: 'REASON', value: (row) => row.reason_code },
        { head: 'TRIES', value: ({ attempts }) => attempts, right: true },
        { head: 'LAST FAILED', value: (row) => row.last_failed_at },
        { head: 'TEXT', value: (row) => cell(row.reason_text).slice(0, 80) },
      ],
      rows,
    ),
  );
}

export async function showDeadLetter(context: Context, options: OperatorOptions, id: string): Promise<void> {
  const { terminal, json } = context;
  const [row] = await withLetters(context, options, (letters) => letters.list({ ids: [idOf(id)] }));
  if (row === undefined)
    throw new ClientError('PANDA-CLIENT-008', `there is no dead letter ${id}`, { hint: 'panda admin dead-letters list' });
  if (json) return terminal.json(shown(row));
  terminal.out(
    facts([
      ['dead letter', row.id],
      ['state', row.state],
      ['queue', row.queue],
      ['consumer', row.consumer],
      ['message', row.message_id],
      ['reason', `${row.reason_code}: ${row.reason_text}`],
      ['tries', row.attempts],
      ['first failed', row.first_failed_at],
      ['last failed', row.last_failed_at],
      ['resolved by', row.resolved_by],
      ['resolved at', row.resolved_at],
    ]),
  );
  terminal.out(`\n${row.envelope === null ? cell(row.raw?.toString('utf8')) : JSON.stringify(row.envelope, null, 2)}`);
}

/** Puts messages back into their queues. */
export function replayDeadLetters(context: Context, options: ResolveOptions, ids: string[]): Promise<void> {
  return resolve(context, options, ids, { done: 'replayed', how: (letters, which, by) => letters.replay(which, by) });
}

/** Marks messages as not to be handled. */
export function discardDeadLetters(context: Context, options: ResolveOptions, ids: string[]): Promise<void> {
  return resolve(context, options, ids, { done: 'discarded', how: (letters, which, by) => letters.discard(which, by) });
}

interface Resolution {
  readonly done: string;
  readonly how: (letters: DeadLetters, which: WhichDeadLetters, by: string) => Promise<number[]>;
}

async function resolve(context: Context, options: ResolveOptions, ids: string[], { done, how }: Resolution): Promise<void> {
  if ((ids.length === 0) === (options.all !== true)) throw new UsageError('give either numbers, or --all with a selection');
  const wanted = idsOf(ids);
  const which = options.all ? selection(options) : { ids: wanted, limit: wanted.length };
  const resolved = await withLetters(context, options, (letters, { name }) => how(letters, which, name));
  const { terminal, json } = context;
  if (json) terminal.json({ [done]: resolved });
  else terminal.out(`${done} ${resolved.length}${resolved.length > 0 ? `: ${resolved.join(', ')}` : ''}`);
  const left = wanted.filter((id) => !resolved.includes(id));
  if (left.length === 0) return;
  if (!json) terminal.note(`not open any more, or not there: ${left.join(', ')}`);
  throw new Exit(exitCodes.failed);
}

function withLetters<T>(
  context: Context,
  options: OperatorOptions,
  work: (letters: DeadLetters, operator: Operator) => Promise<T>,
): Promise<T> {
  return withOperator(context, options, async (operator) => {
    const clock = new SystemClock();
    const log = new TerminalLog(context.terminal);
    const runtime = new BusRuntime(
      log,
      new PromMetrics({ service: 'cli', defaults: false }),
      clock,
      new UuidV7(),
      new SystemRandom(),
    );
    const { bus } = openBus(busKeys.parse(context.variables), operator.database, runtime);
    try {
      return await work(new DeadLetters(operator.database, bus), operator);
    } finally {
      await bus.close();
    }
  });
}

function selection({ queue, reason, state, limit }: SelectionOptions): WhichDeadLetters {
  return { queue: queue ?? null, reasonCode: reason ?? null, state: state ?? null, limit };
}

function shown({ raw, ...row }: DeadLetterRow): unknown {
  return { ...row, raw: raw === null ? null : raw.toString('base64') };
}

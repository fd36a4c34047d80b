import { ClientError, type PandaClient } from '@panda/client';
import type { BrokerageReply, ExplanationReply, ReasonReply } from '@panda/contracts';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { UsageError } from '../../terminal/failure.js';
import { printable, table } from '../../terminal/table.js';
import type { Terminal } from '../../terminal/terminal.js';
import { act, type Context, idOf } from '../context.js';
import { examples } from '../examples.js';

/** Three digits that count: weights are ratios of any size, and people only compare them. */
const rounded = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3, useGrouping: false });

interface WhyOptions {
  readonly task?: boolean;
  readonly job?: boolean;
}

export function addWhyCommand(program: Command, host: Host): void {
  const why = program
    .command('why <id...>')
    .description('explain why a task or job waits, and what would unblock it: why [task|job] <id>')
    .option('--task', 'the number is a jediTaskID')
    .option('--job', 'the number is a PandaID');
  act(host, examples(why, ['panda why 12345678', 'panda why task 12345678', 'panda why job 5000000001']), explain);
}

async function explain({ terminal, json, session }: Context, options: WhyOptions, words: string[]): Promise<void> {
  const [id = '', kind, ...more] = words.toReversed();
  if (more.length > 0 || (kind !== undefined && kind !== 'task' && kind !== 'job'))
    throw new UsageError(`'${words.join(' ')}' is no task or job`);
  const explanation = await explanationOf(session.client, idOf(id), {
    ...options,
    ...(kind === undefined ? {} : { [kind]: true }),
  });
  if (json) return terminal.json(explanation);
  terminal.out(renderExplanation(explanation, terminal));
}

/** Tasks and jobs have numbers of their own; without an option a task of this number is looked for first. */
async function explanationOf(client: PandaClient, id: number, { task, job }: WhyOptions): Promise<ExplanationReply> {
  if (job) return client.jobs.why(id);
  try {
    return await client.tasks.why(id);
  } catch (error) {
    if (task || !isNotFound(error)) throw error;
  }
  try {
    return await client.jobs.why(id);
  } catch (error) {
    throw isNotFound(error) ? new ClientError('PANDA-CLIENT-008', `there is no task or job ${id}`, { cause: error }) : error;
  }
}

function isNotFound(error: unknown): boolean {
  return error instanceof ClientError && error.kind === 'notFound';
}

export function renderExplanation(explanation: ExplanationReply, { colours }: Terminal): string {
  const { subject, id, status, summary, reasons, brokerage } = explanation;
  const isSaidBelow = reasons.some(({ sentence }) => sentence === summary);
  const blocks = [
    `${subject} ${id} is ${colours.bold(printable(status))}${isSaidBelow ? '' : `: ${printable(summary)}`}`,
    ...reasons.map((reason) => reasonText(reason, colours)),
    ...(brokerage === null || brokerage === undefined ? [] : [brokerageText(brokerage)]),
  ];
  return blocks.join('\n\n');
}

function reasonText({ code, severity, sentence, unblock }: ReasonReply, colours: Terminal['colours']): string {
  const paint = severity === 'blocked' ? colours.red : severity === 'waiting' ? colours.yellow : colours.dim;
  const remedy = unblock === undefined ? '' : `\n  ${colours.green('→')} ${printable(unblock)}`;
  return `${paint(printable(code))}  ${printable(sentence)}${remedy}`;
}

function brokerageText({ at, candidates, rejected, chosen }: BrokerageReply): string {
  const lines = [`last brokerage ${printable(at)}: ${chosen.length} of ${candidates} queues chosen`];
  if (rejected.length > 0) {
    lines.push(
      table(
        [
          { head: 'RULE', value: ({ code }) => code },
          { head: 'QUEUES', value: ({ count }) => count, right: true },
          { head: 'NEAREST MISS', value: ({ nearest }) => (nearest ? `${nearest.queue}: ${nearest.sentence}` : '') },
        ],
        rejected,
      ),
    );
  }
  if (chosen.length > 0) {
    const columns = [
      { head: 'CHOSEN', value: ({ queue }: BrokerageReply['chosen'][number]) => queue },
      { head: 'WEIGHT', value: ({ weight }: BrokerageReply['chosen'][number]) => rounded.format(weight), right: true },
    ];
    lines.push(table(columns, chosen));
  }
  return lines.join('\n');
}

import { ClientError } from '@panda/client';
import { type ConfigRow, OperationalConfig } from '@panda/config';
import { DatabaseConfigRows } from '@panda/database';
import type { Context } from '../panda/context.js';
import { UsageError } from '../terminal/failure.js';
import { cell, table } from '../terminal/table.js';
import { type OperatorOptions, withOperator } from './operator.js';

const TYPES = ['int', 'float', 'bool', 'str', 'json'];

export interface ConfigOptions extends OperatorOptions {
  readonly component?: string;
}

export interface SetOptions extends OperatorOptions {
  readonly type?: string;
  readonly forVo?: string;
  readonly description?: string;
}

/** The CONFIG table: what operators have set on the running system. Spec: System Configuration Parameters */
export async function listConfig(context: Context, options: ConfigOptions): Promise<void> {
  const { terminal, json } = context;
  const all = await withOperator(context, options, ({ database }) => new DatabaseConfigRows(database).read());
  const rows = all.filter(({ component }) => options.component === undefined || component === options.component);
  if (json) return terminal.json(rows);
  if (rows.length === 0) return terminal.note('nothing is set: the defaults of docs/reference apply');
  terminal.out(
    table<ConfigRow>(
      [
        { head: 'KEY', value: ({ app, component, key }) => `${app}.${component}.${key}` },
        { head: 'VO', value: ({ vo }) => vo },
        { head: 'TYPE', value: ({ type }) => type },
        { head: 'VALUE', value: ({ value, valueJson }) => (valueJson === undefined ? value : valueJson) },
        { head: 'PROBLEM', value: (row) => typeProblem(row) },
      ],
      rows,
    ),
  );
}

/** Sets a value; it takes effect within a minute. */
export async function setConfig(context: Context, options: SetOptions, name: string, value: string): Promise<void> {
  const entry = { ...splitName(name), vo: options.forVo ?? '' };
  const previous = await withOperator(context, options, async ({ database, operations }) => {
    const type = options.type ?? (await typeOf(new DatabaseConfigRows(database), entry)) ?? 'str';
    const row = { ...entry, value, type, ...(type === 'json' ? { valueJson: parsedJson(value) } : {}) };
    const problem = TYPES.includes(type) ? typeProblem(row) : `a type is one of ${TYPES.join(', ')}`;
    if (problem !== undefined) throw new UsageError(`${name}: ${problem}`);
    // The classic column holds 256 characters; long JSON stands in its own.
    const text = type === 'json' ? '' : value;
    if (text.length > 256) throw new UsageError(`${name}: a value has at most 256 characters; longer ones are of type json`);
    return operations.setConfig({
      ...entry,
      value: text,
      type,
      valueJson: type === 'json' ? value : null,
      description: options.description ?? '',
    });
  });
  const { terminal, json } = context;
  if (json) terminal.json({ name, value, previous });
  else terminal.out(`${name} = ${cell(value)}${previous === null ? '' : ` (was ${cell(previous)})`}`);
}

/** Removes a value: the default applies again. */
export async function unsetConfig(context: Context, options: SetOptions, name: string): Promise<void> {
  const entry = { ...splitName(name), vo: options.forVo ?? '' };
  const previous = await withOperator(context, options, ({ operations }) => operations.unsetConfig(entry));
  if (previous === null) throw new ClientError('PANDA-CLIENT-008', `${name} is not set`, { hint: 'panda admin config list' });
  const { terminal, json } = context;
  if (json) terminal.json({ name, previous });
  else terminal.out(`${name} is not set any more (was ${cell(previous)})`);
}

function splitName(name: string): { app: string; component: string; key: string } {
  const [, app, component, key] = /^([\w-]{1,64})\.([\w-]{1,64})\.([\w.<>-]{1,64})$/.exec(name) ?? [];
  if (app === undefined || component === undefined || key === undefined)
    throw new UsageError(`'${name}' is no <app>.<component>.<key>`);
  return { app, component, key };
}

/** A row keeps its type unless said otherwise. */
async function typeOf(
  rows: DatabaseConfigRows,
  entry: { app: string; component: string; key: string },
): Promise<string | undefined> {
  const found = (await rows.read()).find(
    ({ app, component, key }) => app === entry.app && component === entry.component && key === entry.key,
  );
  return found?.type;
}

/** Why the fleet would ignore a value, or undefined. */
function typeProblem(row: ConfigRow): string | undefined {
  const complaints = new OperationalConfig().take([row]);
  return complaints.find(({ problem }) => problem.startsWith('the value'))?.problem;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageError(`the value is no JSON: ${(error as Error).message}`);
  }
}

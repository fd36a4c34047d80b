import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Host } from '../../host.js';
import { UsageError } from '../../terminal/failure.js';
import { table } from '../../terminal/table.js';
import { act, type Context } from '../context.js';
import { examples } from '../examples.js';

/** Files are kept under this prefix, in base64. panda-client:pandaclient/PBookCore.py@749e856 */
export const FILE_SECRET_PREFIX = '___file___:';
const SHOWN_MAX = 50;

/** Spec: User secrets. */
export function addSecretCommands(program: Command, host: Host): void {
  const secrets = program.command('secrets').description('keep secrets for your jobs (prun --useSecrets)');
  const set = secrets.command('set <key> [value]').description('store a secret').option('--file <path>', 'store a file');
  act(host, examples(set, ['panda secrets set TOKEN abc', 'panda secrets set key.pem --file key.pem']), setSecret);
  const list = secrets.command('list').description('show your secrets, long ones cut').option('--full', 'show them whole');
  act(host, examples(list, ['panda secrets list']), listSecrets);
  const remove = secrets.command('delete [key]').description('delete one secret').option('--all', 'delete all of them');
  act(host, examples(remove, ['panda secrets delete TOKEN', 'panda secrets delete --all']), deleteSecret);
}

async function setSecret(
  { terminal, json, session, cwd }: Context,
  { file }: { file?: string },
  key: string,
  value?: string,
): Promise<void> {
  if ((file === undefined) === (value === undefined)) throw new UsageError('give either a value or --file');
  if (file === undefined) await session.client.secrets.set(key, value ?? '');
  else await session.client.secrets.set(FILE_SECRET_PREFIX + key, (await readFile(resolve(cwd, file))).toString('base64'));
  if (json) terminal.json({ key, stored: true });
  else terminal.out(`stored ${key}`);
}

async function listSecrets({ terminal, json, session }: Context, { full }: { full?: boolean }): Promise<void> {
  const secrets = await session.client.secrets.list();
  if (json) return terminal.json(secrets);
  const rows = Object.entries(secrets).toSorted(([a], [b]) => (a < b ? -1 : 1));
  if (rows.length === 0) return terminal.note('no secrets');
  terminal.out(secretTable(rows, full === true));
}

export function secretTable(rows: readonly (readonly [string, string])[], full: boolean): string {
  const shown = (value: string) => (full || value.length <= SHOWN_MAX ? value : `${value.slice(0, SHOWN_MAX)}...`);
  return table<readonly [string, string]>(
    [
      { head: 'KEY', value: ([key]) => key.replace(/^___[a-z]+___:/, '') },
      { head: 'VALUE', value: ([, value]) => shown(value) },
    ],
    rows,
  );
}

async function deleteSecret({ terminal, json, session }: Context, { all }: { all?: boolean }, key?: string): Promise<void> {
  if ((key === undefined) === (all !== true)) throw new UsageError('give either a key or --all');
  if (key === undefined) await session.client.secrets.deleteAll();
  else await session.client.secrets.delete(key);
  if (json) terminal.json({ deleted: key ?? 'all' });
  else terminal.out(key === undefined ? 'deleted all secrets' : `deleted ${key}`);
}

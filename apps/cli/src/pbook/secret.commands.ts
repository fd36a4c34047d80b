import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FILE_SECRET_PREFIX, secretTable } from '../panda/commands/secrets.command.js';
import type { BookCommand } from './command.js';

/** Spec: User secrets. Features CLI-secrets-02 to -05 */
export const secretCommands: readonly BookCommand[] = [
  {
    name: 'set_secret',
    parameters: ['key', 'value', 'is_file'],
    help: 'Keep a secret for your jobs. The value is a text; with is_file=True it is the path of a file.',
    examples: ["set_secret('token', 'abc')", "set_secret('key.pem', '/path/key.pem', is_file=True)"],
    run: async (book, args) => {
      const key = args.text('key');
      const value = args.text('value');
      if (args.flag('is_file', false))
        await book.client.secrets.set(FILE_SECRET_PREFIX + key, (await readFile(resolve(book.cwd, value))).toString('base64'));
      else await book.client.secrets.set(key, value);
      book.info('OK');
      return { ok: true };
    },
  },
  {
    name: 'list_secrets',
    parameters: ['full'],
    help: 'List your secrets. Long values are cut unless full=True.',
    examples: ['list_secrets()', 'list_secrets(full=True)'],
    run: async (book, args) => {
      const rows = Object.entries(await book.client.secrets.list()).toSorted(([a], [b]) => (a < b ? -1 : 1));
      book.terminal.out(rows.length === 0 ? 'No secrets' : secretTable(rows, args.flag('full', false)));
      return { ok: true };
    },
  },
  {
    name: 'delete_secret',
    parameters: ['key'],
    help: 'Delete a secret.',
    examples: ["delete_secret('token')"],
    run: async (book, args) => {
      await book.client.secrets.delete(args.text('key'));
      book.info('OK');
      return { ok: true };
    },
  },
  {
    name: 'delete_all_secrets',
    parameters: [],
    help: 'Delete all your secrets.',
    examples: ['delete_all_secrets()'],
    run: async (book) => {
      await book.client.secrets.deleteAll();
      book.info('OK');
      return { ok: true };
    },
  },
];

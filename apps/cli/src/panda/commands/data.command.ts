import { resolve } from 'node:path';
import type { DatasetReply, FileReply } from '@panda/contracts';
import type { Command } from 'commander';
import { downloadDataset } from '../../data/download.js';
import { transferBar } from '../../data/transfer-bar.js';
import { uploadFiles } from '../../data/upload.js';
import type { Host } from '../../host.js';
import { exitCodes } from '../../terminal/exit-codes.js';
import { Exit } from '../../terminal/failure.js';
import { printable, table } from '../../terminal/table.js';
import { act, type Context, wholeNumber } from '../context.js';
import { examples } from '../examples.js';

interface PutOptions {
  readonly endpoint?: string;
  readonly close?: boolean;
  readonly parallel: number;
}

interface GetOptions {
  readonly to: string;
  readonly match?: string;
  readonly parallel: number;
}

export function addDataCommands(program: Command, host: Host): void {
  const data = program.command('data').description('put files into datasets and get them back');
  const put = data
    .command('put <dataset> <file...>')
    .description('upload files into a dataset; it is made if it does not exist')
    .option('--endpoint <name>', 'storage endpoint')
    .option('--close', 'close the dataset afterwards: no more files')
    .option('--parallel <n>', 'uploads at a time', wholeNumber(), 3);
  act(
    host,
    examples(put, ['panda data put user.alice.events events.root', 'panda data put --close user.alice.more a.root b.root']),
    putFiles,
  );
  const get = data
    .command('get <dataset>')
    .description('download the files of a dataset; what is here already is kept')
    .option('--to <directory>', 'where to', '.')
    .option('--match <pattern>', 'only files with such names; * and ? are wild cards')
    .option('--parallel <n>', 'downloads at a time', wholeNumber(), 3);
  act(
    host,
    examples(get, ['panda data get user.alice.events --to results', "panda data get user.alice.events --match '*.root'"]),
    getFiles,
  );
  const ls = data
    .command('ls [dataset]')
    .description('list your datasets, or the files of one')
    .option('--all', 'list the files of all pages');
  act(host, examples(ls, ['panda data ls', 'panda data ls user.alice.events']), list);
}

async function putFiles(
  { terminal, json, session, cwd }: Context,
  options: PutOptions,
  dataset: string,
  files: string[],
): Promise<void> {
  const bar = json ? undefined : transferBar(terminal, files.length);
  const stored = await uploadFiles(session.client, {
    dataset,
    files: files.map((file) => resolve(cwd, file)),
    endpoint: options.endpoint,
    parallel: options.parallel,
    onFile: () => bar?.step(),
  }).finally(() => bar?.stop());
  if (options.close) await session.client.data.closeDataset(dataset);
  if (json) return terminal.json(stored);
  terminal.out(filesTable(stored));
}

async function getFiles({ terminal, json, session, cwd }: Context, options: GetOptions, dataset: string): Promise<void> {
  const bar = json ? undefined : transferBar(terminal, 0);
  const { to, match, parallel } = options;
  const results = await downloadDataset(session.client, {
    dataset,
    directory: resolve(cwd, to),
    match,
    parallel,
    onTotal: (total) => bar?.total(total),
    onFile: () => bar?.step(),
  }).finally(() => bar?.stop());
  if (results.length === 0 && !json) terminal.note('no files');
  if (json) terminal.json(results);
  else
    for (const { lfn, outcome, message } of results)
      terminal.out(`${outcome.padEnd(8)} ${printable(lfn)}${message === undefined ? '' : `: ${printable(message)}`}`);
  if (results.some(({ outcome }) => outcome === 'failed')) throw new Exit(exitCodes.failed);
}

async function list({ terminal, json, session }: Context, options: { all?: boolean }, dataset?: string): Promise<void> {
  if (dataset === undefined) return listDatasets({ terminal, json, session });
  const files: FileReply[] = [];
  if (options.all) for await (const file of session.client.data.files(dataset)) files.push(file);
  else files.push(...(await session.client.data.listFiles({ dataset })).items);
  if (json) return terminal.json(files);
  terminal.out(files.length === 0 ? 'no files' : filesTable(files));
}

async function listDatasets({ terminal, json, session }: Pick<Context, 'terminal' | 'json' | 'session'>): Promise<void> {
  const { items } = await session.client.data.listDatasets();
  if (json) return terminal.json(items);
  if (items.length === 0) return terminal.note('no datasets');
  terminal.out(
    table<DatasetReply>(
      [
        { head: 'DATASET', value: ({ scope, name }) => `${scope}:${name}` },
        { head: 'TYPE', value: ({ type }) => type },
        { head: 'OPEN', value: ({ is_open }) => (is_open ? 'yes' : 'no') },
        { head: 'FILES', value: ({ n_files }) => n_files, right: true },
        { head: 'BYTES', value: ({ n_bytes }) => n_bytes, right: true },
        { head: 'CREATED', value: ({ created_at }) => created_at },
      ],
      items,
    ),
  );
}

function filesTable(files: readonly FileReply[]): string {
  return table<FileReply>(
    [
      { head: 'FILE', value: ({ scope, lfn }) => `${scope}:${lfn}` },
      { head: 'BYTES', value: ({ size }) => size, right: true },
      { head: 'ADLER32', value: ({ adler32 }) => adler32 },
      { head: 'ENDPOINTS', value: ({ replicas }) => replicas.map(({ endpoint }) => endpoint).join(', ') },
    ],
    files,
  );
}

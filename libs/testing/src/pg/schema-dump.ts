import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Major version the committed dump is made with; others print the same schema in other words. */
export const DUMP_MAJOR = 15;

/** Partitions are made by date and number: they would change the dump every day. */
const PARTITIONS = ['*_rest', '*_p[0-9]*', '*_20[0-9][0-9]_*'];

/** Major version of `pg_dump` on this machine; undefined without one. */
export async function dumpMajor(): Promise<number | undefined> {
  try {
    const { stdout } = await run('pg_dump', ['--version']);
    return Number(/(\d+)\./.exec(stdout)?.[1]);
  } catch {
    return undefined; // not installed
  }
}

/** The schema of `url` as SQL, without what depends on the day or on who runs it: a migration's effect shows in review. */
export async function dumpSchema(url: string): Promise<string> {
  const args = [
    '--schema-only',
    '--no-owner',
    '--no-privileges',
    '--no-comments',
    ...PARTITIONS.flatMap((p) => ['-T', `*.${p}`]),
    url,
  ];
  const { stdout } = await run('pg_dump', args, { maxBuffer: 64 * 1024 * 1024 });
  const lines = stdout.split('\n').filter((line) => !/^(--|SET |SELECT pg_catalog\.set_config|\\(un)?restrict )/.test(line));
  return `-- Generated from the migrations: UPDATE_SCHEMA=1 npm run test:int -- schema-dump. Do not edit.\n${lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
}

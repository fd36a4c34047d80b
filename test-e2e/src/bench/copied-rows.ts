import { once } from 'node:events';
import type { TestDatabase } from '@panda/testing';
import pgDriver from 'pg';
import { from, to } from 'pg-copy-streams';
import { rate } from './measure.js';

/** Every table that making jobs writes rows into, and how a job's rows are found. */
const tables = {
  jobs_live: 'jeditaskid = $1',
  job_files: 'jeditaskid = $1',
  job_params: 'pandaid in (select pandaid from doma_panda.jobs_live where jeditaskid = $1)',
  jobs_statuslog: 'pandaid in (select pandaid from doma_panda.jobs_live where jeditaskid = $1)',
  jedi_dataset_contents: "jeditaskid = $1 and type in ('output', 'log')",
} as const;

/** COPY's text of all rows the generator made for a task, by table. */
export async function everythingOfJobs({ url }: TestDatabase, taskId: number): Promise<Map<string, Buffer>> {
  return withClient(url, async (client) => {
    const found = new Map<string, Buffer>();
    for (const [table, where] of Object.entries(tables)) {
      const select = `select * from doma_panda.${table} where ${where.replace('$1', String(taskId))}`;
      const parts: Buffer[] = [];
      for await (const part of client.query(to(`COPY (${select}) TO STDOUT`))) parts.push(part as Buffer);
      found.set(table, Buffer.concat(parts));
    }
    return found;
  });
}

/** Jobs a second when the same rows go, in one durable transaction, into tables without an index, a trigger or a check. */
export async function copyAgain({ url }: TestDatabase, rows: ReadonlyMap<string, Buffer>, jobs: number): Promise<number> {
  return withClient(url, async (client) => {
    for (const table of rows.keys()) {
      await client.query(`drop table if exists public.bare_${table}`);
      await client.query(`create table public.bare_${table} (like doma_panda.${table})`);
    }
    return rate(jobs, async () => {
      await client.query('begin');
      for (const [table, text] of rows) {
        const stream = client.query(from(`COPY public.bare_${table} FROM STDIN`));
        const finished = once(stream, 'finish');
        stream.end(text);
        await finished;
      }
      await client.query('commit');
    });
  });
}

async function withClient<T>(url: string, work: (client: pgDriver.Client) => Promise<T>): Promise<T> {
  const client = new pgDriver.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

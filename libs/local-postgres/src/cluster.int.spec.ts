import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type Binaries, findBinaries } from './binaries.js';
import { type Cluster, startCluster } from './cluster.js';

/** The embedded binaries must always work; installed ones are tested where the machine has them. */
async function installedOrigins(): Promise<Binaries['origin'][]> {
  const installed = await findBinaries('installed').catch(() => undefined);
  return installed ? ['installed', 'embedded'] : ['embedded'];
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

const origins = await installedOrigins();

describe.each(origins)('a private PostgreSQL cluster of %s binaries', (origin) => {
  let dir: string;
  let cluster: Cluster;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-cluster-'));
    cluster = await startCluster({ dataDir: dir, durable: false, origin });
  }, 60_000);

  afterAll(async () => {
    await cluster.stop();
    await rm(dir, { recursive: true, force: true });
  });

  it('listens on this machine only and asks for its password', async () => {
    expect(await query(cluster.url('postgres'), 'show listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const withoutPassword = new URL(cluster.url('postgres'));
    withoutPassword.password = 'wrong';
    await expect(query(withoutPassword.href, 'select 1')).rejects.toThrow(/password authentication failed/);
  });

  it('takes over a cluster whose owner went away, with its data', async () => {
    await query(cluster.url('postgres'), 'create table kept as select 42 as answer');
    const successor = await startCluster({ dataDir: dir, durable: false, origin }); // the first server still runs
    expect(await query(successor.url('postgres'), 'select answer from kept')).toEqual([{ answer: 42 }]);
    await cluster.stop();
    cluster = successor;
  }, 60_000);
});

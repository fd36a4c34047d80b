import { mkdir, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Database, migrate, openPool, SiteRepository } from '@panda/database';
import {
  LOCAL_ENDPOINT,
  LOCAL_HARVESTER,
  LOCAL_QUEUE,
  LOCAL_SITE,
  localHarvesterQueue,
  localQueue,
  thisMachine,
} from './local-queue.js';

const GIB = 2 ** 30;
/** What `prun` writes into a task without `--vo`, the real one as ours: a user of the box need not know about it. */
const CLIENT_DEFAULT_VO = 'atlas';

/** Brings the schema up to date and registers the site LOCAL with its storage and queue. Safe to repeat at each start. */
export async function prepareSite(databaseUrl: string, folders: { storage: string; harvester: string }): Promise<void> {
  await migrate(databaseUrl);
  const machine = thisMachine();
  await mkdir(folders.storage, { recursive: true });
  await mkdir(folders.harvester, { recursive: true });
  await writeFile(
    join(folders.harvester, 'panda_queueconfig.json'),
    `${JSON.stringify(localHarvesterQueue(machine), null, 2)}\n`,
  );
  const { bsize, bavail } = await statfs(folders.storage);
  const pool = openPool({
    url: databaseUrl,
    max: 1,
    applicationName: 'box',
    statementTimeoutMs: 30_000,
    lockTimeoutMs: 10_000,
    idleInTransactionMs: 10_000,
  });
  const database = new Database(pool);
  try {
    await new SiteRepository(database).register({
      site: LOCAL_SITE,
      harvester: LOCAL_HARVESTER,
      communities: [CLIENT_DEFAULT_VO],
      endpoint: {
        name: LOCAL_ENDPOINT,
        baseUrl: pathToFileURL(folders.storage).href,
        spaceGb: Math.floor((bsize * bavail) / GIB),
      },
      queue: { name: LOCAL_QUEUE, data: localQueue(machine) },
    });
  } finally {
    await database.close();
  }
}

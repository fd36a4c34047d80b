import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { startCluster } from '@panda/local-postgres';
import { type Books, demonstrated, readBooks } from './books.js';
import { isAlive, LaunchedBox } from './launched-box.js';

jest.setTimeout(600_000); // a minute and a half on two quiet cores

const STOP_MS = 10_000;

/** `npm start`: everything in one process on a database of its own. The tests follow one box through its life. */
describe('a box', () => {
  let dir: string;
  let box: LaunchedBox;
  let postgresDir: string | undefined;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-box-e2e-'));
  });
  afterEach(() => box.stop());
  afterAll(async () => {
    // Pilots of the last box may still write their last lines.
    for (const folder of [dir, postgresDir]) if (folder) await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  const start = (...args: string[]) => (box = LaunchedBox.start('main', dir, args));
  /** Of the box that has ended: its database is started for the look alone. */
  const books = async (): Promise<Books> => {
    [, postgresDir] = await box.says(/PostgreSQL \S+ \(.*\) in (\S+)/);
    const cluster = await startCluster({ dataDir: postgresDir as string, durable: true });
    try {
      return await readBooks(cluster.url('panda'));
    } finally {
      await cluster.stop();
    }
  };

  it('shows a Z boson, ends well and leaves its books in order', async () => {
    start('--exit-when-done');
    const code = await box.exit();
    expect(box.output).toContain('a Z boson');
    expect(code).toBe(0);
    expect(await books()).toEqual(demonstrated);
  });

  it('started again on its folder still has its tasks at the same address, and ends within ten seconds of Ctrl-C', async () => {
    const [, before] = await box.says(/^API\s+(http:\S+)\/api\/v1/m);
    start();
    await box.says(/The demonstration was completed before, by tasks \d+ and \d+; --demo runs it again\./);
    await box.says(/The fleet stays up/);
    const [, server] = await box.says(/^API\s+(http:\S+)\/api\/v1/m);
    expect(server).toBe(before);
    const ready = await fetch(`${server}/readyz`);
    expect(ready.status).toBe(200);
    const { code, ms } = await box.interrupt();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_MS);
    expect(await books()).toEqual(demonstrated);
  });

  it('interrupted in the middle of its demonstration ends within ten seconds', async () => {
    start('--demo');
    await box.says(/generate running/);
    const { code, ms } = await box.interrupt();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_MS);
  });

  it('interrupted while its services start ends within ten seconds, too, and leaves none behind', async () => {
    start('--no-demo');
    await box.says(/PostgreSQL/);
    const started = await box.startedProcesses();
    expect(box.output).not.toContain('API');
    const { ms } = await box.interrupt();
    expect(ms).toBeLessThan(STOP_MS);
    expect(started.filter(isAlive)).toEqual([]);
  });
});

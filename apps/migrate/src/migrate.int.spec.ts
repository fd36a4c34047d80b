import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrationFiles } from '@panda/database';
import { FakeClock, findServer, type TestServer } from '@panda/testing';
import pg from 'pg';
import { run } from './migrate.js';

const name = `panda_test_${Math.floor(Date.now() / 1000)}_${randomBytes(4).toString('hex')}`;

describe('migrate', () => {
  let server: TestServer;
  const onServer = async (text: string) => {
    const client = new pg.Client({ connectionString: server.url('postgres') });
    await client.connect();
    await client.query(text);
    await client.end();
  };
  const migrateNow = async (url: string, wait = 0, clock = new FakeClock()) => {
    const lines: string[] = [];
    const code = await run({ url, wait }, (line) => lines.push(line), clock);
    return { code, lines };
  };
  beforeAll(async () => {
    server = await findServer();
  });
  afterAll(() => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`), 60_000);

  it('ADMIN-02 needs the database to exist, and says so', async () => {
    const { code, lines } = await migrateNow(server.url(name));
    expect(code).toBe(2);
    expect(lines.join('\n')).toContain(`database "${name}" does not exist`);
  });

  it('DB-42 DB-47 makes the whole schema of an empty database, then nothing', async () => {
    await onServer(`CREATE DATABASE ${name}`);
    const first = await migrateNow(server.url(name));
    expect(first.code).toBe(0);
    expect(first.lines.filter((line) => line.startsWith('applied'))).toHaveLength(migrationFiles.length);
    expect(await migrateNow(server.url(name))).toEqual({ code: 0, lines: ['the schema is up to date'] });
  }, 60_000);

  it('waits for a server that is not there yet, then gives up with its reason', async () => {
    const clock = new FakeClock();
    const waiting = migrateNow('postgresql://nobody@127.0.0.1:1/none', 1_000, clock);
    await clock.whenSleeping(1);
    await clock.advance(500);
    await clock.whenSleeping(1);
    await clock.advance(500);
    const { code, lines } = await waiting;
    expect([code, lines.join()]).toEqual([2, expect.stringContaining('ECONNREFUSED')]);
  });
});

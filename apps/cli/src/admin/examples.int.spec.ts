import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { storeDeadLetter } from '@panda/database';
import { aQueue, insertRows, pg, type TestDatabase } from '@panda/testing';
import { exampleLines } from '../testing/example-lines.js';
import { runHere } from '../testing/run-here.js';

let db: TestDatabase;

beforeAll(async () => {
  db = await pg();
  await insertRows(db.database, aQueue('SITE_A'));
  for (const reasonCode of ['malformed', 'malformed', 'refused']) {
    await db.database.run(storeDeadLetter, {
      messageId: null,
      queue: 'panda.daemon.jobs.reported',
      consumer: 'daemon',
      reasonCode,
      reasonText: 'cannot read',
      firstFailedAt: '2026-11-22T07:00:00Z',
      lastFailedAt: '2026-11-22T08:00:00Z',
      attempts: 3,
      envelope: null,
      raw: Buffer.from('{}'),
    });
  }
});
afterAll(() => db.close());

describe('the operators’ example', () => {
  it.each(exampleLines((path) => path[1] === 'admin'))('%s works', async (_line, [, ...args]) => {
    const run = await runHere('panda', args, { env: { DATABASE_URL: db.url, BUS: 'postgres' } });
    expect({ code: run.code, stderr: run.stderr }).toEqual({
      code: 0,
      stderr: expect.stringMatching(/^(no queues\n|nothing is set.*\n)?$/),
    });
  });
});

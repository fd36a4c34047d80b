import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { environment } from '@panda/config';
import { DUMP_MAJOR, dumpMajor, dumpSchema, pg, type TestDatabase } from '@panda/testing';

const committed = new URL('../../schema.sql', import.meta.url);
const canDump = (await dumpMajor()) === DUMP_MAJOR;

describe('schema.sql', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  }, 60_000);
  afterAll(() => db.close());

  (canDump ? it : it.skip)('is what the migrations make (UPDATE_SCHEMA=1 writes it anew)', async () => {
    const dump = await dumpSchema(db.url);
    if (environment().UPDATE_SCHEMA) writeFileSync(committed, dump);
    expect(dump).toBe(readFileSync(committed, 'utf8'));
  });
});

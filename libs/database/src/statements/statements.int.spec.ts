import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { allStatements } from '@panda/database';
import { pg, type TestDatabase } from '@panda/testing';

const here = new URL('.', import.meta.url);

describe('statements', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg({ max: 1 });
    for (const file of readdirSync(here)) {
      if (file.endsWith('.ts') && !file.includes('.spec.')) await import(new URL(file, here).pathname);
    }
  }, 60_000);
  afterAll(() => db.close());

  it('prepare on the migrated schema, each of them', async () => {
    const refused: string[] = [];
    const statements = allStatements();
    for (const [index, { name, text }] of statements.entries()) {
      await db.database.pool
        .query(`PREPARE fitness_${index} AS ${text}`)
        .catch((error: Error) => refused.push(`${name}: ${error.message}`));
    }
    expect(refused).toEqual([]);
    expect(statements.length).toBeGreaterThan(60);
  });

  it('have names of the form aggregate.verb', () => {
    const odd = allStatements().filter(({ name }) => !/^[a-z][A-Za-z]*(\.[A-Za-z][A-Za-z0-9]*)?$/.test(name));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });
});

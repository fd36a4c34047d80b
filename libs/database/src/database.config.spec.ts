import { describe, expect, it } from '@jest/globals';
import { databaseKeys } from './database.config.js';

describe('the keys of the database', () => {
  it('DB-04 limit connections, and statements to 300 s unless told otherwise', () => {
    expect(databaseKeys.parse({})).toMatchObject({ poolMax: 10, statementTimeout: 300_000 });
    expect(databaseKeys.parse({ PANDA_DB_POOL_MAX: '4', PANDA_DB_STATEMENT_TIMEOUT: '25s' })).toMatchObject({
      poolMax: 4,
      statementTimeout: 25_000,
    });
  });

  it('DB-07 take host, user, password and name as one URL, and refuse another kind of database', () => {
    expect(databaseKeys.parse({ DATABASE_URL: 'postgresql://panda:secret@db.example.org:5433/panda_db' }).url).toContain(
      'db.example.org',
    );
    expect(() => databaseKeys.parse({ DATABASE_URL: 'mysql://panda@db/panda' })).toThrow(
      /DATABASE_URL must begin with postgresql/,
    );
  });
});

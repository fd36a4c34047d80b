import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { ConfigError } from './key-set.js';
import { bool, float, int, list, ms, oneOf, secret, secretUrl, str, url } from './kinds.js';
import { allKeys, changedKeys, defineKeys, masked, readAllKeys } from './registry.js';

const broker = defineKeys('test-broker', {
  batch: int('PANDA_TEST_BATCH', { default: 200, min: 1, max: 5_000, doc: 'Tasks per cycle.' }),
  lease: ms('PANDA_TEST_LEASE', { default: '10m', min: 1_000, doc: 'Takeover after.' }),
  share: float('PANDA_TEST_SHARE', { default: 0.5, min: 0, max: 1, doc: 'A part.' }),
  mode: oneOf('PANDA_TEST_MODE', ['auto', 'manual'], { default: 'auto', doc: 'How.' }),
  verbose: bool('PANDA_TEST_VERBOSE', { default: false, doc: 'More lines.' }),
  peers: list('PANDA_TEST_PEERS', { default: [], doc: 'Others.' }),
  monitor: url('PANDA_TEST_MONITOR', { optional: true, schemes: ['https'], doc: 'Pages.' }),
  database: secretUrl('PANDA_TEST_DATABASE', {
    schemes: ['postgresql'],
    aliases: ['PANDA_TEST_OLD_DATABASE'],
    doc: 'Connection.',
  }),
  token: secret('PANDA_TEST_TOKEN', { optional: true, doc: 'Password of a peer.' }),
  name: str('PANDA_TEST_NAME', { default: 'one', pattern: /^[a-z]+$/, doc: 'A word.' }),
});
const least = { PANDA_TEST_DATABASE: 'postgresql://panda:pw@db:5432/panda' };

describe('deployment keys', () => {
  it('take their defaults where nothing is given', () => {
    expect(broker.parse(least)).toEqual({
      batch: 200,
      lease: 600_000,
      share: 0.5,
      mode: 'auto',
      verbose: false,
      peers: [],
      monitor: undefined,
      database: least.PANDA_TEST_DATABASE,
      token: undefined,
      name: 'one',
    });
  });

  it('have the type of their kind', () => {
    const values = broker.parse({
      ...least,
      PANDA_TEST_BATCH: '5',
      PANDA_TEST_LEASE: '1h30m',
      PANDA_TEST_VERBOSE: 'yes',
      PANDA_TEST_PEERS: 'a, b,,c',
      PANDA_TEST_MONITOR: 'https://monitor/',
    });
    expect(values).toMatchObject({
      batch: 5,
      lease: 5_400_000,
      verbose: true,
      peers: ['a', 'b', 'c'],
      monitor: 'https://monitor/',
    });
  });

  it('are refused all at once, each with its rule', () => {
    const bad = {
      PANDA_TEST_BATCH: '0',
      PANDA_TEST_LEASE: 'soon',
      PANDA_TEST_SHARE: '2',
      PANDA_TEST_MODE: 'perhaps',
      PANDA_TEST_VERBOSE: 'maybe',
      PANDA_TEST_MONITOR: 'ftp://monitor/',
      PANDA_TEST_NAME: 'A1',
    };
    const problems = violationsOf(() => broker.parse(bad));
    expect(problems).toEqual([
      'PANDA_TEST_BATCH is below 1',
      'PANDA_TEST_LEASE is not a duration such as 500ms, 90s, 10m, 1h30m',
      'PANDA_TEST_SHARE is above 1',
      'PANDA_TEST_MODE is not one of auto, manual',
      'PANDA_TEST_VERBOSE is neither true nor false',
      'PANDA_TEST_MONITOR must begin with https://',
      'PANDA_TEST_DATABASE is required',
      'PANDA_TEST_NAME does not match ^[a-z]+$',
    ]);
  });

  it('never show a secret in a complaint', () => {
    const error = thrownBy(() => broker.parse({ PANDA_TEST_DATABASE: 'mysql://panda:hush@db/panda' }));
    expect(error.message).toContain('must begin with postgresql://');
    expect(error.message).not.toContain('hush');
  });

  it('refuse a password in a URL that is printed', () => {
    expect(violationsOf(() => broker.parse({ ...least, PANDA_TEST_MONITOR: 'https://u:hush@monitor/' }))).toEqual([
      'PANDA_TEST_MONITOR must not contain a password',
    ]);
  });

  it('count an empty text as not given', () => {
    expect(broker.parse({ ...least, PANDA_TEST_BATCH: '' }).batch).toBe(200);
  });

  it('are found under their older names, after the present one', () => {
    const old = { PANDA_TEST_OLD_DATABASE: 'postgresql://old/x' };
    expect(broker.parse(old).database).toBe('postgresql://old/x');
    expect(broker.parse({ ...old, ...least }).database).toBe(least.PANDA_TEST_DATABASE);
  });

  it('read a secret from the file named by <NAME>_FILE', () => {
    const dir = mkdtempSync(join(tmpdir(), 'panda-config-'));
    try {
      writeFileSync(join(dir, 'token'), 'hush\n');
      expect(broker.parse({ ...least, PANDA_TEST_TOKEN_FILE: join(dir, 'token') }).token).toBe('hush');
      expect(violationsOf(() => broker.parse({ ...least, PANDA_TEST_TOKEN_FILE: join(dir, 'none') }))[0]).toContain('ENOENT');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('can be changed for a test, and still demand what has no default', () => {
    expect(broker.with({ batch: 3, database: 'postgresql://x/y' })).toMatchObject({ batch: 3, lease: 600_000 });
    expect(() => broker.with({})).toThrow('PANDA_TEST_DATABASE is required');
  });
});

describe('the registry of keys', () => {
  it('refuses a variable two components declare', () => {
    expect(() => defineKeys('test-other', { batch: int('PANDA_TEST_BATCH', { default: 1, doc: 'x' }) })).toThrow(
      "PANDA_TEST_BATCH is declared by 'test-broker' and 'test-other'",
    );
    expect(() => defineKeys('test-broker', {})).toThrow('declared twice');
  });

  it('refuses a default that breaks its own rule', () => {
    expect(() => int('PANDA_TEST_ODD', { default: 7, max: 5, doc: 'x' })).toThrow('is above 5');
  });

  it('lists every key for the generators', () => {
    expect(allKeys().map(({ key }) => key.env)).toContain('PANDA_TEST_BATCH');
    expect(allKeys().find(({ key }) => key.env === 'PANDA_TEST_BATCH')?.key).toMatchObject({
      fallback: '200',
      required: false,
      schema: { type: 'integer', minimum: 1, maximum: 5_000 },
    });
  });

  it('checks every declared set at boot', () => {
    expect(() => readAllKeys({})).toThrow(ConfigError);
    expect(() => readAllKeys(least)).not.toThrow();
  });

  it('shows what differs from the defaults, secrets masked', () => {
    expect(changedKeys({ ...least, PANDA_TEST_BATCH: '200', PANDA_TEST_MODE: 'manual', PANDA_TEST_TOKEN: 'hush' })).toEqual({
      PANDA_TEST_MODE: 'manual',
      PANDA_TEST_DATABASE: 'postgresql://***@db:5432/panda',
      PANDA_TEST_TOKEN: '***',
    });
    expect(masked('no url')).toBe('***');
  });
});

function thrownBy(act: () => unknown): Error {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing was thrown');
}

function violationsOf(act: () => unknown): string[] {
  const error = thrownBy(act);
  if (!(error instanceof ConfigError)) throw error;
  return error.violations.map(({ env, problem }) => `${env} ${problem}`);
}

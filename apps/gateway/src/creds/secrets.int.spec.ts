import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, aQueue, insertRows } from '@panda/testing';
import { classic, countRows, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let dir: string;
let alice: { token: string };
let bob: { token: string };
let pilot: { token: string; origin: string };

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'panda-creds-'));
  gateway = await startGateway({ accessTokenDir: dir, proxyDir: dir });
  alice = { token: await gateway.issuer.token() };
  bob = { token: await gateway.issuer.token({ sub: 'bob', name: 'Bob Builder' }) };
  pilot = {
    token: await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/pilot'] }),
    origin: 'wlcg.pilot',
  };
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await rm(dir, { recursive: true });
});

const stored = async () =>
  (await gateway.database.pool.query('select owner, data from doma_panda.secrets')).rows as { owner: string; data: string }[];

describe('user secrets', () => {
  it('CLI-secrets-01 CLI-secrets-02 CLI-secrets-03 go round, encrypted at rest, and nobody else sees them', async () => {
    expect((await classic(gateway, 'set_user_secret', { key: 'k', value: 'hunter2' }, alice)).json()).toEqual([true, 'OK']);
    expect((await v1Post(gateway, 'creds/set_user_secrets', { key: 'j', value: '{"a": 1}' }, alice)).json()).toEqual({
      success: true,
      message: 'OK',
      data: null,
    });
    expect((await classic(gateway, 'get_user_secrets', {}, alice)).json()).toEqual([true, '{"k":"hunter2","j":"{\\"a\\": 1}"}']);
    expect((await v1Get(gateway, 'creds/get_user_secrets', bob)).json()).toEqual({ success: true, message: '', data: '{}' });
    const [row] = await stored();
    expect(row?.owner).toBe('Alice Example');
    expect(row?.data).toMatch(/^v1:[0-9a-f]{8}:[\w-]+:[\w-]+$/);
    expect(row?.data).not.toContain('hunter2');
    const { rows } = await gateway.database.pool.query('select summary::text from panda_ops.audit');
    expect(JSON.stringify(rows)).not.toContain('hunter2');
  });

  it('cannot be read under another owner’s name, or after a change of the row', async () => {
    await gateway.database.pool.query(
      "insert into doma_panda.secrets (owner, data) select 'Bob Builder', data from doma_panda.secrets where owner = 'Alice Example'",
    );
    expect((await v1Get(gateway, 'creds/get_user_secrets', bob)).status).toBe(500);
    await gateway.database.pool.query("delete from doma_panda.secrets where owner = 'Bob Builder'");
  });

  it('rows in clear text of a Python server are read, and sealed with the next change', async () => {
    await gateway.database.pool.query(`insert into doma_panda.secrets (owner, data) values ('Bob Builder', '{"old": "x"}')`);
    expect((await classic(gateway, 'get_user_secrets', {}, bob)).json()).toEqual([true, '{"old":"x"}']);
    await classic(gateway, 'set_user_secret', { key: 'new', value: 'y' }, bob);
    expect((await stored()).find(({ owner }) => owner === 'Bob Builder')?.data).toMatch(/^v1:/);
    expect((await classic(gateway, 'get_user_secrets', {}, bob)).json()).toEqual([true, '{"old":"x","new":"y"}']);
  });

  it('CLI-secrets-04 CLI-secrets-05 one is deleted by its key, all without a key', async () => {
    await classic(gateway, 'set_user_secret', { key: 'old' }, bob);
    expect((await classic(gateway, 'get_user_secrets', {}, bob)).json()).toEqual([true, '{"new":"y"}']);
    expect((await classic(gateway, 'set_user_secret', {}, bob)).json()).toEqual([true, 'OK']);
    expect((await classic(gateway, 'get_user_secrets', {}, bob)).json()).toEqual([true, '']);
    expect((await stored()).map(({ owner }) => owner)).toEqual(['Alice Example']);
  });

  it.each([
    ['a key of 10 kB', 'k'.repeat(10_000), 'v'],
    ['a value of 1 MB', 'k', 'v'.repeat(1_000_000)],
    ['a file of 2 MB', '___file___:f', 'v'.repeat(2_000_000)],
  ])('I35 refuses %s and stores nothing', async (_, key, value) => {
    const before = await stored();
    const rows = await countRows(gateway);
    expect((await v1Post(gateway, 'creds/set_user_secrets', { key, value }, alice)).json()).toMatchObject({ success: false });
    expect(await stored()).toEqual(before);
    expect(await countRows(gateway)).toEqual(rows);
  });

  it('CLI-secrets-06 reach the pilot of a job that uses them, and of no other job', async () => {
    await insertRows(
      gateway.database,
      aQueue('QUEUE_A'),
      aJob(1).with({ produsername: 'Alice Example', specialhandling: 'us' }),
      aJob(2).with({ produsername: 'Alice Example' }),
    );
    const ask = { siteName: 'QUEUE_A', prodSourceLabel: 'user' };
    const jobs = await Promise.all(
      [1, 2].map(
        async () =>
          (await classic(gateway, 'getJob', ask, { ...pilot, headers: { accept: 'application/json' } })).json() as {
            PandaID: number;
            secrets?: string;
          },
      ),
    );
    const secretsOf = (id: number) => jobs.find(({ PandaID }) => PandaID === id)?.secrets;
    expect(JSON.parse(secretsOf(1) as string)).toMatchObject({ k: 'hunter2' });
    expect(secretsOf(2)).toBeUndefined();
  });
});

describe('credentials of pilots', () => {
  it('a token is renewed with the key of its client only, and the answer is a Python literal', async () => {
    await writeFile(join(dir, 'pilot_server.key'), 'the-key\n');
    await writeFile(join(dir, 'pilot_server.token'), 'new.jwt.token\n');
    const renew = (token_key: string, sent = pilot as { token: string; origin?: string }) =>
      classic(gateway, 'get_access_token', { client_name: 'pilot_server', token_key }, sent);
    expect((await renew('the-key')).text).toBe('{"StatusCode":0,"userProxy":"new.jwt.token"}');
    expect((await renew('guess')).json()).toEqual({ StatusCode: 30, errorDialog: 'invalid token key' });
    expect(
      (await classic(gateway, 'get_access_token', { client_name: '../../etc/passwd', token_key: 'x' }, pilot)).json(),
    ).toMatchObject({ StatusCode: 30 });
    expect((await renew('the-key', alice)).text).toContain('role required');
    expect((await v1Get(gateway, 'creds/get_token_key?client_name=pilot_server', pilot)).json()).toMatchObject({
      success: true,
      data: { tokenKey: 'the-key' },
    });
  });

  it('a proxy and a key pair come from the operators’ files', async () => {
    await writeFile(join(dir, 'pilot.pem'), 'PEM');
    await writeFile(join(dir, 'pub'), 'P');
    await writeFile(join(dir, 'priv'), 'S');
    expect((await v1Get(gateway, 'creds/get_proxy?role=pilot', pilot)).json()).toMatchObject({
      success: true,
      data: { userProxy: 'PEM', user_proxy: 'PEM' },
    });
    expect(
      (
        await classic(
          gateway,
          'getKeyPair',
          { publicKeyName: 'pub', privateKeyName: 'priv' },
          { ...pilot, headers: { accept: 'application/json' } },
        )
      ).json(),
    ).toEqual({ StatusCode: 0, publicKey: 'P', privateKey: 'S' });
    expect(
      (
        await classic(
          gateway,
          'getKeyPair',
          { publicKeyName: '../pub', privateKeyName: 'priv' },
          { ...pilot, headers: { accept: 'application/json' } },
        )
      ).json(),
    ).toEqual({ StatusCode: 80, errorDialog: 'key not found' });
  });
});

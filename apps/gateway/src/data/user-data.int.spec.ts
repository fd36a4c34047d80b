import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, anEndpoint, aQueue, insertRows } from '@panda/testing';
import { raw, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let storage: string;
let alice: { token: string };
let bob: { token: string };

beforeAll(async () => {
  [gateway, storage] = await Promise.all([startGateway(), mkdtemp(join(tmpdir(), 'panda-se-'))]);
  alice = { token: await gateway.issuer.token() };
  bob = { token: await gateway.issuer.token({ sub: 'bob', name: 'Bob Builder', preferred_username: 'bob' }) };
  await insertRows(
    gateway.database,
    anEndpoint('SE'),
    aQueue('QUEUE_A'),
    aQueue('QUEUE_B').configured({ vo_name: 'other' }),
    aJob(1),
    aJob(2).inStatus('running'),
  );
  await gateway.database.pool.query('insert into panda_ops.ddm_storage (ddm_endpoint_name, base_url) values ($1, $2)', [
    'SE',
    pathToFileURL(storage).href,
  ]);
}, 60_000);
afterAll(async () => {
  await gateway.close();
  await rm(storage, { recursive: true });
});

const register = async (name: string, sent = alice, more: object = {}) =>
  (await v1Post(gateway, 'data/register_dataset', { name, ...more }, sent)).json() as {
    success: boolean;
    message: string;
    data: Record<string, unknown>;
  };

async function upload(fields: Record<string, string>, content: string, { token } = alice) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', new Blob([content]), 'local-name');
  const headers = { authorization: `Bearer ${token}`, origin: 'wlcg', accept: 'application/json' };
  return (await raw(gateway, '/api/v1/data/upload_file', { method: 'POST', body: form, headers })).json() as {
    success: boolean;
    message: string;
    data: Record<string, unknown>;
  };
}

/** adler32 of `hello`. */
const HELLO = '062c0215';

describe('user data', () => {
  it('a file goes up, is measured, listed, and comes down with its checksum', async () => {
    expect(await register('user.alice.data')).toMatchObject({
      success: true,
      data: { scope: 'user.alice', created: true, is_open: true, owner: 'Alice Example' },
    });
    expect((await register('user.alice.data')).data).toMatchObject({ created: false });
    const fields = { dataset: 'user.alice.data', lfn: 'a.txt', size: '5', adler32: HELLO };
    expect(await upload(fields, 'hello')).toMatchObject({
      success: true,
      data: { lfn: 'a.txt', size: 5, adler32: HELLO, created: true, replicas: [{ endpoint: 'SE' }] },
    });
    expect(await upload(fields, 'hello')).toMatchObject({ success: true, data: { created: false } });
    expect((await v1Get(gateway, 'data/list_files?dataset=user.alice.data', bob)).json()).toMatchObject({
      data: { items: [{ lfn: 'a.txt', dataset: 'user.alice.data' }], next_offset: null },
    });
    expect((await v1Get(gateway, 'data/list_datasets', alice)).json()).toMatchObject({
      data: { items: [{ name: 'user.alice.data', n_files: 1, n_bytes: 5 }] },
    });
    expect((await v1Get(gateway, 'data/list_datasets?pattern=user.*.da?a', bob)).json()).toMatchObject({
      data: { items: [{ name: 'user.alice.data' }] },
    });
    const file = await v1Get(gateway, 'data/download_file?dataset=user.alice.data&lfn=a.txt', bob);
    expect([file.status, file.text, file.headers.get('x-panda-adler32'), file.headers.get('content-length')]).toEqual([
      200,
      'hello',
      HELLO,
      '5',
    ]);
    expect((await v1Get(gateway, 'data/download_file?lfn=user.alice:none', bob)).json()).toEqual({
      success: false,
      message: 'no such file',
      data: null,
    });
  });

  it('the server measures: a mismatch stores nothing, other bytes under a taken name are a conflict', async () => {
    await register('user.alice.measured');
    expect(await upload({ dataset: 'user.alice.measured', lfn: 'b.txt', size: '6' }, 'hello')).toMatchObject({
      success: false,
      message: '5 bytes arrived, 6 were announced',
    });
    expect(await upload({ dataset: 'user.alice.measured', lfn: 'b.txt', adler32: '00000000' }, 'hello')).toMatchObject({
      success: false,
    });
    expect(await upload({ dataset: 'user.alice.measured', lfn: 'b.txt' }, 'hello')).toMatchObject({ success: true });
    expect(await upload({ dataset: 'user.alice.measured', lfn: 'b.txt' }, 'other')).toMatchObject({
      success: false,
      message: 'the name is taken by other content',
    });
  });

  it('only the owner adds to, and closes, a dataset', async () => {
    await register('user.alice.mine');
    expect(await upload({ dataset: 'user.alice.mine', lfn: 'x' }, 'x', bob)).toMatchObject({ success: false });
    expect((await v1Post(gateway, 'data/close_dataset', { name: 'user.alice.mine' }, bob)).json()).toMatchObject({
      success: false,
    });
    expect((await v1Post(gateway, 'data/close_dataset', { name: 'user.alice.mine' }, alice)).json()).toMatchObject({
      success: true,
      data: { is_open: false },
    });
    expect(await upload({ dataset: 'user.alice.mine', lfn: 'x' }, 'x')).toMatchObject({
      success: false,
      message: 'the dataset is closed',
    });
  });

  it.each([
    ['user.alice.new'],
    ['user.alice:new'],
    ['user.bob:user.alice.new'],
    ['user.bobby.new'],
    ['user'],
    ['user.alice.newer/'],
    ['group.higgs.new'],
    ['mc23.new'],
    ['mc23:user.bob.new'],
  ])('nobody takes the name %s of somebody else’s scope', async (name) => {
    const count = async () =>
      (await gateway.database.pool.query<{ n: string }>('select count(*) as n from panda_ops.ddm_dataset')).rows[0]?.n;
    const before = await count();
    expect(await register(name, bob)).toEqual({
      success: false,
      message: 'only the production role may take this name: your own begin with user.bob.',
      data: null,
    });
    expect(await count()).toBe(before);
  });

  it('production takes names in any scope', async () => {
    const claims = { sub: 'prod', name: 'Prod User', preferred_username: 'prod', groups: ['wlcg', 'wlcg/production'] };
    const sent = { token: await gateway.issuer.token(claims), origin: 'wlcg:production' };
    expect(await register('mc23.produced', sent)).toMatchObject({ success: true, data: { scope: 'mc23', created: true } });
    expect(await register('mc23.produced', bob)).toMatchObject({ success: false });
  });

  it('a scope is no name for somebody without a nickname', async () => {
    const token = await gateway.issuer.token({ sub: 'n', name: 'No Nick', preferred_username: undefined });
    expect(await register('user.null.x', { token })).toMatchObject({ success: false, data: null });
  });

  it('containers collect datasets, pages follow one another', async () => {
    for (const name of ['user.alice.c1', 'user.alice.c2']) {
      await register(name);
      await upload({ dataset: name, lfn: `${name}.f` }, 'hello');
    }
    expect(await register('user.alice.all/', alice, { members: ['user.alice.c1', 'user.alice.c2'] })).toMatchObject({
      success: true,
      data: { type: 'container' },
    });
    expect(await register('user.alice.none/', alice, { members: ['user.alice.c1', 'user.alice.nowhere'] })).toMatchObject({
      success: false,
      message: 'a member of the container is unknown',
    });
    expect((await v1Get(gateway, 'data/list_files?dataset=user.alice.none', alice)).json()).toMatchObject({
      message: 'no such dataset',
    });
    const page = async (offset: number) =>
      (
        (await v1Get(gateway, `data/list_files?dataset=user.alice.all&limit=1&offset=${offset}`, alice)).json() as {
          data: { items: { lfn: string }[]; next_offset: number | null };
        }
      ).data;
    expect(await page(0)).toMatchObject({ items: [{ lfn: 'user.alice.c1.f' }], next_offset: 1 });
    expect(await page(1)).toMatchObject({ items: [{ lfn: 'user.alice.c2.f' }], next_offset: null });
  });

  it.each([
    ['a path as a file name', { dataset: 'user.alice.data', lfn: '../x' }],
    ['a hidden file', { dataset: 'user.alice.data', lfn: '.x' }],
    ['no file name', { dataset: 'user.alice.data' }],
    ['an unknown dataset', { dataset: 'user.alice.nothing', lfn: 'x' }],
    ['an unknown endpoint', { dataset: 'user.alice.data', lfn: 'x', endpoint: 'NOWHERE' }],
  ])('I25 refuses %s', async (_, fields) => {
    expect(await upload(fields as Record<string, string>, 'x')).toMatchObject({ success: false, data: null });
  });

  it('refuses names that are none', async () => {
    for (const name of ['', 'a b', 'x\u0001', `user.alice.${'x'.repeat(300)}`, '../x'])
      expect([name, (await register(name)).success]).toEqual([name, false]);
  });
});

describe('queue/list', () => {
  it('tells what a queue is and what runs there', async () => {
    expect((await v1Get(gateway, 'queue/list?vo=wlcg', alice)).json()).toMatchObject({
      data: [{ name: 'QUEUE_A', status: 'online', n_activated: 1, n_running: 1, max_rss_mb: 4000 }],
    });
    expect((await v1Get(gateway, 'queue/list', {})).json()).toMatchObject({ success: false });
  });
});

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classic, countRows, type Got, raw, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let alice: string;
let bob: string;
let pilot: string;

beforeAll(async () => {
  gateway = await startGateway();
  alice = await gateway.issuer.token();
  bob = await gateway.issuer.token({ sub: 'bob', name: 'Bob Builder' });
  pilot = await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/pilot'] });
}, 60_000);
afterAll(() => gateway.close());

const content = gzipSync('a sandbox');
const crc = content.readUInt32LE(content.length - 8);

async function upload(path: string, name: string, bytes: Uint8Array, token = alice, origin = 'wlcg'): Promise<Got> {
  const form = new FormData();
  form.append('file', new Blob([bytes as Uint8Array<ArrayBuffer>]), name);
  return raw(gateway, path, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${token}`, origin, accept: 'application/json' },
  });
}
const put = (name: string, bytes: Uint8Array = content, token = alice) => upload('/server/panda/putFile', name, bytes, token);
const onDisk = async () => (await readdir(gateway.cacheDir).catch(() => [])).sort();

describe('sandboxes', () => {
  it('API-client-25 SERVER-modules-08 ENDPOINTS-09 are stored, served to workers, and found again by size and checksum', async () => {
    expect((await put('sources.1.tar.gz')).text).toBe('True');
    expect(await readFile(join(gateway.cacheDir, 'sources.1.tar.gz'))).toEqual(content);
    const served = await raw(gateway, '/cache/sources.1.tar.gz', {});
    expect([served.status, served.headers.get('content-type'), served.headers.get('content-disposition')]).toEqual([
      200,
      'application/octet-stream',
      'attachment',
    ]);
    expect(
      (
        await raw(gateway, '/cache/sources.1.tar.gz', {
          method: 'POST',
          body: '',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(200);
    const asked = { fileSize: String(content.length), checkSum: String(crc) };
    expect((await classic(gateway, 'checkSandboxFile', asked, { token: alice })).text).toMatch(
      /^FOUND:[^:]+:sources\.1\.tar\.gz$/,
    );
    expect((await classic(gateway, 'checkSandboxFile', asked, { token: bob })).text).toBe('NOTFOUND');
    expect(
      (await v1Post(gateway, 'file_server/validate_cache_file', { file_size: 1, checksum: 2 }, { token: alice })).json(),
    ).toEqual({ success: false, message: 'NOTFOUND', data: null });
  });

  it('v1 uploads answer an envelope', async () => {
    expect((await upload('/api/v1/file_server/upload_cache_file', 'jobO.v1.tar.gz', content)).json()).toEqual({
      success: true,
      message: '',
      data: null,
    });
    expect((await upload('/api/v1/file_server/upload_cache_file', 'jobO.v1.tar.gz', content)).json()).toEqual({
      success: false,
      message: 'ERROR: cannot overwrite file',
      data: null,
    });
  });

  it('I27 are never overwritten, but by their owner who says so', async () => {
    expect((await put('jobO.own.tar.gz')).text).toBe('True');
    expect((await put('jobO.own.tar.gz', Buffer.from('other'))).text).toBe('ERROR : cannot overwrite file');
    expect((await put('jobO.own.tar.gz.__ow__', Buffer.from('x'), bob)).text).toBe('ERROR : cannot overwrite file');
    expect((await put('jobO.own.tar.gz.__ow__', Buffer.from('mine'))).text).toBe('True');
    expect(await readFile(join(gateway.cacheDir, 'jobO.own.tar.gz'), 'utf8')).toBe('mine');
  });

  it.each(['tmp/jobO.o.tar.gz', '/abs/jobO.p.tar.gz', 'C:\\x\\jobO.q.tar.gz'])('I25 the name %s loses its path', async (name) => {
    await put(name);
    const stored = name.split(/[/\\]/).at(-1) as string;
    expect(await onDisk()).toContain(stored);
  });

  it.each([
    '../../etc/jobO.t.tar.gz',
    '..\\..\\jobO.u.tar.gz',
    'a/../../b',
    '/../x',
    '..%2f..%2fx',
    '..',
    '.',
    '',
    '-rf',
    'trailing. ',
    'a b',
    'x'.repeat(300),
    '.hidden',
    'nul\u0000byte',
  ])('I25 the name %j stores nothing', async (name) => {
    const [files, rows] = [await onDisk(), await countRows(gateway)];
    const answer = await put(name);
    expect([answer.status, answer.text]).toEqual([
      200,
      expect.stringMatching(/^ERROR : (cannot write file: |a file is expected)/),
    ]);
    const v1 = (await upload('/api/v1/file_server/upload_cache_file', name, content)).json();
    expect(v1).toMatchObject({ success: false, message: expect.stringMatching(/cannot write file: |a file is expected/) });
    expect(await onDisk()).toEqual(files);
    expect(await countRows(gateway)).toEqual(rows);
  });

  it('I27 too large ones are refused in words, and nothing stays on disk', async () => {
    const [files, rows] = [await onDisk(), await countRows(gateway)];
    const answer = await put('jobO.big.tar.gz', Buffer.alloc(11 * 1024 * 1024));
    expect([answer.status, answer.text.startsWith('ERROR : Upload failure. Exceeded size limit')]).toEqual([200, true]);
    expect(await onDisk()).toEqual(files);
    expect(await countRows(gateway)).toEqual(rows);
  });

  it('I27 an upload that breaks off halfway leaves nothing on disk', async () => {
    const files = await onDisk();
    const { port } = new URL(gateway.url);
    const head = `POST /server/panda/putFile HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${alice}\r\nOrigin: wlcg\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: 100000\r\n\r\n`;
    const part = '--b\r\nContent-Disposition: form-data; name="file"; filename="jobO.cut.tar.gz"\r\n\r\nhalf of it';
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(head + part));
    while (!(await onDisk()).some((name) => name.endsWith('.part'))) await new Promise((resolve) => setImmediate(resolve));
    socket.destroy();
    while ((await onDisk()).some((name) => name.endsWith('.part'))) await new Promise((resolve) => setImmediate(resolve));
    expect(await onDisk()).toEqual(files);
    expect((await put('jobO.cut.tar.gz')).text).toBe('True');
  }, 20_000);

  it('I27 ten uploads of one name at once leave one file and one record', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, (_, i) => put('jobO.race.tar.gz', gzipSync(`content ${i}`))));
    expect(answers.filter(({ text }) => text === 'True')).toHaveLength(1);
    const { rows } = await gateway.database.pool.query(
      "select 1 from doma_pandameta.usercacheusage where filename = 'jobO.race.tar.gz'",
    );
    expect(rows).toHaveLength(1);
    expect((await onDisk()).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('can be touched and deleted by their owner, by nobody else', async () => {
    await put('jobO.touch.tar.gz');
    const touchedAt = async () =>
      (
        await gateway.database.pool.query<{ at: Date }>(
          "select modificationtime as at from doma_pandameta.usercacheusage where filename = 'jobO.touch.tar.gz'",
        )
      ).rows[0]?.at.getTime();
    const before = await touchedAt();
    const v1Touch = { file_name: 'jobO.touch.tar.gz' };
    expect((await classic(gateway, 'touchFile', { filename: 'jobO.touch.tar.gz' }, { token: bob })).text).toBe('False');
    expect((await v1Post(gateway, 'file_server/touch_cache_file', v1Touch, { token: bob })).json()).toMatchObject({
      success: false,
    });
    expect((await put('jobO.touch.tar.gz', content, bob)).text).toBe('ERROR : cannot overwrite file');
    expect(await touchedAt()).toBe(before);
    expect((await classic(gateway, 'touchFile', { filename: 'jobO.touch.tar.gz' }, { token: alice })).text).toBe('True');
    expect(await touchedAt()).toBeGreaterThan(before ?? Number.POSITIVE_INFINITY);
    expect((await classic(gateway, 'deleteFile', { file: 'jobO.touch.tar.gz' }, { token: bob })).text).toBe('False');
    expect((await classic(gateway, 'deleteFile', { file: 'jobO.touch.tar.gz' }, { token: alice })).text).toBe('True');
    expect((await classic(gateway, 'deleteFile', { file: '../secret' }, { token: alice })).text).toBe('False');
    expect((await raw(gateway, '/cache/jobO.touch.tar.gz', {})).status).toBe(404);
  });

  it('need an identity and a file', async () => {
    const form = new FormData();
    form.append('file', new Blob(['x']), 'jobO.anon.tar.gz');
    expect((await raw(gateway, '/server/panda/putFile', { method: 'POST', body: form })).text).toBe('False');
    expect((await classic(gateway, 'putFile', { file: 'x' }, { token: alice })).text).toContain('a file is expected');
    expect(await onDisk()).not.toContain('jobO.anon.tar.gz');
  });
});

describe('the cache', () => {
  it.each(['..%2f..%2fetc%2fpasswd', '%2e%2e/secret', '.hidden', 'no.such.file', 'a%00b'])(
    'I25 gives nothing for %s',
    async (name) => {
      await writeFile(join(gateway.cacheDir, '.hidden'), 'x');
      expect((await raw(gateway, `/cache/${name}`, {})).status).toBeGreaterThanOrEqual(400);
    },
  );

  it('serves the transforms of the release as programs', async () => {
    const answer = await raw(gateway, '/trf/user/runGen-00-00-02', {});
    expect([answer.status, answer.text.startsWith('#!')]).toEqual([200, true]);
    expect((await raw(gateway, '/trf/user/nothing', {})).status).toBe(404);
  });
});

describe('logs and checkpoints', () => {
  it('a worker’s log gets a URL', async () => {
    const answer = await upload('/server/panda/updateLog', 'worker.1.log', Buffer.from('line'), pilot, 'wlcg.pilot');
    expect(answer.text).toMatch(/\/cache\/worker\.1\.log$/);
    expect((await raw(gateway, '/cache/worker.1.log', {})).text).toBe('line');
    const fetched = (form: Record<string, string>) => classic(gateway, 'fetchLog', form, { token: alice });
    expect((await fetched({ logName: 'worker.1.log', offset: '1', size: '2' })).text).toBe('in');
    expect((await fetched({ logName: '../../etc/passwd' })).text).toBe('');
    expect((await classic(gateway, 'getServer', {})).text).toMatch(/^127\.0\.0\.1:\d+$/);
  });

  it('a log does not replace what the jobs of a user run', async () => {
    await put('jobO.code.tar.gz');
    const answer = await upload('/server/panda/updateLog', 'jobO.code.tar.gz', Buffer.from('evil'), pilot, 'wlcg.pilot');
    expect(answer.text).toBe('ERROR : cannot overwrite file');
    expect(await readFile(join(gateway.cacheDir, 'jobO.code.tar.gz'))).toEqual(content);
  });

  it('I26 a checkpoint needs a task number and a plain sub id', async () => {
    const store = (name: string) => upload('/server/panda/put_checkpoint', name, Buffer.from('state'), pilot, 'wlcg.pilot');
    expect((await store('12_a1')).json()).toEqual({ status: true, message: '' });
    expect(await onDisk()).toContain('hpo_cp_12_a1');
    for (const name of ['../12_a', 'x_y', '12_a/../../b', '12_a.b'])
      expect([name, (await store(name)).json()]).toEqual([name, expect.objectContaining({ status: false })]);
    const drop = (id: string) =>
      classic(gateway, 'delete_checkpoint', { task_id: '12', sub_id: id }, { token: pilot, origin: 'wlcg.pilot' });
    expect((await drop('../../x')).json()).toMatchObject({ status: false });
    expect((await drop('a1')).json()).toEqual({ status: true, message: '' });
  });
});

import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { RecordingServer } from '@panda/testing';
import { adler32 as adler32Of } from 'hash-wasm';
import { PandaClient } from '../panda-client.js';

let server: RecordingServer;
let client: PandaClient;
let directory: string;

beforeEach(async () => {
  server = await RecordingServer.start();
  client = new PandaClient({ baseUrl: server.url, retry: { attempts: 1 } });
  directory = await mkdtemp(join(tmpdir(), 'panda-client-'));
});
afterEach(async () => {
  await server.close();
  await rm(directory, { recursive: true });
});

const sent = (route: string) => JSON.parse(String(server.to(route)[0]?.body));

describe('task calls', () => {
  it('submit the map and read the number from the sentence', async () => {
    server.onV1('POST task/submit', null, 'succeeded. new jediTaskID=12345678');
    await expect(client.tasks.submit({ taskName: 'user.a.b/' }, 7)).resolves.toEqual({
      jediTaskId: 12345678,
      message: 'succeeded. new jediTaskID=12345678',
    });
    expect(sent('POST /api/v1/task/submit')).toEqual({ task_parameters: { taskName: 'user.a.b/' }, parent_tid: 7 });
  });

  it('turn a refused submission into an error with the server’s code', async () => {
    const message = 'jediTaskID=9 is already queued for outDS=x. You cannot submit duplicated tasks. ';
    server.on('POST /api/v1/task/submit', { body: { success: false, message, data: 1 } });
    await expect(client.tasks.submit({})).rejects.toMatchObject({ kind: 'conflict', message, facts: { data: 1 } });
  });

  it('ask for a soft finish', async () => {
    server.onV1('POST task/finish', 0, 'command=finish is registered');
    await expect(client.tasks.finish(12345678, true)).resolves.toEqual({ code: 0, message: 'command=finish is registered' });
    expect(sent('POST /api/v1/task/finish')).toEqual({ task_id: 12345678, soft: true });
  });

  it.each([
    [{}, 0, true],
    [{}, 3, false],
    [{ nFilesPerJob: 3 }, 3, true],
    [{ nFilesPerJob: 3 }, 5, true],
    [{ nFilesPerJob: 3 }, 4, false],
  ])('retry with %j and code %i is taken: %s', async (parameters, code, taken) => {
    server.onV1('POST task/retry', code, 'Command rejected');
    const call = client.tasks.retry(12345678, parameters);
    if (taken) await expect(call).resolves.toMatchObject({ code });
    else await expect(call).rejects.toMatchObject({ facts: { data: code } });
  });

  it.each([
    ['kill', () => client.tasks.kill(7)],
    ['finish', () => client.tasks.finish(7, true)],
    ['retry', () => client.tasks.retry(7)],
    ['pause', () => client.tasks.pause(7)],
    ['resume', () => client.tasks.resume(7)],
    ['reload_input', () => client.tasks.reloadInput(7)],
  ])('%s of a task that does not exist is not found, of somebody else’s forbidden', async (method, order) => {
    const message = 'not the task owner or no production role';
    server.on(`POST /api/v1/task/${method}`, { body: { success: false, message, data: null } });
    server.on('GET /api/v1/task/get_status', { body: { success: false, message: 'Task not found', data: null } });
    await expect(order()).rejects.toMatchObject({ kind: 'notFound', message: 'jediTaskID=7 not found' });
    server.onV1('GET task/get_status', 'running');
    await expect(order()).rejects.toMatchObject({ kind: 'forbidden', message });
  });

  it('list tasks by filters since a UTC time', async () => {
    server.onV1('GET task/get_tasks_detailed_info_since', [
      { jediTaskID: 5, status: 'a', creationDate: { __datetime__: '2026-11-22T07:00:00' } },
    ]);
    const since = new Date('2026-11-08T07:32:36.500Z');
    const tasks = await client.tasks.list({ limit: 10, since, filters: { jediTaskID: '5' } });
    expect(tasks[0]?.creationDate).toEqual(new Date('2026-11-22T07:00:00Z'));
    expect(Object.fromEntries(server.requests[0]?.query ?? [])).toEqual({
      n_tasks: '10',
      since: '2026-11-08 07:32:36',
      filters: '{"jediTaskID":"5"}',
    });
  });

  it('refuse an answer of the wrong shape by name', async () => {
    server.onV1('GET task/get_status', 5);
    await expect(client.tasks.status(1)).rejects.toMatchObject({
      code: 'PANDA-CLIENT-003',
      message: 'task/get_status: the server sent a number where a text belongs',
    });
  });

  it('name several dataset types in one query', async () => {
    server.onV1('GET task/get_datasets_and_files', []);
    await client.tasks.datasetsAndFiles(1);
    expect(server.requests[0]?.query.getAll('dataset_types')).toEqual(['input', 'pseudo_input']);
  });
});

describe('job calls', () => {
  it('describe jobs, null where there is none', async () => {
    server.onV1('POST job/get_description_incl_archive', [{ PandaID: 1 }, null]);
    await expect(client.jobs.describe([1, 2])).resolves.toEqual([{ PandaID: 1 }, null]);
  });

  it('kill jobs, one answer each', async () => {
    server.onV1('POST job/kill', [true, [false, 'permission denied']]);
    await expect(client.jobs.kill([1, 2], { code: 91 })).resolves.toEqual([true, false]);
    expect(sent('POST /api/v1/job/kill')).toEqual({ job_ids: [1, 2], code: 91 });
  });
});

describe('secret calls', () => {
  it('set, list and delete', async () => {
    server.onV1('POST creds/set_user_secrets', null, 'OK').onV1('GET creds/get_user_secrets', '{"k": "v"}');
    await client.secrets.set('k', 'v');
    await client.secrets.delete('k');
    await client.secrets.deleteAll();
    await expect(client.secrets.list()).resolves.toEqual({ k: 'v' });
    expect(server.to('POST /api/v1/creds/set_user_secrets').map(({ body }) => JSON.parse(String(body)))).toEqual([
      { key: 'k', value: 'v' },
      { key: 'k', value: null },
      { key: null, value: null },
    ]);
  });
});

describe('sandbox calls', () => {
  it('API-client-25 reuse an identical sandbox, found by size and CRC32', async () => {
    const path = join(directory, 'jobO.x.tar.gz');
    await writeFile(path, gzipSync('hello'));
    server.on('POST /api/v1/file_server/validate_cache_file', {
      body: { success: true, message: 'FOUND:cache.example.org:jobO.old.tar.gz', data: null },
    });
    await expect(client.sandboxes.put(path)).resolves.toEqual({
      name: 'jobO.old.tar.gz',
      reused: true,
      host: 'cache.example.org',
    });
    expect(sent('POST /api/v1/file_server/validate_cache_file')).toEqual({
      file_size: gzipSync('hello').length,
      checksum: 0x3610a686,
    });
    expect(server.requests).toHaveLength(1);
  });

  it('API-client-25 upload a new one whole, under its name', async () => {
    const path = join(directory, 'sandbox');
    const content = gzipSync(randomBytes(300_000));
    await writeFile(path, content);
    server.on('POST /api/v1/file_server/validate_cache_file', { body: { success: false, message: 'NOTFOUND', data: null } });
    server.onV1('POST file_server/upload_cache_file', null);
    await client.sandboxes.put(path, 'jobO."odd"\r\n.tar.gz');
    const upload = server.to('POST /api/v1/file_server/upload_cache_file')[0];
    const text = upload?.body.toString('latin1') ?? '';
    expect(text).toContain('name="file"; filename="jobO.%22odd%22%0D%0A.tar.gz"');
    expect(upload?.headers['content-length']).toBe(String(upload?.body.length));
    expect(upload?.body.includes(content)).toBe(true);
  });

  it('API-client-25 refuse more than 10 MiB before a byte is sent', async () => {
    const path = join(directory, 'jobO.big.tar.gz');
    await writeFile(path, Buffer.alloc(11 * 1024 * 1024));
    await expect(client.sandboxes.put(path)).rejects.toMatchObject({ code: 'PANDA-CLIENT-012', kind: 'limited' });
    expect(server.requests).toHaveLength(0);
  });
});

describe('data calls', () => {
  const query = { lfn: 'f', dataset: 'user.a.d' };

  it('download a file whole and check its adler32', async () => {
    const content = randomBytes(200_000);
    const adler32 = await adler32Of(content);
    server.on('GET /api/v1/data/download_file', { headers: { 'x-panda-adler32': adler32 }, body: content });
    await expect(client.data.download(query, join(directory, 'f'))).resolves.toEqual({ size: 200_000, adler32 });
    const got = await readFile(join(directory, 'f'));
    expect(createHash('sha256').update(got).digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
  });

  it('leave nothing behind when the checksum is wrong or the server refuses', async () => {
    server.on('GET /api/v1/data/download_file', { headers: { 'x-panda-adler32': '00000001' }, body: 'hello' });
    await expect(client.data.download(query, join(directory, 'f'))).rejects.toMatchObject({ code: 'PANDA-CLIENT-016' });
    server.on('GET /api/v1/data/download_file', { body: { success: false, message: 'file f not found', data: null } });
    await expect(client.data.download(query, join(directory, 'f'))).rejects.toMatchObject({ kind: 'notFound' });
    expect(await readdir(directory)).toEqual([]);
  });

  it('send the fields before the file, so that a server can stream it', async () => {
    const path = join(directory, 'f');
    await writeFile(path, 'content');
    server.onV1('POST data/upload_file', { created: true });
    await client.data.upload(path, { dataset: 'user.a.d', lfn: 'f.root', adler32: '0b4202cb' });
    const text = String(server.requests[0]?.body);
    expect(text.indexOf('name="dataset"')).toBeLessThan(text.indexOf('name="file"'));
    expect(text).toMatch(/name="size"\r\n\r\n7\r\n/);
  });

  it('walk all pages of a dataset', async () => {
    server.on('GET /api/v1/data/list_files', ({ query: { get } }) => {
      void get;
      const offset = Number(server.requests.at(-1)?.query.get('offset'));
      const data = { items: [{ lfn: `f${offset}` }], next_offset: offset < 2 ? offset + 1 : null };
      return { body: { success: true, message: '', data } };
    });
    const names: string[] = [];
    for await (const file of client.data.files('d')) names.push(file.lfn);
    expect(names).toEqual(['f0', 'f1', 'f2']);
  });
});

describe('workflow calls', () => {
  it('relay a command by name and take the owner’s refusal', async () => {
    const route = 'POST /server/panda/execute_idds_workflow_command';
    server.on(route, { body: [true, [[0, 'ok']]] });
    await expect(client.workflows.execute('suspend', 7)).resolves.toEqual([[0, 'ok']]);
    expect(Object.fromEntries(new URLSearchParams(String(server.requests[0]?.body)))).toMatchObject({
      command_name: 'suspend',
      kwargs: '{"request_id":7}',
    });
    server.on(route, { body: [false, 'request 7 is not owned by Bob'] });
    await expect(client.workflows.execute('abort', 7)).rejects.toMatchObject({ kind: 'forbidden' });
  });
});

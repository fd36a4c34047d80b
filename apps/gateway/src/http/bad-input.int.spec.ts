import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { classic, countRows, raw, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let token: string;

beforeAll(async () => {
  gateway = await startGateway();
  token = await gateway.issuer.token();
}, 60_000);
afterAll(() => gateway.close());

const auth = () => ({ authorization: `Bearer ${token}`, origin: 'wlcg' });
const post = (path: string, body: RequestInit['body'], headers: Record<string, string>) =>
  raw(gateway, path, { method: 'POST', body: body ?? null, headers: { ...auth(), ...headers } });
const json = { 'content-type': 'application/json', accept: 'application/json' };

/** Sends bytes as they are and returns everything that comes back until the server closes, or answers. */
function wire(text: string): Promise<string> {
  const { port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (chunk) => {
      got += chunk.toString();
    });
    socket.on('end', () => resolve(got));
    socket.on('error', reject);
    socket.setTimeout(2_000, () => {
      socket.destroy();
      resolve(got);
    });
  });
}

describe('bodies that cannot be read', () => {
  const cases: [string, string, RequestInit['body'], Record<string, string>, number][] = [
    ['I01 null', '/api/v1/task/submit', 'null', json, 400],
    ['I01 a list', '/api/v1/task/submit', '[]', json, 400],
    ['I01 a number', '/api/v1/task/submit', '1', json, 400],
    ['I02 JSON 10 000 levels deep', '/api/v1/task/submit', '['.repeat(10_000) + ']'.repeat(10_000), json, 413],
    ['I02 5 MB of brackets', '/api/v1/task/submit', '['.repeat(5_000_000), json, 413],
    ['I02 duplicate keys', '/api/v1/task/kill', '{"task_id": 1, "task_id": 2}', json, 400],
    [
      'I04 a gzip bomb',
      '/server/panda/insertTaskParams',
      gzipSync(Buffer.alloc(80 * 1024 * 1024)) as Uint8Array<ArrayBuffer>,
      json,
      413,
    ],
    [
      'I04 a bomb below the general limit, where a report is expected',
      '/server/panda/updateJob',
      gzipSync(Buffer.alloc(9 * 1024 * 1024)) as Uint8Array<ArrayBuffer>,
      json,
      413,
    ],
    [
      'I04 many gzip members',
      '/server/panda/insertTaskParams',
      Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync(''))) as Uint8Array<ArrayBuffer>,
      json,
      400,
    ],
    [
      'I04 a gzip that breaks off',
      '/api/v1/task/submit',
      gzipSync('{"task_parameters": {}}').subarray(0, -9) as Uint8Array<ArrayBuffer>,
      json,
      400,
    ],
    ['I01 JSON that breaks off', '/api/v1/task/submit', '{"task_parameters": {"taskName": "us', json, 400],
    [
      'I04 a gzip inside a gzip',
      '/server/panda/insertTaskParams',
      gzipSync(gzipSync('{}')) as Uint8Array<ArrayBuffer>,
      json,
      400,
    ],
    ['I04 gzip announced, plain sent', '/api/v1/task/kill', '{"task_id": 1}', { ...json, 'content-encoding': 'gzip' }, 400],
    ['I05 another encoding', '/api/v1/task/kill', '{"task_id": 1}', { ...json, 'content-encoding': 'br' }, 415],
    ['I05 another type', '/api/v1/task/kill', '<task/>', { 'content-type': 'application/xml' }, 415],
    ['I07 invalid UTF-8', '/api/v1/task/kill', Buffer.from([0x7b, 0xff, 0x7d]) as Uint8Array<ArrayBuffer>, json, 400],
    ['I07 NUL in a text', '/api/v1/creds/set_user_secrets', '{"key": "a\\u0000b", "value": "x"}', json, 400],
    ['I07 half of a surrogate pair', '/api/v1/task/submit', '{"task_parameters": {"splitRule": "\\ud800"}}', json, 400],
    ['I27 multipart without a boundary', '/server/panda/putFile', 'x', { 'content-type': 'multipart/form-data' }, 400],
    [
      'I27 multipart that breaks off',
      '/server/panda/putFile',
      '--b\r\n',
      { 'content-type': 'multipart/form-data; boundary=b' },
      400,
    ],
    ['I08 a number that would be rounded', '/api/v1/task/kill', '{"task_id": 9223372036854775808}', json, 400],
    [
      'I07 a form that is no UTF-8',
      '/server/panda/killTask',
      'jediTaskID=%ff',
      { 'content-type': 'application/x-www-form-urlencoded' },
      400,
    ],
    [
      'a wire body of 20 MB',
      '/server/panda/insertTaskParams',
      `taskParams=${'x'.repeat(20 * 1024 * 1024)}`,
      { 'content-type': 'application/x-www-form-urlencoded' },
      413,
    ],
  ];
  it.each(cases)('%s at %s is refused and nothing is stored', async (_, path, body, headers, status) => {
    const before = await countRows(gateway);
    const answer = await post(path, body, headers);
    expect(answer.status).toBe(status);
    const line = expect.stringMatching(/^ERROR : [^\n]{1,300}$/);
    if (path.startsWith('/api/')) expect(answer.json()).toEqual({ success: false, message: line, data: null });
    else expect(answer.text).toEqual(line);
    expect(await countRows(gateway)).toEqual(before);
  });

  const v1Cases: [string, string, RequestInit, number, string][] = [
    ['an unknown method', 'task/nosuch', {}, 403, 'ERROR : method nosuch is forbidden'],
    ['an unknown module', 'x/y/z', { method: 'DELETE' }, 403, 'ERROR : method z is forbidden'],
    ['no method', '', {}, 403, 'ERROR : method  is forbidden'],
    ['an unknown version', '../v9/task/kill', { method: 'POST' }, 403, 'ERROR : method kill is forbidden'],
    ['PUT for POST', 'task/kill', { method: 'PUT', body: '{"task_id": 1}' }, 200, 'expecting POST, received PUT'],
    ['DELETE for GET', 'task/get_status', { method: 'DELETE' }, 200, 'expecting GET, received DELETE'],
    ['broken JSON', 'task/kill', { method: 'POST', body: '{"task_id": 1' }, 400, 'ERROR : '],
    [
      'a body of 20 MB',
      'task/kill',
      { method: 'POST', body: `{"task_id": "${'x'.repeat(20 * 1024 * 1024)}"}` },
      413,
      `ERROR : the body is larger than ${16 * 1024 * 1024} bytes`,
    ],
    [
      'a token that is none',
      'task/kill',
      { method: 'POST', body: '{"task_id": 1}', headers: { authorization: 'Bearer a.b.c', origin: 'wlcg' } },
      403,
      'ERROR : Token authentication failed. ',
    ],
    ['nobody', 'task/kill', { method: 'POST', body: '{"task_id": 1}', headers: {} }, 200, 'SSL secure connection is required'],
    ['XML', 'task/kill', { method: 'POST', body: '<a/>', headers: { 'content-type': 'application/xml' } }, 415, 'ERROR : '],
  ];
  it.each(v1Cases)('v1 answers %s with the envelope, and stores nothing', async (_, path, init, status, message) => {
    const before = await countRows(gateway);
    const sent = new Headers(init.headers ?? auth());
    sent.set('accept', 'application/json');
    if (init.body !== undefined && !sent.has('content-type')) sent.set('content-type', 'application/json');
    const answer = await raw(gateway, `/api/v1/${path}`, { ...init, headers: sent });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/json; charset=utf-8']);
    expect(answer.json()).toEqual({ success: false, message: expect.stringContaining(message), data: null });
    expect(await countRows(gateway)).toEqual(before);
  });

  it('I05 plain JSON on a classic method and gzip without a header on v1 are both understood', async () => {
    expect((await post('/server/panda/getTaskStatus', '{"jediTaskID": 7}', { 'content-type': 'application/json' })).status).toBe(
      200,
    );
    const answer = await post('/api/v1/task/kill', gzipSync('{"task_id": 7}') as Uint8Array<ArrayBuffer>, json);
    expect(answer.json()).toMatchObject({ success: false, message: 'not the task owner or no production role' });
  });

  it('I06 lengths that lie end the connection with 400, and the next request is served', async () => {
    const head = 'POST /server/panda/isAlive HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n';
    expect(await wire(`${head}Content-Length: -5\r\n\r\na=1`)).toMatch(/^HTTP\/1\.1 400/);
    expect(await wire(`${head}Content-Length: 3\r\nContent-Length: 4\r\n\r\na=1`)).toMatch(/^HTTP\/1\.1 400/);
    expect(
      await wire(
        `${head}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /server/panda/isAlive HTTP/1.1\r\nHost: x\r\n\r\n`,
      ),
    ).toMatch(/^HTTP\/1\.1 400/);
    expect((await classic(gateway, 'isAlive', {})).text).toBe('alive=yes');
  });
});

describe('arguments that do not fit', () => {
  it.each([
    ['I08 text for an integer', { task_id: '12' }],
    ['I08 a fraction', { task_id: 1.5 }],
    ['I08 a boolean', { task_id: true }],
    ['I08 zero', { task_id: 0 }],
    ['I08 a negative number', { task_id: -1 }],
    ['I08 nothing', {}],
    ['I03 __proto__ as an argument', JSON.parse('{"task_id": 1, "__proto__": {"admin": true}}')],
    ['an unknown argument', { task_id: 1, force: true }],
  ])('%s is an argument error', async (_, body) => {
    const before = await countRows(gateway);
    const answer = (await v1Post(gateway, 'task/kill', JSON.stringify(body), { token })).json() as {
      success: boolean;
      message: string;
    };
    expect([answer.success, answer.message]).toEqual([false, expect.stringMatching(/^(Argument|Type) error: /)]);
    expect(await countRows(gateway)).toEqual(before);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  it('I03 __proto__ and friends inside task parameters are data, stored verbatim', async () => {
    const parameters = `{"taskName": "user.alice.proto/", "vo": "wlcg", "prodSourceLabel": "user", "processingType": "x", "jobParameters": [], "constructor": {"prototype": 1}, "__proto__": {"polluted": true}}`;
    const { data } = (
      await v1Post(gateway, 'task/submit', `{"task_parameters": ${parameters}, "parent_tid": null}`, { token })
    ).json() as { data: number };
    expect(data).toEqual(expect.any(Number));
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
    const { rows } = await gateway.database.pool.query(
      'select taskparams from doma_panda.jedi_taskparams where jeditaskid = $1',
      [data],
    );
    expect(rows[0].taskparams).toContain('"constructor":{"prototype":1}');
  });

  it('I13 job parameters reach the database byte for byte, 2 MB of them', async () => {
    const value = `; rm -rf / \`id\` $(id) 'q" \\ -x ${'é'.repeat(1_000_000)}`;
    const parameters = {
      taskName: 'user.alice.bytes/',
      vo: 'wlcg',
      prodSourceLabel: 'user',
      processingType: 'x',
      jobParameters: [{ type: 'constant', value }],
    };
    const { data } = (
      await v1Post(gateway, 'task/submit', { task_parameters: parameters, parent_tid: null }, { token })
    ).json() as { data: number };
    const { rows } = await gateway.database.pool.query(
      'select taskparams from doma_panda.jedi_taskparams where jeditaskid = $1',
      [data],
    );
    expect((JSON.parse(rows[0].taskparams) as typeof parameters).jobParameters[0]?.value).toBe(value);
  });

  it('I22 SQL in arguments is text', async () => {
    const evil = "x'; drop table doma_panda.jedi_tasks; --";
    await v1Get(
      gateway,
      `task/get_tasks_detailed_info_since?n_tasks=5&filters=${encodeURIComponent(JSON.stringify({ taskName: evil }))}`,
      { token },
    );
    await v1Get(gateway, `metaconfig/get_site_specs?site_type=${encodeURIComponent(evil)}`, { token });
    await classic(gateway, 'checkSandboxFile', { fileSize: evil, checkSum: evil }, { token });
    expect(await countRows(gateway)).toHaveProperty(['doma_panda.jedi_tasks']);
  });
});

describe('answers', () => {
  it('never begin with what the caller wrote, and quote it', async () => {
    const evil = `__import__('os').system('id')`;
    for (const answer of [
      await classic(gateway, evil.replace(/\W/g, ''), {}, { token }),
      await classic(gateway, 'setDebugMode', { pandaID: evil, modeOn: 'True' }, { token }),
      await v1Get(gateway, `task/get_status?task_id=${encodeURIComponent(evil)}`, { token }),
      await classic(gateway, 'getJediTaskDetails', { jediTaskID: evil }, { token }),
    ]) {
      expect(answer.text.startsWith('__import__')).toBe(false);
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('I37 headers of the caller cannot forge lines or identities', async () => {
    const forged = {
      'ssl-client-subject-dn': '/CN=admin',
      'ssl-client-verify': 'SUCCESS',
      'x-forwarded-for': '127.0.0.1',
      'panda-oidc-claim-sub': 'x',
    };
    expect(
      (await raw(gateway, '/api/v1/system/get_user_attributes', { headers: { accept: 'application/json', ...forged } })).json(),
    ).toMatchObject({ success: false });
    const attributes = await raw(
      gateway,
      '/server/panda/getAttr?a=1%0AGRST_CRED_0%20:%20VOMS%20/wlcg/Role=production&password=x',
      { headers: auth() },
    );
    expect(attributes.text).not.toMatch(/^GRST_CRED_0/m);
    expect(attributes.text).toContain('password = ***');
    expect(attributes.text).not.toContain(token);
  });

  it('I42 a hundred unknown methods leave no trace in the metrics', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, i) => classic(gateway, `nosuch${i}`, {})));
    const metrics = (await raw(gateway, '/metrics', {})).text;
    expect(metrics).toContain('panda_gateway_request_seconds');
    expect(metrics).not.toContain('nosuch');
  });

  it('I38 a defect of ours shows a trace id, and only the log knows more', async () => {
    await gateway.database.pool.query('alter table doma_panda.tasks_statuslog rename to hidden');
    try {
      const known = (await gateway.database.pool.query('select jeditaskid from doma_panda.jedi_tasks limit 1')).rows[0] as {
        jeditaskid: number;
      };
      const failed = await v1Get(gateway, `task/why?task_id=${known.jeditaskid}`, { token });
      const message = expect.stringMatching(/^ERROR : internal error [\w-]+$/);
      expect([failed.status, failed.json()]).toEqual([500, { success: false, message, data: null }]);
      expect(gateway.log.messages('error')).toContain('a request failed');
    } finally {
      await gateway.database.pool.query('alter table doma_panda.hidden rename to tasks_statuslog');
    }
  });
});

describe('the API page', () => {
  it('lists the operations for people and for tools', async () => {
    expect((await raw(gateway, '/api/docs', {})).text).toContain('/api/v1/task/submit');
    expect((await raw(gateway, '/api/docs/openapi.json', {})).json()).toHaveProperty('paths./api/v1/task/submit.post');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportSPKI, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { classic, countRows, raw, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';
import { startIssuer, type TestIssuer } from '../testing/issuer.js';

let gateway: TestGateway;
let stranger: TestIssuer;

beforeAll(async () => {
  [gateway, stranger] = await Promise.all([
    startGateway({ ingressSecret: 'ingress', pilotSubjects: ['/DC=ch/CN=pilot'] }),
    startIssuer(),
  ]);
}, 60_000);
afterAll(async () => {
  await stranger.close();
  await gateway.close();
});

const now = () => Math.floor(Date.now() / 1_000);
const whoAmI = (token: string, origin = 'wlcg') => v1Get(gateway, 'system/get_user_attributes', { token, origin });
const dataOf = async (token: string, origin?: string) =>
  ((await whoAmI(token, origin)).json() as { data: Record<string, unknown> }).data;

describe('tokens', () => {
  it('IAM-04 gives name, roles and working group of a verified token', async () => {
    expect(await dataOf(await gateway.issuer.token({ name: 'alice van EXAMPLE' }))).toMatchObject({
      user_name: 'Alice Van Example',
      nickname: 'alice',
      vo: 'wlcg',
      roles: ['user'],
      authenticated_by: 'token',
    });
  });

  it('IAM-09 grants the role named in Origin only to members of its group', async () => {
    const token = await gateway.issuer.token({ sub: 'prod', name: 'Prod User', groups: ['/wlcg', '/wlcg/production'] });
    expect((await dataOf(token, 'wlcg:production')).roles).toEqual(['user', 'production']);
    expect((await dataOf(token, 'wlcg.production')).roles).toEqual(['user', 'production']);
    expect((await dataOf(token)).roles).toEqual(['user']);
    expect((await whoAmI(token, 'wlcg:admin')).status).toBe(403);
  });

  it('IAM-06 serves two VOs that share one client', async () => {
    const token = await gateway.issuer.token({ sub: 'both', name: 'Both Vos', groups: ['wlcg', 'esc', 'esc/production'] });
    expect(await dataOf(token, 'wlcg')).toMatchObject({ vo: 'wlcg', roles: ['user'] });
    expect(await dataOf(token, 'esc:production')).toMatchObject({
      vo: 'esc',
      roles: ['user', 'production'],
      fqans: ['/esc/Role=production'],
    });
  });

  it('IAM-08 publishes how to log in, and nothing that only the server needs', async () => {
    const answer = await raw(gateway, '/auth/wlcg_auth_config.json', {});
    expect(answer.json()).toMatchObject({
      audience: 'https://panda.example',
      client_id: 'panda-client',
      client_secret: 's3cret',
      oidc_config_url: expect.stringContaining(gateway.issuer.url),
      vo: 'wlcg',
    });
    expect(answer.json()).not.toHaveProperty('robot_ids');
    for (const vo of ['wlcg.production', 'wlcg:production']) {
      expect((await raw(gateway, `/auth/${vo}_auth_config.json`, {})).json()).toEqual(answer.json());
    }
    expect((await raw(gateway, '/auth/other_auth_config.json', {})).status).toBe(404);
    expect((await raw(gateway, '/auth/other.production_auth_config.json', {})).status).toBe(404);
    expect((await raw(gateway, '/auth/..%2f..%2fetc%2fpasswd', {})).status).toBe(404);
  });

  const bad: Record<string, () => Promise<string>> = {
    expired: () => gateway.issuer.token({ iat: now() - 7_200, exp: now() - 3_600 }),
    'not valid yet': () => gateway.issuer.token({ nbf: now() + 3_600 }),
    'issued in the future': () => gateway.issuer.token({ iat: now() + 3_600, exp: now() + 7_200 }),
    'good for a year': () => gateway.issuer.token({ exp: now() + 365 * 86_400 }),
    'without expiry': () =>
      new SignJWT({ iss: gateway.issuer.url, sub: 's', aud: 'panda-client', groups: ['wlcg'] })
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
        .sign(gateway.issuer.privateKey),
    'for another server': () => gateway.issuer.token({ aud: 'https://elsewhere' }),
    'of another issuer with our key id': () => stranger.token(),
    'that claims our issuer under a foreign key': async () =>
      new SignJWT({ iss: gateway.issuer.url, sub: 's', aud: 'panda-client', iat: now(), exp: now() + 60, groups: ['wlcg'] })
        .setProtectedHeader({ alg: 'RS256', kid: 'key-1' })
        .sign(stranger.privateKey),
    'of an issuer that begins like ours': () => gateway.issuer.token({ iss: `${gateway.issuer.url}.evil.example` }),
    'with alg none': async () =>
      new UnsecuredJWT({ iss: gateway.issuer.url, sub: 's', aud: 'panda-client', exp: now() + 60 }).encode(),
    'signed with the public key as a secret': async () => {
      const { publicKey } = await generateKeyPair('RS256', { extractable: true });
      return new SignJWT({ iss: gateway.issuer.url, sub: 's', aud: 'panda-client', iat: now(), exp: now() + 60 })
        .setProtectedHeader({ alg: 'HS256', kid: 'key-1' })
        .sign(Buffer.from(await exportSPKI(publicKey)));
    },
    'with a key id that is a path': () => gateway.issuer.token({}, { kid: '../../etc/passwd' }),
    'without a key id': () => gateway.issuer.token({}, { kid: undefined }),
    'that brings its own key': () => gateway.issuer.token({}, { jwk: { kty: 'oct', k: 'x' } }),
    'that names where its key is': () => gateway.issuer.token({}, { jku: 'https://evil.example/keys' }),
    'with a truncated signature': async () => (await gateway.issuer.token()).slice(0, -20),
    'of a group that is not admitted': () => gateway.issuer.token({ groups: ['other'] }),
    'without groups': () => gateway.issuer.token({ groups: undefined }),
    'that is a refresh token': () => gateway.issuer.token({ typ: 'Refresh' }),
    'without subject': () => gateway.issuer.token({ sub: undefined }),
    'of a megabyte': async () => `${'x'.repeat(6_000)}.${'y'.repeat(6_000)}.z`,
    'that is no token': async () => 'a.b.c',
  };
  it.each(Object.keys(bad))('refuses a token %s with 403 and stores nothing', async (name) => {
    const token = await (bad[name] as () => Promise<string>)();
    const before = await countRows(gateway);
    const line = expect.stringMatching(/^ERROR : Token authentication failed\. [^\n]+$/);
    const v1 = await whoAmI(token);
    expect([v1.status, v1.json()]).toEqual([403, { success: false, message: line, data: null }]);
    const legacy = await classic(gateway, 'insertTaskParams', { taskParams: '{}' }, { token });
    expect([legacy.status, legacy.text]).toEqual([403, line]);
    expect(await countRows(gateway)).toEqual(before);
  });

  it('refuses a VO it does not know, and a token without Origin', async () => {
    const token = await gateway.issuer.token();
    expect((await whoAmI(token, 'atlas')).json()).toMatchObject({
      message: 'ERROR : Token authentication failed. unknown vo : "atlas"',
    });
    const answer = await raw(gateway, '/server/panda/getAttr', { headers: { authorization: `Bearer ${token}` } });
    expect([answer.status, answer.text]).toEqual([
      403,
      'ERROR : Token authentication failed. the header Origin must name the VO',
    ]);
  });

  it('refuses banned users and names that belong to another identity', async () => {
    const bob = await gateway.issuer.token({ sub: 'bob', name: 'Bob Builder' });
    expect((await whoAmI(bob)).status).toBe(200);
    const other = await whoAmI(await gateway.issuer.token({ sub: 'bob-2', name: 'bob builder' }));
    expect([other.status, other.text.includes('belongs to another identity')]).toEqual([403, true]);
  });
});

describe('certificates', () => {
  const asked = (headers: Record<string, string>) =>
    raw(gateway, '/api/v1/system/get_user_attributes', { headers: { accept: 'application/json', ...headers } });
  const certificate = { 'ssl-client-subject-dn': '/DC=ch/CN=pilot/CN=123', 'ssl-client-verify': 'SUCCESS' };

  it('IAM-01 log in beside tokens, and are believed only from the ingress that knows the secret', async () => {
    expect((await dataOf(await gateway.issuer.token())).authenticated_by).toBe('token');
    expect((await asked(certificate)).json()).toMatchObject({ success: false, message: 'SSL secure connection is required' });
    expect((await asked({ ...certificate, 'x-panda-ingress': 'guess' })).json()).toMatchObject({ success: false });
    expect((await asked({ ...certificate, 'x-panda-ingress': 'ingress' })).json()).toMatchObject({
      success: true,
      data: { user_name: 'pilot', roles: ['user', 'pilot'], authenticated_by: 'certificate' },
    });
  });

  it('knows the same subject in the form nginx passes on, and refuses its limited proxy', async () => {
    const nginx = (subject: string) => asked({ ...certificate, 'x-panda-ingress': 'ingress', 'ssl-client-subject-dn': subject });
    expect((await nginx('CN=123,CN=pilot,DC=ch')).json()).toMatchObject({
      data: { user_name: 'pilot', roles: ['user', 'pilot'] },
    });
    expect((await nginx('CN=limited proxy,CN=pilot,DC=ch')).json()).toMatchObject({ success: false });
  });

  it('refuses limited proxies and certificates that nobody verified', async () => {
    const limited = { ...certificate, 'x-panda-ingress': 'ingress', 'ssl-client-subject-dn': '/DC=ch/CN=pilot/CN=limited proxy' };
    expect((await asked(limited)).json()).toMatchObject({ success: false });
    expect(
      (await asked({ ...certificate, 'x-panda-ingress': 'ingress', 'ssl-client-verify': 'FAILED:unable' })).json(),
    ).toMatchObject({ success: false });
  });
});

describe('callers without credentials', () => {
  it('INSTALL-12 SERVER-modules-07 get the answer of the endpoint, not an HTTP error', async () => {
    expect((await v1Post(gateway, 'task/kill', { task_id: 1 })).json()).toEqual({
      success: false,
      message: 'SSL secure connection is required',
      data: null,
    });
    expect((await classic(gateway, 'killTask', { jediTaskID: '1', properErrorCode: 'True' })).text).toBe(
      '(I100\nVsecure connection is required\nt.',
    );
    expect((await classic(gateway, 'getFullJobStatus', { ids: '(lp0\n.' })).text).toBe('False');
    expect((await classic(gateway, 'get_user_secrets', {})).json()).toEqual([false, 'SSL secure connection is required']);
    expect((await classic(gateway, 'isAlive', {})).text).toBe('alive=yes');
    expect((await raw(gateway, '/server/panda/isAlive', {})).text).toBe('alive=yes');
  });
});

import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { ROBOT_CLIENT_ID, USER_CLIENT_ID } from './clients.js';
import { signInDevice } from './device-sign-in.js';
import { type IdentityServer, startIdentityServer } from './identity-server.js';

const AUDIENCE = 'https://panda.example';

interface Discovery {
  device_authorization_endpoint: string;
  token_endpoint: string;
  jwks_uri: string;
}
interface DeviceStart {
  device_code: string;
  verification_uri_complete: string;
}

describe('the identity provider of the box', () => {
  let dir: string;
  let server: IdentityServer;
  let discovery: Discovery;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-identity-'));
    server = await startIdentityServer({ dir, vo: 'wlcg', audience: AUDIENCE, port: 0 });
    discovery = (await (await fetch(`${server.issuer}/.well-known/openid-configuration`)).json()) as Discovery;
  });
  afterAll(async () => {
    await server.close();
    await rm(dir, { recursive: true, force: true });
  });

  const post = async (url: string, form: Record<string, string>) => {
    const response = await fetch(url, { method: 'POST', body: new URLSearchParams(form) });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  };
  // The forms of the real client: scope ends with a blank, audience is sent, the secret is empty.
  const startDevice = async () => {
    const { body } = await post(discovery.device_authorization_endpoint, {
      client_id: USER_CLIENT_ID,
      scope: 'openid profile email offline_access ',
      audience: AUDIENCE,
    });
    return body as unknown as DeviceStart;
  };
  const poll = (device: DeviceStart) =>
    post(discovery.token_endpoint, {
      client_id: USER_CLIENT_ID,
      client_secret: '',
      grant_type: 'urn:ietf:params:oauth:grant-type:device_code',
      device_code: device.device_code,
    });
  const account = () => {
    const [first] = server.accounts;
    if (!first) throw new Error('no account');
    return first;
  };

  it('signs a person in by the device flow of the real client', async () => {
    const device = await startDevice();
    expect((await poll(device)).body.error).toBe('authorization_pending');
    const { nickname, password, name, groups } = account();
    await signInDevice(device.verification_uri_complete, nickname, password);
    const { body } = await poll(device);
    const { payload } = await jwtVerify(body.id_token ?? '', createRemoteJWKSet(new URL(discovery.jwks_uri)), {
      issuer: server.issuer,
      audience: USER_CLIENT_ID,
    });
    expect(payload).toMatchObject({ name, preferred_username: nickname, groups });

    const refreshed = await post(discovery.token_endpoint, {
      client_id: USER_CLIENT_ID,
      client_secret: '',
      grant_type: 'refresh_token',
      refresh_token: body.refresh_token ?? '',
    });
    expect(refreshed.body).toHaveProperty('id_token');
  });

  it('refuses a wrong password', async () => {
    const device = await startDevice();
    await expect(signInDevice(device.verification_uri_complete, account().nickname, 'guess')).rejects.toThrow(/refused/);
    expect((await poll(device)).body.error).toBe('authorization_pending');
  });

  it('gives pilots a token with the pilot role, and nobody without the secret', async () => {
    const grant = { client_id: ROBOT_CLIENT_ID, grant_type: 'client_credentials', resource: AUDIENCE };
    const { body } = await post(discovery.token_endpoint, { ...grant, client_secret: server.robotSecret });
    const { payload } = await jwtVerify(body.access_token ?? '', createRemoteJWKSet(new URL(discovery.jwks_uri)), {
      issuer: server.issuer,
      audience: AUDIENCE,
    });
    expect(payload).toMatchObject({ client_id: ROBOT_CLIENT_ID, groups: ['wlcg', 'wlcg/pilot', 'wlcg/harvester'] });
    expect((await post(discovery.token_endpoint, { ...grant, client_secret: 'wrong' })).status).toBe(401);
  });

  it('keeps its secrets readable by their owner only', async () => {
    for (const file of ['accounts.json', 'signing-key.json', 'robot-secret', 'cookie-secret']) {
      expect((await stat(join(dir, file))).mode & 0o077).toBe(0);
    }
  });
});

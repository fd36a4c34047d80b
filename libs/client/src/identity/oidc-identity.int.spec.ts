import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';
import { type AuthConfig, type DevicePrompt, OidcIdentity } from './oidc-identity.js';
import { TokenCache } from './token-cache.js';

const CLIENT = 'panda-cli';
let http: Server;
let provider: Provider;
let auth: AuthConfig;
let cache: TokenCache;
let directory: string;

/** A real provider with device flow and rotating refresh tokens; only the browser is missing. */
beforeAll(async () => {
  http = createServer((request, response) => provider.callback()(request, response));
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: 'none',
        grant_types: ['urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
        redirect_uris: [],
        response_types: [],
        application_type: 'native',
      },
    ],
    features: { deviceFlow: { enabled: true }, devInteractions: { enabled: false } },
    jwks: { keys: [await signingKey()] },
    ttl: { AccessToken: 3_600, DeviceCode: 600, Grant: 86_400, IdToken: 3_600, RefreshToken: 86_400 },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    conformIdTokenClaims: false,
    findAccount: async (_ctx, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, name: 'Alice Adams', preferred_username: 'alice' }),
    }),
    cookies: { keys: ['test'] },
  });
  auth = {
    oidc_config_url: `${issuer}/.well-known/openid-configuration`,
    client_id: CLIENT,
    client_secret: '',
    audience: 'panda',
  };
});
afterAll(async () => {
  http.closeAllConnections();
  await new Promise((resolve) => http.close(resolve));
});

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'panda-oidc-'));
  cache = new TokenCache(directory);
});
afterEach(() => rm(directory, { recursive: true }));

async function signingKey() {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  return { ...(await exportJWK(privateKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
}

function identity(now = new Date()): OidcIdentity {
  return new OidcIdentity({ cache, authConfig: async () => auth, allowInsecure: true, now: () => now });
}

/** What the user's click in the browser does. */
async function approve(prompt: DevicePrompt): Promise<void> {
  const code = await provider.DeviceCode.findByUserCode(prompt.userCode.replace(/-/g, ''));
  const grant = new provider.Grant({ accountId: 'alice', clientId: CLIENT });
  grant.addOIDCScope('openid profile email offline_access');
  const scope = 'openid profile email offline_access';
  Object.assign(code as object, { accountId: 'alice', grantId: await grant.save(), scope, claims: {}, authTime: 1 });
  // The declaration of the package forgets the time to live, in seconds, that its code demands.
  await (code as unknown as { save(ttlS: number): Promise<unknown> }).save(600);
}

const later = () => new Date(Date.now() + 50 * 365 * 86_400_000);

describe('an OIDC identity', () => {
  it('signs in by the device flow, keeps the tokens for their owner only, and refreshes them near their end', async () => {
    const claims = await identity().login((prompt) => void approve(prompt));
    expect(claims).toMatchObject({ name: 'Alice Adams', preferredUsername: 'alice' });
    const stored = JSON.parse(await readFile(join(directory, '.token'), 'utf8'));
    expect(stored.id_token.split('.')).toHaveLength(3);
    expect((await stat(cache.path)).mode & 0o777).toBe(0o600);
    await expect(identity().token()).resolves.toBe(stored.id_token);
    const token = await identity(later()).token();
    const after = await cache.read();
    expect(after?.id_token).toBe(token);
    expect(typeof after?.refresh_token).toBe('string');
    expect({ ...stored, ...after }).not.toEqual(stored);
  }, 20_000);

  it('asks to sign in again when the refresh token is not accepted', async () => {
    await cache.write({ id_token: jwt({ exp: 1 }), refresh_token: 'stale' });
    await expect(identity().token()).rejects.toMatchObject({
      code: 'PANDA-CLIENT-011',
      message: expect.stringContaining('invalid_grant'),
    });
  });

  it('says that nobody is signed in', async () => {
    await expect(identity().token()).rejects.toMatchObject({ code: 'PANDA-CLIENT-005' });
    await writeFile(cache.path, '');
    await expect(identity().token()).rejects.toMatchObject({ code: 'PANDA-CLIENT-005' });
  });

  it('names an unreadable token file instead of overwriting it', async () => {
    await writeFile(cache.path, 'garbage');
    await expect(identity().token()).rejects.toMatchObject({ code: 'PANDA-CLIENT-010', message: `${cache.path} holds no token` });
  });

  it('does not send a secret to a provider without TLS', async () => {
    const careful = new OidcIdentity({ cache, authConfig: async () => auth, allowInsecure: false });
    await expect(careful.login(() => undefined)).rejects.toMatchObject({ code: 'PANDA-CLIENT-011' });
  });
});

function jwt(claims: object): string {
  return ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'x'].join('.');
}

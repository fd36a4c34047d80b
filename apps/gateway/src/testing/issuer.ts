import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';

/** An identity provider: real discovery and keys over HTTP, tokens with any claims a test wants. */
export interface TestIssuer {
  readonly url: string;
  readonly configUrl: string;
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** A token of a person, good for ten minutes, unless changed. */
  token(claims?: JWTPayload & Record<string, unknown>, header?: Record<string, unknown>): Promise<string>;
  close(): Promise<void>;
}

export const CLIENT_ID = 'panda-client';
export const AUDIENCE = 'https://panda.example';

export async function startIssuer(): Promise<TestIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const kid = 'key-1';
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] };
  let url = '';
  const server = createServer((request, response) => {
    const document = {
      issuer: url,
      jwks_uri: `${url}/jwks`,
      token_endpoint: `${url}/token`,
      device_authorization_endpoint: `${url}/device`,
    };
    const body = request.url === '/jwks' ? keys : document;
    response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://localhost:${(server.address() as AddressInfo).port}`;
  return {
    url,
    configUrl: `${url}/.well-known/openid-configuration`,
    kid,
    privateKey,
    token: (claims = {}, header = {}) => signed(claims, { alg: 'RS256', kid, ...header }, url, privateKey),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

async function signed(claims: JWTPayload, header: { alg: string; kid: string }, issuer: string, key: CryptoKey): Promise<string> {
  const now = Math.floor(Date.now() / 1_000);
  const payload = {
    iss: issuer,
    sub: 'subject-alice',
    aud: CLIENT_ID,
    iat: now,
    exp: now + 600,
    name: 'Alice Example',
    preferred_username: 'alice',
    groups: ['wlcg'],
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader(header).sign(key);
}

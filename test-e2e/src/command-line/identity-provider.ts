import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';

export const CLIENT_ID = 'panda-cli';

/** An identity provider whose users confirm at once: discovery, keys, device flow and refresh over real HTTP. */
export interface IdentityProvider {
  readonly url: string;
  close(): Promise<void>;
}

export async function startIdentityProvider(claims: Readonly<Record<string, unknown>>): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true });
  const jwk = { ...(await exportJWK(publicKey)), kid: 'key-1', alg: 'RS256', use: 'sig' };
  const server = createServer((request, response) => {
    answer(request.url ?? '')
      .then((body) => response.setHeader('content-type', 'application/json').end(JSON.stringify(body)))
      .catch((error: Error) => response.writeHead(500).end(error.message));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const answer = async (path: string): Promise<object> => {
    if (path === '/jwks') return { keys: [jwk] };
    if (path === '/device')
      return { device_code: 'd', user_code: 'ABCD-EFGH', verification_uri: `${url}/go`, expires_in: 600, interval: 0.01 };
    if (path === '/token') return { token_type: 'Bearer', access_token: 'a', refresh_token: 'r', id_token: await idToken() };
    return {
      issuer: url,
      jwks_uri: `${url}/jwks`,
      device_authorization_endpoint: `${url}/device`,
      token_endpoint: `${url}/token`,
    };
  };
  const idToken = () => {
    const now = Math.floor(Date.now() / 1_000);
    const payload = { iss: url, sub: 'subject-alice', aud: CLIENT_ID, iat: now, exp: now + 3_600, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid: jwk.kid }).sign(privateKey);
  };
  return { url, close: () => closed(server) };
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

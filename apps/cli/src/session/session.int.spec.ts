import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runHere } from '../testing/run-here.js';
import { aliceToken } from '../testing/run-tool.js';

let directory: string;
let server: Server;
/** Subject of the client's certificate, as the server saw it. */
let peer: string | undefined;
/** Its Authorization header. */
let authorization: string | undefined;

/** A real TLS server with a certificate nobody trusts. */
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'panda-tls-'));
  for (const name of ['localhost', 'alice']) makeCertificate(name);
  const files = { key: read('localhost.key'), cert: read('localhost.crt'), ca: read('alice.crt') };
  server = createServer({ ...files, requestCert: true, rejectUnauthorized: false }, (request, response) => {
    peer = (request.socket as TLSSocket).getPeerCertificate().subject?.CN as string | undefined;
    authorization = request.headers.authorization;
    response.end(JSON.stringify({ success: true, message: '', data: null }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(directory, { recursive: true });
});

function makeCertificate(name: string): void {
  const subject = ['-subj', `/CN=${name}`, '-keyout', join(directory, `${name}.key`), '-out', join(directory, `${name}.crt`)];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '1', ...subject], { stdio: 'ignore' });
}

const read = (name: string) => readFileSync(join(directory, name));

function health(env: Readonly<Record<string, string>>) {
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return runHere('panda', ['health'], { env: { PANDA_URL_SSL: url, PANDA_CONFIG_ROOT: directory, ...env } });
}

describe('a session over TLS', () => {
  it('CLIENT-07 refuses a server it cannot verify, unless PANDA_VERIFY_HOST is off', async () => {
    expect(await health({})).toMatchObject({ code: 4, stderr: expect.stringMatching(/SELF_SIGNED_CERT|self-signed/) });
    expect(await health({ PANDA_VERIFY_HOST: 'off' })).toMatchObject({ code: 0 });
    expect(peer).toBeUndefined();
  }, 20_000);

  it('CLIENT-06 CLIENT-10 shows the grid proxy as client certificate with x509, no token; a token and no certificate with oidc', async () => {
    const proxy = join(directory, 'x509up');
    writeFileSync(proxy, Buffer.concat([read('alice.crt'), read('alice.key')]));
    const env = { PANDA_VERIFY_HOST: 'off', X509_USER_PROXY: proxy };
    expect(await health({ ...env, PANDA_AUTH: 'x509_no_grid', PANDA_NICKNAME: 'alice' })).toMatchObject({ code: 0 });
    expect([peer, authorization]).toEqual(['alice', undefined]);
    peer = undefined;
    expect(await health({ ...env, PANDA_AUTH: 'x509' })).toMatchObject({ code: 0 });
    expect([peer, authorization]).toEqual(['alice', undefined]);
    expect(await health({ ...env, PANDA_AUTH: 'oidc', PANDA_AUTH_ID_TOKEN: aliceToken })).toMatchObject({ code: 0 });
    expect([peer, authorization]).toEqual([undefined, `Bearer ${aliceToken}`]);
    for (const PANDA_AUTH of ['x509', 'x509_no_grid'])
      expect(await health({ ...env, PANDA_AUTH, X509_USER_PROXY: '/nowhere' })).toMatchObject({ code: 3 });
  }, 20_000);
});

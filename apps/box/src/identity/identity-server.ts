import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type Provider from 'oidc-provider';
import { type Account, findByPassword, loadAccounts } from './accounts.js';
import { loadSigningKey } from './keys.js';
import { signInPage } from './pages.js';
import { loadSecret } from './secret-file.js';

const FORM_BYTES_MAX = 4_096;

export interface IdentityServer {
  readonly issuer: string;
  readonly accounts: readonly Account[];
  readonly robotSecret: string;
  close(): Promise<void>;
}

export interface IdentityOptions {
  /** Folder for keys, accounts and secrets (mode 0700). */
  dir: string;
  vo: string;
  audience: string;
  /** 0 = any free port. */
  port: number;
}

/** Starts the box's OpenID provider on 127.0.0.1. */
export async function startIdentityServer(options: IdentityOptions): Promise<IdentityServer> {
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const accounts = await loadAccounts(join(options.dir, 'accounts.json'), options.vo);
  const robotSecret = await loadSecret(join(options.dir, 'robot-secret'));
  const server = createServer();
  const issuer = `http://localhost:${await listen(server, options.port)}`;
  const { openIdProvider } = await quietly(() => import('./provider.js'));
  const provider = openIdProvider({
    issuer,
    audience: options.audience,
    vo: options.vo,
    signingKey: await loadSigningKey(join(options.dir, 'signing-key.json')),
    cookieSecret: await loadSecret(join(options.dir, 'cookie-secret')),
    robotSecret,
    accounts,
  });
  const protocol = provider.callback();
  server.on('request', (request, response) => {
    handle(provider, accounts, protocol, request, response).catch(() => fail(response));
  });
  return {
    issuer,
    accounts,
    robotSecret,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

type Protocol = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

async function handle(
  provider: Provider,
  accounts: readonly Account[],
  protocol: Protocol,
  request: IncomingMessage,
  response: ServerResponse,
) {
  if (/^\/interaction\/[\w-]+$/.test(request.url ?? '')) return signIn(provider, accounts, request, response);
  if (request.method === 'POST' && request.url === '/device/auth') trimScope(request);
  return protocol(request, response);
}

/**
 * The real client's scope ends with a blank, which the provider takes for a forbidden character
 * (panda-client:openidc_utils.py@749e856). The body is corrected while the provider reads it, so its length is open.
 */
function trimScope(request: IncomingMessage): void {
  const original = request.iterator.bind(request);
  request.headers['transfer-encoding'] = 'chunked';
  delete request.headers['content-length'];
  request.iterator = (options) => trimmedForm(original(options));
}

async function* trimmedForm(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, undefined> {
  const form = await readForm(chunks);
  form.set('scope', (form.get('scope') ?? '').trim());
  yield Buffer.from(form.toString());
  return undefined;
}

/** The library announces on the console that it prefers a newer Node.js each time it is loaded; the box's output is for its user. */
async function quietly<T>(load: () => Promise<T>): Promise<T> {
  const { warn } = console;
  console.warn = () => undefined;
  try {
    return await load();
  } finally {
    console.warn = warn;
  }
}

async function signIn(
  provider: Provider,
  accounts: readonly Account[],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { uid } = await provider.interactionDetails(request, response);
  const form = request.method === 'POST' ? await readForm(request) : undefined;
  const nickname = form?.get('nickname') ?? accounts[0]?.nickname ?? '';
  const account = form && findByPassword(accounts, nickname, form.get('password') ?? '');
  if (account) {
    await provider.interactionFinished(
      request,
      response,
      { login: { accountId: account.nickname } },
      { mergeWithLastSubmission: false },
    );
    return;
  }
  response.writeHead(form ? 401 : 200, { 'content-type': 'text/html; charset=utf-8' });
  response.end(signInPage(`/interaction/${uid}`, nickname, form !== undefined));
}

async function readForm(chunks: AsyncIterable<Buffer>): Promise<URLSearchParams> {
  let text = '';
  for await (const chunk of chunks) {
    text += chunk;
    if (text.length > FORM_BYTES_MAX) throw new RangeError('form too large');
  }
  return new URLSearchParams(text);
}

function fail(response: ServerResponse): void {
  if (!response.headersSent) response.writeHead(400, { 'content-type': 'text/plain' });
  response.end('This sign-in is not valid any more: start it again from your program.\n');
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

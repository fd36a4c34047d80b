import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import {
  ClientError,
  Connection,
  fetchAuthConfig,
  fixedToken,
  OidcIdentity,
  PandaClient,
  type TlsOptions,
  TokenCache,
  type TokenSource,
  tokenFromFile,
} from '@panda/client';
import type { CliConfig } from '../cli.config.js';

/** What command-line options change about a session. */
export interface SessionOptions {
  readonly server?: string;
  readonly vo?: string;
  readonly timeoutMs?: number;
}

/** One user at one server. */
export interface Session {
  readonly client: PandaClient;
  readonly config: CliConfig;
  readonly vo: string | undefined;
  /** Signing in and out; undefined where a ready-made token or a certificate is used. */
  readonly identity: OidcIdentity | undefined;
  /** Undefined: calls are anonymous or carry a certificate. */
  readonly token: TokenSource | undefined;
  /** Directory of token and history. */
  readonly directory: string;
}

export function openSession(config: CliConfig, options: SessionOptions = {}): Session {
  const vo = options.vo ?? config.authVo;
  const baseUrl = options.server ?? config.serverUrl;
  const tls = tlsOf(config);
  const directory = config.configRoot ?? join(homedir(), '.panda');
  const identity = identityOf(config, { baseUrl, vo, tls, directory });
  const token = tokenOf(config, identity);
  const { timeoutMs } = options;
  const client = new PandaClient({
    baseUrl,
    cacheUrl: config.cacheUrl,
    token,
    vo,
    tls,
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
  });
  return { client, config, vo, identity, token, directory };
}

interface IdentityFacts {
  readonly baseUrl: string;
  readonly vo: string | undefined;
  readonly tls: TlsOptions;
  readonly directory: string;
}

function identityOf(config: CliConfig, { baseUrl, vo, tls, directory }: IdentityFacts): OidcIdentity | undefined {
  if (config.idToken !== undefined || config.tokenFile !== undefined) return undefined;
  if (config.auth !== undefined && config.auth !== 'oidc') return undefined;
  const authConfig = () => {
    if (vo === undefined) {
      throw new ClientError('PANDA-CLIENT-011', 'the community to sign in to is unknown', {
        hint: 'Give --vo, or set PANDA_AUTH_VO.',
      });
    }
    return fetchAuthConfig(new Connection({ baseUrl, tls }), vo);
  };
  // A provider without TLS is trusted exactly where the server itself is.
  return new OidcIdentity({ cache: new TokenCache(directory), authConfig, allowInsecure: baseUrl.startsWith('http:') });
}

/** In the order of the real client: token in the environment, token file, cached sign-in. */
function tokenOf(config: CliConfig, identity: OidcIdentity | undefined): TokenSource | undefined {
  if (config.idToken !== undefined) return fixedToken(config.idToken);
  if (config.tokenFile !== undefined) return tokenFromFile(config.tokenFile);
  if (identity === undefined) return undefined;
  return config.auth === 'oidc' ? identity : optionalSignIn(identity);
}

/** Without PANDA_AUTH a missing sign-in is no error here: the server says whether it needs one. */
function optionalSignIn(identity: OidcIdentity): TokenSource {
  const token = async () => ((await identity.isSignedIn()) ? identity.token() : undefined);
  return { token, renew: () => identity.renew() };
}

function tlsOf(config: CliConfig): TlsOptions {
  const verify = config.verifyHost === 'on';
  const usesCertificate = config.auth !== undefined && config.auth !== 'oidc';
  if (!usesCertificate || config.proxyFile === undefined) return { verify };
  try {
    // A grid proxy holds certificate, key and chain in one file.
    const proxy = readFileSync(config.proxyFile);
    return { verify, cert: proxy, key: proxy };
  } catch (cause) {
    throw new ClientError(
      'PANDA-CLIENT-010',
      `cannot read the grid proxy ${config.proxyFile}: ${(cause as NodeJS.ErrnoException).code}`,
      {
        cause,
        hint: 'Make a new proxy, or unset X509_USER_PROXY.',
      },
    );
  }
}

import * as oidc from 'openid-client';
import { ClientError } from '../errors.js';
import { claimsOf, type TokenClaims } from './claims.js';
import { type CachedTokens, isFresh, type TokenCache } from './token-cache.js';
import type { TokenSource } from './token-source.js';

/** `/auth/<vo>_auth_config.json` of the server. Client API §2.1 */
export interface AuthConfig {
  readonly oidc_config_url: string;
  readonly client_id: string;
  readonly client_secret?: string;
  readonly audience?: string;
  /** `wlcg` asks for the groups of that profile. */
  readonly jwt_profile?: string;
}

export interface OidcIdentityOptions {
  readonly cache: TokenCache;
  /** Asked only when there is something to refresh or to sign in for. */
  readonly authConfig: () => Promise<AuthConfig>;
  /** Plain http to the identity provider; only where the PanDA server itself is reached so, as on a laptop. */
  readonly allowInsecure: boolean;
  readonly now?: () => Date;
}

/** What the user has to do in a browser. */
export interface DevicePrompt {
  readonly url: string;
  readonly userCode: string;
  readonly expiresInS: number;
}

/** A user's identity: cached, refreshed when it nears its end, obtained by the device flow (RFC 8628). */
export class OidcIdentity implements TokenSource {
  constructor(private readonly options: OidcIdentityOptions) {}

  /** Whether somebody signed in on this machine, however long ago. */
  async isSignedIn(): Promise<boolean> {
    return (await this.options.cache.read()) !== undefined;
  }

  async token(): Promise<string> {
    const tokens = await this.options.cache.read();
    if (tokens === undefined) throw new ClientError('PANDA-CLIENT-005', 'you are not signed in');
    return isFresh(tokens, this.now()) ? tokens.id_token : this.refreshed(tokens);
  }

  /** After a refusal: another process may have a newer token already, else the refresh token is used. */
  async renew(): Promise<string | undefined> {
    const tokens = await this.options.cache.read();
    return tokens?.refresh_token === undefined ? undefined : this.refreshed(tokens);
  }

  /** Signs in; `show` gets the address to open. Ends with an error when the user declines or the code expires. */
  async login(show: (prompt: DevicePrompt) => void, signal?: AbortSignal): Promise<TokenClaims> {
    const auth = await this.options.authConfig();
    const provider = await this.provider(auth);
    try {
      const request = { scope: scopeOf(auth), ...(auth.audience === undefined ? {} : { audience: auth.audience }) };
      const device = await oidc.initiateDeviceAuthorization(provider, request);
      const url = device.verification_uri_complete ?? device.verification_uri;
      show({ url, userCode: device.user_code, expiresInS: device.expires_in });
      const idToken = await this.keep(await oidc.pollDeviceAuthorizationGrant(provider, device, undefined, { signal }));
      return claimsOf(idToken) ?? { groups: [] };
    } catch (cause) {
      throw flowError('signing in failed', cause);
    }
  }

  /** Forgets the tokens of this machine. */
  logout(): Promise<void> {
    return this.options.cache.clear();
  }

  private async refreshed(tokens: CachedTokens): Promise<string> {
    if (tokens.refresh_token === undefined) throw new ClientError('PANDA-CLIENT-005', 'your sign-in has expired');
    try {
      const provider = await this.provider(await this.options.authConfig());
      const answer = await oidc.refreshTokenGrant(provider, tokens.refresh_token);
      // A provider need not rotate: the old refresh token stays good when the answer has none.
      return await this.keep({ refresh_token: tokens.refresh_token, ...answer });
    } catch (cause) {
      return this.refreshedByAnother(tokens, cause);
    }
  }

  /** Two processes may refresh at once and the provider accept only the first: the loser takes what the winner stored. */
  private async refreshedByAnother(tokens: CachedTokens, cause: unknown): Promise<string> {
    const current = await this.options.cache.read();
    if (current !== undefined && current.id_token !== tokens.id_token) return current.id_token;
    if (cause instanceof ClientError && cause.kind === 'transient') throw cause;
    throw flowError('your sign-in has expired and could not be renewed', cause);
  }

  private async keep(answer: Readonly<Record<string, unknown>>): Promise<string> {
    const { id_token: idToken, ...rest } = answer;
    if (typeof idToken !== 'string') {
      throw new ClientError('PANDA-CLIENT-011', 'the identity provider sent no ID token; its client needs the scope openid');
    }
    await this.options.cache.write({ ...rest, id_token: idToken });
    return idToken;
  }

  private async provider(auth: AuthConfig): Promise<oidc.Configuration> {
    const url = new URL(auth.oidc_config_url);
    if (url.protocol !== 'https:' && !this.options.allowInsecure) {
      throw new ClientError('PANDA-CLIENT-011', `the identity provider ${url.origin} is not reached over https`);
    }
    const client = auth.client_secret ? oidc.ClientSecretPost(auth.client_secret) : oidc.None();
    const execute = this.options.allowInsecure ? [oidc.allowInsecureRequests] : [];
    try {
      return await oidc.discovery(url, auth.client_id, undefined, client, { execute });
    } catch (cause) {
      throw flowError(`the identity provider ${url.origin} cannot be used`, cause);
    }
  }

  private now(): Date {
    return this.options.now?.() ?? new Date();
  }
}

function scopeOf(auth: AuthConfig): string {
  const scopes = ['openid', 'profile', 'email', 'offline_access'];
  return [...scopes, ...(auth.jwt_profile === 'wlcg' ? ['wlcg', 'wlcg.groups'] : [])].join(' ');
}

function flowError(message: string, cause: unknown): ClientError {
  if (cause instanceof ClientError) return cause;
  const { error, error_description: description } = cause as { error?: string; error_description?: string };
  const reason = [error, description].filter(Boolean).join(': ') || (cause as Error).message;
  return new ClientError('PANDA-CLIENT-011', `${message}: ${reason}`, { cause });
}

import { isObject } from '@panda/contracts';
import { createRemoteJWKSet, type JWTVerifyGetKey } from 'jose';

/** Keys of one issuer; never pooled with another's. */
export interface IssuerKeys {
  readonly issuer: string;
  readonly getKey: JWTVerifyGetKey;
}

const TIMEOUT_MS = 3_000;
const DOCUMENT_BYTES_MAX = 1024 * 1024;
const REFRESH_MS = 10 * 60_000;
/** One look for an unknown key id per issuer in this time. Source: reliability §8.1 V4. */
const UNKNOWN_KEY_PAUSE_MS = 30_000;
/** The last good copy stays usable while the provider is down. */
const STALE_MS = 24 * 3_600_000;

interface Discovered {
  readonly keys: IssuerKeys;
  readonly atMs: number;
}

/** OpenID discovery and key sets, fetched on demand and kept. */
export class Issuers {
  private readonly known = new Map<string, Discovered>();
  private readonly underway = new Map<string, Promise<IssuerKeys>>();

  constructor(
    private readonly allowHttp: boolean,
    private readonly elapsedMs: () => number,
  ) {}

  /** Throws when the provider cannot be reached and no copy younger than a day is at hand. */
  async keysOf(configUrl: string): Promise<IssuerKeys> {
    const known = this.known.get(configUrl);
    const ageMs = known ? this.elapsedMs() - known.atMs : Number.POSITIVE_INFINITY;
    if (known && ageMs < REFRESH_MS) return known.keys;
    if (known && ageMs < STALE_MS) {
      this.discover(configUrl).catch(() => undefined); // the copy serves until the provider is back
      return known.keys;
    }
    return this.discover(configUrl);
  }

  private discover(configUrl: string): Promise<IssuerKeys> {
    const running = this.underway.get(configUrl);
    if (running) return running;
    const started = this.fetchDocument(configUrl).finally(() => this.underway.delete(configUrl));
    this.underway.set(configUrl, started);
    return started;
  }

  private async fetchDocument(configUrl: string): Promise<IssuerKeys> {
    const response = await fetch(this.checked(configUrl), { signal: AbortSignal.timeout(TIMEOUT_MS), redirect: 'error' });
    if (!response.ok) throw new Error(`the identity provider answered ${response.status}`);
    const text = await response.text();
    if (text.length > DOCUMENT_BYTES_MAX) throw new Error('the discovery document is too long');
    const document: unknown = JSON.parse(text);
    if (!isObject(document) || typeof document.issuer !== 'string' || typeof document.jwks_uri !== 'string') {
      throw new Error('the discovery document names no issuer or keys');
    }
    const known = this.known.get(configUrl)?.keys;
    const keys = known?.issuer === document.issuer ? known : { issuer: document.issuer, getKey: this.keySet(document.jwks_uri) };
    this.known.set(configUrl, { keys, atMs: this.elapsedMs() });
    return keys;
  }

  private keySet(uri: string): JWTVerifyGetKey {
    return createRemoteJWKSet(this.checked(uri), {
      timeoutDuration: TIMEOUT_MS,
      cooldownDuration: UNKNOWN_KEY_PAUSE_MS,
      cacheMaxAge: REFRESH_MS,
    });
  }

  /** Keys come over HTTPS; plain HTTP is for a provider on the same machine. */
  private checked(text: string): URL {
    const url = new URL(text);
    const local = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (local || this.allowHttp))) {
      throw new Error('the identity provider must be reached by HTTPS');
    }
    return url;
  }
}

import { LRUCache } from 'lru-cache';
import { Shed } from './problem.js';

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/** Source: reliability §8.6. Reports and heartbeats are never limited. */
export const defaultRates = {
  failedAuthentication: { perSecond: 30 / 60, burst: 60 },
  submission: { perSecond: 120 / 60, burst: 600 },
  query: { perSecond: 20, burst: 200 },
  upload: { perSecond: 10 / 60, burst: 60 },
} as const satisfies Record<string, Rate>;

export type RateKind = keyof typeof defaultRates;
export type Rates = Readonly<Record<RateKind, Rate>>;

const KEYS_MAX = 50_000;

interface Bucket {
  tokens: number;
  atMs: number;
}

/** Token buckets per kind and key, in constant memory. */
export class RateLimits {
  private readonly buckets = new LRUCache<string, Bucket>({ max: KEYS_MAX });

  constructor(
    private readonly rates: Rates,
    private readonly elapsedMs: () => number,
  ) {}

  /** Takes one token. Throws {@link Shed} with the seconds until the next one. */
  take(kind: RateKind, key: string): void {
    const bucket = this.refilled(kind, key);
    if (bucket.tokens < 1) throw new Shed(429, Math.ceil((1 - bucket.tokens) / this.rates[kind].perSecond));
    bucket.tokens -= 1;
  }

  /** Refuses callers that have used their tokens up, without taking one: for failures, which are counted afterwards. */
  check(kind: RateKind, key: string): void {
    const bucket = this.refilled(kind, key);
    if (bucket.tokens < 1) throw new Shed(429, Math.ceil((1 - bucket.tokens) / this.rates[kind].perSecond));
  }

  private refilled(kind: RateKind, key: string): Bucket {
    const { perSecond, burst } = this.rates[kind];
    const id = `${kind} ${key}`;
    const now = this.elapsedMs();
    const bucket = this.buckets.get(id) ?? { tokens: burst, atMs: now };
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.atMs) / 1_000) * perSecond);
    bucket.atMs = now;
    this.buckets.set(id, bucket);
    return bucket;
  }
}

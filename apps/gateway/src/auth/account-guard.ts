import { Inject, Injectable } from '@nestjs/common';
import { AccountRepository, isTransient } from '@panda/database';
import { Clock } from '@panda/domain';
import { LRUCache } from 'lru-cache';
import { BANNED } from '../metaconfig/get-banned-users.handler.js';
import { AuthenticationFailure, type Identity } from './caller.js';

/** The ban list is at most this old (reliability §8.1 V11: one minute). */
const BANS_FRESH_MS = 60_000;
const NAMES_MAX = 10_000;

/** Bans, and the binding of user names to principals. While the database is away, what was known last holds. */
@Injectable()
export class AccountGuard {
  private readonly bound = new LRUCache<string, boolean>({ max: NAMES_MAX, ttl: 10 * 60_000 });
  private bans: ReadonlySet<string> = new Set();
  private bansAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly accounts: AccountRepository,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Throws {@link AuthenticationFailure} for banned users and for names that belong to somebody else. */
  async check(identity: Identity): Promise<void> {
    await this.whileReachable(() => this.refreshBans());
    if (this.bans.has(identity.userName)) throw new AuthenticationFailure(`${JSON.stringify(identity.userName)} is banned`);
    const key = `${identity.principal}\n${identity.userName}`;
    if (this.bound.get(key) === undefined) {
      await this.whileReachable(async () => {
        this.bound.set(key, await this.accounts.bind(identity.principal, identity.userName));
      });
    }
    if (this.bound.get(key) === false) {
      throw new AuthenticationFailure(
        `the user name ${JSON.stringify(identity.userName)} belongs to another identity; ask an administrator to link them`,
      );
    }
  }

  private async refreshBans(): Promise<void> {
    if (this.clock.elapsedMs() - this.bansAtMs < BANS_FRESH_MS) return;
    this.bansAtMs = this.clock.elapsedMs();
    this.bans = new Set(await this.accounts.banned(BANNED));
  }

  /** Reports of pilots must be taken although the database cannot be asked about their sender just now. */
  private async whileReachable(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isTransient(error)) throw error;
    }
  }
}

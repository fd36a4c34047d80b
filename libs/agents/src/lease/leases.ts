import { Injectable } from '@nestjs/common';
import { acquireLease, Database } from '@panda/database';
import { ServiceIdentity } from '@panda/runtime';
import { AgentRuntime } from '../agent/agent-runtime.js';
import { HeldLease } from './held-lease.js';

/** Leases on names: at most one holder on the fleet, with a token that grows with each holder. */
@Injectable()
export class Leases {
  constructor(
    private readonly database: Database,
    private readonly runtime: AgentRuntime,
    private readonly identity: ServiceIdentity,
  ) {}

  /** Takes the lease, or returns undefined when somebody else holds it. It renews itself until it is released or lost. */
  async acquire(name: string, ttlMs: number): Promise<HeldLease | undefined> {
    const asked = this.runtime.clock.elapsedMs();
    const [row] = await this.database.run(acquireLease, {
      name,
      holder: `${this.identity.name}@${this.identity.instance}`,
      ttlMs,
    });
    return row && HeldLease.start(this.database, this.runtime, { name, token: row.token, ttlMs, since: asked });
  }

  /** Runs `work` under the lease; undefined when somebody else holds it. */
  async under<T>(name: string, ttlMs: number, work: (lease: HeldLease) => Promise<T>): Promise<{ value: T } | undefined> {
    const lease = await this.acquire(name, ttlMs);
    if (!lease) return undefined;
    try {
      return { value: await work(lease) };
    } finally {
      await lease.release();
    }
  }
}

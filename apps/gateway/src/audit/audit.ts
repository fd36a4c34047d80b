import { Inject, Injectable } from '@nestjs/common';
import { AuditTrail, type Tx } from '@panda/database';
import { ServiceIdentity } from '@panda/runtime';
import type { Call } from '../http/call.js';

/** What a mutation leaves in the audit (reliability §8.7). Never secrets, never whole parameter maps. */
export interface AuditEntry {
  readonly method: string;
  /** `task:1`, `job:2`, … */
  readonly object: string | null;
  readonly outcome: 'accepted' | 'refused';
  readonly code?: string;
  readonly summary?: Readonly<Record<string, unknown>>;
}

/** Writes who did what, in the transaction of the effect. */
@Injectable()
export class Audit {
  constructor(
    private readonly trail: AuditTrail,
    @Inject(ServiceIdentity) private readonly service: ServiceIdentity,
  ) {}

  async record(tx: Tx, call: Call, entry: AuditEntry): Promise<void> {
    const { caller } = call;
    await this.trail.append(tx, {
      writer: this.service.instance,
      traceId: call.traceId,
      principal: caller?.principal ?? 'anonymous',
      userName: caller?.userName ?? null,
      roles: [...(caller?.roles ?? [])],
      address: call.address,
      client: call.client,
      method: entry.method,
      object: entry.object,
      outcome: entry.outcome,
      code: entry.code ?? null,
      summary: entry.summary ?? null,
    });
  }
}

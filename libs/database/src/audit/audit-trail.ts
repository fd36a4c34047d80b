import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../kernel/database.js';
import { insertAudit } from '../statements/audit.js';

/** Who did what to which object, and what came of it. Never secrets. */
export interface AuditRecord {
  /** The process that writes: chains are per writer, so that writers do not wait for each other. */
  readonly writer: string;
  readonly traceId: string | null;
  readonly principal: string;
  readonly userName: string | null;
  readonly roles: readonly string[];
  readonly address: string | null;
  readonly client: string | null;
  readonly method: string;
  readonly object: string | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly summary: Readonly<Record<string, unknown>> | null;
}

/**
 * Appends to the audit in the transaction of the effect. Each row carries the hash of an earlier committed row of its writer, so that a
 * changed or removed row is found out. Parallel transactions may follow the same row: the chain is a tree, and never holds anybody up.
 */
@Injectable()
export class AuditTrail {
  private last: Buffer | null = null;

  async append(tx: Tx, record: AuditRecord): Promise<void> {
    const { roles, summary, ...rest } = record;
    const row = {
      ...rest,
      address: record.address !== null && isIP(record.address) > 0 ? record.address : null,
      roles: [...roles],
      summary: summary === null ? null : JSON.stringify(summary),
    };
    const prevHash = this.last;
    const hash = createHash('sha256')
      .update(prevHash ?? Buffer.alloc(0))
      .update(JSON.stringify(row))
      .digest();
    await tx.run(insertAudit, { ...row, prevHash, hash });
    tx.afterCommit(() => {
      this.last = hash;
    });
  }
}

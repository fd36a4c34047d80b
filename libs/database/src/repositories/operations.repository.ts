import { AuditTrail } from '../audit/audit-trail.js';
import type { Database, Tx } from '../kernel/database.js';
import * as sql from '../statements/operations.js';

export type QueueData = Readonly<Record<string, unknown>>;

export interface NewConfigValue extends sql.ConfigEntry {
  readonly value: string;
  readonly type: string;
  /** Empty keeps the description that is there. */
  readonly description: string;
  /** JSON text of values of type json. */
  readonly valueJson: string | null;
}

/** What operators look at and change on a running system. Each change is in the audit with its author, in the same transaction. */
export class OperationsRepository {
  private readonly audit = new AuditTrail();

  constructor(
    private readonly database: Database,
    /** Name of the operator. */
    private readonly by: string,
  ) {}

  outboxByTopic(): Promise<sql.OutboxTopicRow[]> {
    return this.database.run(sql.readOutboxByTopic, {});
  }

  /** Changes a queue's JSON under its lock. Undefined when there is no such queue; `change` throws to refuse. */
  async changeQueue(name: string, change: (data: QueueData) => QueueData): Promise<QueueData | undefined> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.run(sql.lockQueueData, { name });
      if (row === undefined) return undefined;
      const data = change(row.data);
      await tx.run(sql.writeQueueData, { name, data: JSON.stringify(data) });
      await this.record(tx, 'queue.set', `queue:${name}`, changesOf(row.data, data));
      return data;
    });
  }

  /** Answers the value that was there before. */
  async setConfig({ description, ...entry }: NewConfigValue): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.run(sql.writeConfigRow, { ...entry, descr: description });
      const previous = row?.previous ?? null;
      await this.record(tx, 'config.set', configName(entry), { previous, value: entry.value });
      return previous;
    });
  }

  /** Answers the value that was removed, or null when there was none. */
  async unsetConfig(entry: sql.ConfigEntry): Promise<string | null> {
    return this.database.transaction(async (tx) => {
      const [row] = await tx.run(sql.deleteConfigRow, entry);
      if (row === undefined) return null;
      await this.record(tx, 'config.unset', configName(entry), { previous: row.previous });
      return row.previous;
    });
  }

  private record(tx: Tx, method: string, object: string, summary: Readonly<Record<string, unknown>>): Promise<void> {
    const nobody = { traceId: null, address: null, code: null, roles: ['operator'] };
    const { by } = this;
    return this.audit.append(tx, {
      ...nobody,
      writer: 'cli',
      principal: `operator:${by}`,
      userName: by,
      client: 'cli',
      method,
      object,
      outcome: 'done',
      summary,
    });
  }
}

/** Attributes that differ, each with what it was and what it is. */
function changesOf(before: QueueData, after: QueueData): Record<string, { from: unknown; to: unknown }> {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return Object.fromEntries(changed.map((name) => [name, { from: before[name] ?? null, to: after[name] ?? null }]));
}

function configName({ app, component, key, vo }: sql.ConfigEntry): string {
  return `config:${app}.${component}.${key}${vo === '' ? '' : `@${vo}`}`;
}

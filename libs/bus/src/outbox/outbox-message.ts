import type { OutboxRow } from '@panda/database';
import type { Envelope } from '../bus.js';

/** The envelope of an outbox row; its id is the row's, so that publishing it again is recognised as a repeat. */
export function envelopeOf(row: OutboxRow): Envelope {
  return {
    messageId: row.id,
    type: row.type,
    schemaVersion: row.schema_version,
    aggregate: row.aggregate,
    seq: row.seq,
    occurredAt: row.created_at.toISOString(),
    producer: row.producer,
    ...(row.trace_id === null ? {} : { traceId: row.trace_id }),
    ...(row.causation_id === null ? {} : { causationId: row.causation_id }),
    payload: row.payload,
  };
}

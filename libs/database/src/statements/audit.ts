import { statement } from '../kernel/statement.js';

export interface AuditRow {
  traceId: string | null;
  principal: string;
  userName: string | null;
  roles: string[];
  address: string | null;
  client: string | null;
  method: string;
  object: string | null;
  outcome: string;
  code: string | null;
  summary: string | null;
  writer: string;
  prevHash: Buffer | null;
  hash: Buffer;
}

/** One line of the audit; services may insert, never change (reliability §8.7). */
export const insertAudit = statement<AuditRow, object>(
  'audit.insert',
  `insert into panda_ops.audit (trace_id, principal, user_name, roles, address, client, method, object, outcome, code, summary, writer,
     prev_hash, hash)
   values ($traceId::text, $principal::text, $userName::text, $roles::text[], $address::inet, left($client::text, 200), $method::text,
     $object::text, $outcome::text, $code::text, $summary::jsonb, $writer::text, $prevHash::bytea, $hash::bytea)`,
);

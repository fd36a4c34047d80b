import { statement } from '../kernel/statement.js';

/** The first caller of a key inserts it and does the work; no row: the key is taken, read its answer. */
export const beginIdempotent = statement<{ scope: string; key: string; principal: string; hash: Buffer }, { key: string }>(
  'idempotency.begin',
  `insert into panda_ops.idempotency (scope, key, principal, request_hash) values ($scope, $key, $principal, $hash::bytea)
   on conflict (scope, key) do nothing returning key`,
);

export const finishIdempotent = statement<{ scope: string; key: string; status: number; response: string }, { key: string }>(
  'idempotency.finish',
  `update panda_ops.idempotency set status = $status::int, response = $response::jsonb where scope = $scope and key = $key returning key`,
);

export const readIdempotent = statement<
  { scope: string; key: string },
  { principal: string; hash: Buffer; status: number | null; response: unknown }
>(
  'idempotency.read',
  'select principal, request_hash as hash, status, response from panda_ops.idempotency where scope = $scope and key = $key',
);

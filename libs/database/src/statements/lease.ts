import { statement } from '../kernel/statement.js';

/** Takes a lease that is free or expired; the token grows with each holder. No row: somebody else holds it. */
export const acquireLease = statement<{ name: string; holder: string; ttlMs: number }, { token: number }>(
  'acquireLease',
  `insert into panda_ops.lease as held (name, holder, token, acquired_at, expires_at)
   select $name, $holder, 1, t.now, t.now + $ttlMs * interval '1 millisecond'
   from (select panda_ops.utc_now() at time zone 'UTC' as now) t
   on conflict (name) do update
     set holder = excluded.holder, token = held.token + 1, acquired_at = excluded.acquired_at, expires_at = excluded.expires_at
     where held.expires_at <= excluded.acquired_at
   returning token`,
);

/** Moves the end of a lease that is still held under the token. No row: the lease is lost. */
export const renewLease = statement<{ name: string; token: number; ttlMs: number }, { token: number }>(
  'renewLease',
  `update panda_ops.lease
   set expires_at = (panda_ops.utc_now() at time zone 'UTC') + $ttlMs * interval '1 millisecond'
   where name = $name and token = $token returning token`,
);

/** Ends a lease `keepMs` after it was acquired, or now when that is past: 0 releases at once. */
export const releaseLease = statement<{ name: string; token: number; keepMs: number }, { token: number }>(
  'releaseLease',
  `update panda_ops.lease
   set expires_at = greatest(panda_ops.utc_now() at time zone 'UTC', acquired_at + $keepMs * interval '1 millisecond')
   where name = $name and token = $token returning token`,
);

/**
 * The last statement of a transaction that works under a lease: keeps a steal out until COMMIT. No row: roll back.
 * The share lock is taken last, so that it never delays renewals.
 */
export const fenceLease = statement<{ name: string; token: number }, { held: boolean }>(
  'fenceLease',
  'select true as held from panda_ops.lease where name = $name and token = $token for share',
);

import { statement } from '../kernel/statement.js';

/**
 * A service says that it and the database work. If the last word is older than `afterS`, the time between is kept as an
 * interruption. Instances of a service share one row, which is locked and read before it is written.
 */
export const markPresence = statement<{ name: string; afterS: number }, { name: string }>(
  'presence.mark',
  `with before as (select name, seen_at from panda_ops.presence where name = $name::text for update),
   t as (select panda_ops.utc_now() at time zone 'UTC' as now),
   away as (
     insert into panda_ops.interruption (name, from_at, to_at)
     select name, seen_at, t.now from before, t where seen_at < t.now - make_interval(secs => $afterS::int) on conflict do nothing)
   insert into panda_ops.presence as p (name, seen_at) select $name::text, t.now from t left join before on true
   on conflict (name) do update set seen_at = greatest(p.seen_at, excluded.seen_at) returning p.name`,
);

/** Interruptions of the last `withinS` seconds; one that still lasts ends now. A service that never said a word has none. */
export const readInterruptions = statement<
  { withinS: number; afterS: number },
  { name: string; from: Date; to: Date; now: Date }
>(
  'presence.interruptions',
  `with t as (select panda_ops.utc_now() at time zone 'UTC' as now),
   away as (
     select name, from_at, to_at from panda_ops.interruption
     union all select name, seen_at, t.now from panda_ops.presence, t where seen_at < t.now - make_interval(secs => $afterS::int))
   select name, from_at as "from", to_at as "to", t.now from away, t
   where to_at > t.now - make_interval(secs => $withinS::int) order by from_at, name`,
);

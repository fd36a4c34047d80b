import { statement } from '../kernel/statement.js';

/** Makes partitions that are due and drops those past their time. One line per partition. */
export const maintainPartitions = statement<object, { done: string }>(
  'retention.maintainPartitions',
  'select done from panda_ops.maintain_partitions() as done',
);

/** Adds up the differences of the job statistics; returns how many. Cheap when called every few seconds. */
export const foldJobStats = statement<{ limit: number }, { folded: number }>(
  'retention.foldJobStats',
  'select panda_ops.fold_job_stats($limit::int) as folded',
);

/** Refreshes the median of input files per job. */
export const refreshTypicalInput = statement<object, { kinds: number }>(
  'retention.refreshTypicalInput',
  'select panda_ops.refresh_typical_input() as kinds',
);

export interface Bounded {
  limit: number;
}

/** Old rows go in portions: no long transaction, no burst of dead rows. Each returns what it deleted, one row each. */
const pruned = (name: string, table: string, key: string, condition: string) =>
  statement<Bounded & { days: number }, { gone: string }>(
    `retention.${name}`,
    `delete from ${table} where ctid = any(array(select ctid from ${table} where ${condition} < now() - make_interval(days => $days::int) limit $limit::int))
     returning ${key}::text as gone`,
  );

export const pruneIdempotency = pruned('pruneIdempotency', 'panda_ops.idempotency', 'key', 'created_at');
export const pruneHandouts = pruned('pruneHandouts', 'panda_ops.handout', 'pandaid', 'handed_at');
export const pruneRegister = pruned('pruneRegister', 'panda_ops.registered_output', 'lfn', 'registered_at');
export const pruneAudit = pruned('pruneAudit', 'panda_ops.audit', 'id', 'at');
export const pruneWorkers = pruned('pruneWorkers', 'doma_panda.harvester_workers', 'workerid', `lastupdate at time zone 'UTC'`);

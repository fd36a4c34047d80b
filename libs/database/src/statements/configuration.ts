import type { ResourceTypeRow, ShareRow, WorkQueue } from '@panda/domain';
import { statement } from '../kernel/statement.js';

/** Rows of CONFIG. Spec: System Configuration Parameters. */
export const readConfig = statement<
  object,
  { app: string; component: string; key: string; value: string | null; type: string; vo: string | null; value_json: unknown }
>(
  'config.read',
  'select app, component, key, value, type, vo, value_json from doma_panda.config order by app, component, key, vo',
);

/** The tree of global shares; siblings by name, so that every reader walks it alike. Spec: Global Shares. */
export const readShares = statement<object, ShareRow>(
  'share.read',
  `select name, value, parent, vo, prodsourcelabel as "prodSourceLabel", workinggroup as "workingGroup", campaign,
     processingtype as "processingType", transpath as "transPath", rtype, queue_id as "queueId", throttled
   from doma_panda.global_shares order by parent nulls first, name`,
);

export interface WorkQueueRow extends WorkQueue {
  /** Null: the queue has no share of its own and is never throttled. */
  readonly queueShare: number | null;
}

/** Work queues in the order in which a task tries them. */
export const readWorkQueues = statement<object, WorkQueueRow>(
  'workQueue.read',
  `select queue_id as "queueId", queue_name as name, queue_type as type, vo, coalesce(status, 'active') = 'active' as "isActive",
     queue_share as "queueShare", queue_order as "order", criteria, variables
   from doma_panda.jedi_work_queue order by queue_order nulls last, queue_id`,
);

/** Resource types; the catch-all without upper limits comes last, so that the first that fits is the closest. */
export const readResourceTypes = statement<object, ResourceTypeRow>(
  'resourceType.read',
  `select resource_name as name, mincore as "minCore", maxcore as "maxCore", minrampercore as "minRamPerCore", maxrampercore as "maxRamPerCore"
   from doma_panda.resource_types
   order by (maxcore is null)::int + (maxrampercore is null)::int + (minrampercore is null)::int, mincore, resource_name`,
);

export interface RetryRuleRow {
  id: number;
  errorSource: string;
  errorCode: number;
  errorDiag: string | null;
  parameters: string | null;
  architecture: string | null;
  release: string | null;
  workQueueId: number | null;
  description: string | null;
  expires: Date | null;
  /** Both the rule and its action are switched on; a rule that is off is logged only. */
  active: boolean;
  action: string;
}

/** Retry rules with the names of their actions. Spec: Job Retry Module. */
export const readRetryRules = statement<object, RetryRuleRow>(
  'retryRule.read',
  `select e.retryerror_id as id, e.errorsource as "errorSource", e.errorcode as "errorCode", e.errordiag as "errorDiag", e.parameters,
     e.architecture, e.release, e.workqueue_id as "workQueueId", e.description, e.expiration_date as expires,
     e.active = 'Y' and a.active = 'Y' as active, a.retry_action as action
   from doma_panda.retryerrors e join doma_panda.retryactions a on a.retryaction_id = e.retryaction
   where e.expiration_date is null or e.expiration_date > panda_ops.utc_now()
   order by e.retryerror_id`,
);

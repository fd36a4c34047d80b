import { ConfigValue } from './config-value.entity.js';
import { HarvesterInstance, PandaQueue, QueueSite, Site } from './queue.entity.js';
import { ResourceType } from './resource-type.entity.js';
import { RetryAction, RetryRule } from './retry-rule.entity.js';
import { GlobalShare } from './share.entity.js';
import { WorkQueue } from './work-queue.entity.js';

/** What operators and the box's seeds edit row by row. Tables of the hot paths have statements instead. */
export const entities = [
  ConfigValue,
  GlobalShare,
  HarvesterInstance,
  PandaQueue,
  QueueSite,
  ResourceType,
  RetryAction,
  RetryRule,
  Site,
  WorkQueue,
];

export {
  ConfigValue,
  GlobalShare,
  HarvesterInstance,
  PandaQueue,
  QueueSite,
  ResourceType,
  RetryAction,
  RetryRule,
  Site,
  WorkQueue,
};

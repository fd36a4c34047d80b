import type { Random } from '../ports/random.js';
import type { Queue } from '../queue/queue.js';
import type { TaskSpec } from '../task/task-spec.js';
import { type BrokerageResult, brokerJobs, explainJobs, type JobBroker } from './job-broker.js';
import type { BrokerageOptions, BrokerageRequest, BrokerageWorld } from './request.js';
import type { Rejection } from './verdict.js';

/** Changes to a snapshot: "what if the task asked for less", "what if that queue were online". */
export interface WhatIf {
  readonly task?: Partial<TaskSpec>;
  readonly ramCount?: number;
  readonly queues?: ReadonlyMap<string, Partial<Queue>>;
  readonly options?: Partial<BrokerageOptions>;
}

/** The same code on an edited snapshot; nothing but the edits differs. */
export function brokerIf(
  broker: JobBroker,
  request: BrokerageRequest,
  world: BrokerageWorld,
  edits: WhatIf,
  random: Random,
): BrokerageResult {
  const asked = { ...request, task: { ...request.task, ...edits.task }, ramCount: edits.ramCount ?? request.ramCount };
  const queues = world.queues.map((queue) => ({ ...queue, ...edits.queues?.get(queue.name) }));
  return brokerJobs(broker, asked, { ...world, queues, options: { ...world.options, ...edits.options } }, random);
}

/** A queue and everything that keeps it from running the request. */
export interface BlockedQueue {
  readonly queue: string;
  readonly blockedBy: readonly Rejection[];
}

/** The queues with the fewest reasons against them: what would have to change to unblock the task. */
export function nearestQueues(
  broker: JobBroker,
  request: BrokerageRequest,
  world: BrokerageWorld,
  count: number,
): readonly BlockedQueue[] {
  const byQueue = new Map<string, Rejection[]>();
  for (const rejection of explainJobs(broker, request, world)) {
    byQueue.set(rejection.queue, [...(byQueue.get(rejection.queue) ?? []), rejection]);
  }
  const blocked = [...byQueue].map(([queue, blockedBy]) => ({ queue, blockedBy }));
  return blocked.sort((a, b) => a.blockedBy.length - b.blockedBy.length || (a.queue < b.queue ? -1 : 1)).slice(0, count);
}

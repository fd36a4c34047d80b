import * as f from './filters/index.js';
import type { JobBroker } from './job-broker.js';
import type { BrokerageRequest, BrokerageWorld } from './request.js';
import { effectiveRunning } from './running.js';
import { productionWeight } from './weights/production.weight.js';

/** The cloud of tasks that may run anywhere and whose output goes to a nucleus. */
export const WORLD = 'WORLD';
const MAX_QUEUES = 10;
const MIN_QUEUED = 20;

/** Spec: Brokerage › ATLAS Production Job Brokerage; filters in the order of panda-jedi:pandajedi/jedibrokerage/AtlasProdJobBroker.py@42f4bb41. */
export const productionJobBroker: JobBroker = {
  name: 'production',
  candidates: queuesButTests,
  filters: [
    f.status,
    f.linkUnusable,
    f.linksFull,
    f.opportunistic,
    f.inactive,
    f.zeroshare,
    f.jumbo,
    f.fewevents,
    f.diskIo,
    f.cpucore,
    f.cache,
    f.lowmemory,
    f.highmemory,
    f.remoteio,
    f.disk,
    f.storage,
    f.blacklist,
    f.scoutwalltime,
    f.zerowalltime,
    f.shortwalltime,
    f.longwalltime,
    f.network,
    f.es,
    f.eshigh,
    f.nones,
    f.esUcore,
    f.dyn,
    f.transferring,
    f.t1weight,
    f.nopilot,
    f.io,
    f.nonLocal,
    f.lowNetworkWeight,
    f.cap,
    f.capRt,
  ],
  weight: productionWeight,
  maxQueues: ({ task }) => (task.cloud === null || task.cloud === WORLD ? MAX_QUEUES : Number.POSITIVE_INFINITY),
  prefersUsed: false,
  mergesAtSharedStorage: true,
  queuedCap: (context) => Math.max(MIN_QUEUED, 2 * effectiveRunning(context)),
};

/** Step 1: all queues of the cloud except those with `test` in their name. */
function queuesButTests({ task }: BrokerageRequest, { queues }: BrokerageWorld) {
  const anywhere = task.cloud === null || task.cloud === WORLD;
  return queues.filter((queue) => !/test/i.test(queue.name) && (anywhere || queue.cloud === task.cloud));
}

import {
  blacklist,
  cache,
  cpucore,
  disk,
  excluded,
  highmemory,
  longwalltime,
  lowmemory,
  network,
  nonLocal,
  notincluded,
  remoteio,
  shortwalltime,
  status,
  storage,
  zeroshare,
} from './filters/index.js';
import type { JobBroker } from './job-broker.js';
import type { BrokerageRequest, BrokerageWorld } from './request.js';
import { genericWeight } from './weights/generic.weight.js';

/** No site at all, written by information systems that must write something. */
const NOT_A_SITE = 'NA';
const MAX_QUEUES = 5;

/**
 * The broker of every VO that brings none: queues of the task's cloud, what a job needs against what a queue offers, occupancy as weight.
 * panda-jedi:pandajedi/jedibrokerage/GenJobBroker.py@42f4bb41, with the filters of the production broker that make sense anywhere.
 */
export const genericJobBroker: JobBroker = {
  name: 'generic',
  candidates: queuesOfCloud,
  filters: [
    status,
    excluded,
    notincluded,
    zeroshare,
    cpucore,
    cache,
    network,
    remoteio,
    disk,
    storage,
    blacklist,
    shortwalltime,
    longwalltime,
    lowmemory,
    highmemory,
    nonLocal,
  ],
  weight: genericWeight,
  maxQueues: () => MAX_QUEUES,
  prefersUsed: true,
  mergesAtSharedStorage: false,
  queuedCap: () => null,
};

/** A cloud nobody has stands for all of them. */
function queuesOfCloud({ task }: BrokerageRequest, { queues }: BrokerageWorld) {
  const real = queues.filter((queue) => queue.name !== NOT_A_SITE);
  const mine = real.filter((queue) => task.cloud !== null && (queue.cloud === task.cloud || queue.region === task.cloud));
  return mine.length > 0 ? mine : real;
}

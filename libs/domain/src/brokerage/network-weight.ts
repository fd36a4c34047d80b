import type { BrokerageWorld, LinkMetrics } from './request.js';

export const MIN_CLOSENESS = 0;
export const MAX_CLOSENESS = 11;
/** Of a queue at the nucleus itself, for both parts. */
const AT_HOME = 2.5;
/** Unknown closeness counts as this part of the worst. */
const UNKNOWN_PART = 0.7;

/** MB/s above which a link gets the weight; steps of panda-jedi:pandajedi/jedibrokerage/AtlasProdJobBroker.py@2edb27fd. */
const steps: readonly (readonly [mbps: number, weight: number])[] = [
  [200, 2],
  [100, 1.9],
  [75, 1.8],
  [50, 1.6],
  [20, 1.5],
  [10, 1.3],
  [2, 1.2],
  [1, 1.1],
];

/** 2 with an empty link, 1 with a full one. Spec: Brokerage › Network Weight, figure queuedWeight. */
export function queuedWeight(queuedFiles: number, cap: number): number {
  return Math.max(1, 2 - queuedFiles / cap);
}

/** A staircase over MB/s. Spec: Brokerage › Network Weight, figure throughputWeight. */
export function throughputWeight(mbps: number): number {
  return steps.find(([above]) => mbps > above)?.[1] ?? 1;
}

/** Without measurements: how close the sites are, 2 best … 1 worst. */
export function closenessWeight(closeness: number | null): number {
  const distance = closeness ?? UNKNOWN_PART * MAX_CLOSENESS;
  return 1 + (MAX_CLOSENESS - distance) / (MAX_CLOSENESS - MIN_CLOSENESS);
}

/** The freshest measurement decides: an hour, else a day, else a week, else closeness. */
export function linkThroughputWeight(link: LinkMetrics | undefined): number {
  const mbps = link?.mbps1h ?? link?.mbps1d ?? link?.mbps1w ?? null;
  return mbps === null ? closenessWeight(link?.closeness ?? null) : throughputWeight(mbps);
}

/** 0.5 × (queuedWeight + throughputWeight), the parts as configured. Spec: Brokerage › Network Weight. */
export function networkWeight(world: Pick<BrokerageWorld, 'nucleusQueues' | 'links' | 'options'>, queue: string): number {
  const part = world.options.networkQueueImportance;
  if (world.nucleusQueues.has(queue)) return AT_HOME;
  const link = world.links.get(queue);
  return part * queuedWeight(link?.queuedFiles ?? 0, world.options.nQueuedSatCap) + (1 - part) * linkThroughputWeight(link);
}

import type { FilterContext } from '../filter.js';
import { networkWeight } from '../network-weight.js';
import { isUrgent } from '../request.js';
import { effectiveRunning } from '../running.js';
import { isAllLocal, localityFactor } from './locality.js';

const URGENT_T1_WEIGHT = 100;
const IO_HEAVY = 500;

/** Jobs that wait for input beside jobs that could run, between 1 and 2. Spec: Brokerage › step 3. */
export function manyAssigned(assigned: number, activated: number): number {
  if (activated === 0) return assigned === 0 ? 1 : 2;
  return Math.max(1, Math.min(2, assigned / activated));
}

/**
 * (running + 1) / ((activated + assigned + starting + defined + 10) × manyAssigned), times data and network weight. Jobs that wait for data
 * do not count when the data of these jobs is there already. A queue without any job gets 0 when the task may start it: such queues come
 * first. Spec: Brokerage › ATLAS Production Job Brokerage, step 3.
 */
export function productionWeight(context: FilterContext): number {
  const { queue, load, request, world } = context;
  const locality = world.locality.get(queue.name);
  const defined = load.defined + (world.live.get(queue.name) ?? 0);
  const jobs = load.running + load.activated + load.assigned + load.starting + defined;
  if (jobs === 0 && request.task.currentPriority <= world.options.maxPriorityToBootstrap) return 0;
  const local = isAllLocal(locality);
  const assigned = local ? 0 : load.assigned;
  const queued = load.activated + assigned + load.starting + defined + 10;
  const occupancy = (effectiveRunning(context) + 1) / queued / (local ? 1 : manyAssigned(load.assigned, load.activated));
  return occupancy * localityFactor(locality) * nucleusWeight(context) * linkWeight(context);
}

function nucleusWeight({ queue, request, world }: FilterContext): number {
  if (!world.nucleusQueues.has(queue.name)) return 1;
  const { task } = request;
  const asked = task.splitRule.get('t1Weight') ?? 0;
  const heavy = (task.ioIntensity ?? 0) > IO_HEAVY ? 2 : 1;
  const weight = asked > 0 ? asked : heavy;
  return isUrgent(request) && task.eventService === 0 ? Math.max(weight, URGENT_T1_WEIGHT) : weight;
}

function linkWeight({ queue, request, world }: FilterContext): number {
  const { networkActive, networkWeightMultiplier } = world.options;
  if (!networkActive || request.task.nucleus === null) return 1;
  return networkWeight(world, queue.name) * networkWeightMultiplier;
}

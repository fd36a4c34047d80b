import type { FilterContext } from '../filter.js';
import { localityFactor } from './locality.js';

/**
 * (R + 1) / (A + D + 1) / (D + 1) with R running, A activated, D defined jobs of all shares; queues that hold the input are preferred.
 * panda-jedi:pandajedi/jedibrokerage/GenJobBroker.py@42f4bb41.
 */
export function genericWeight({ queue, load, world }: FilterContext): number {
  const defined = load.defined + (world.live.get(queue.name) ?? 0);
  const occupancy = (load.running + 1) / (load.activated + defined + 1) / (defined + 1);
  return occupancy * localityFactor(world.locality.get(queue.name));
}

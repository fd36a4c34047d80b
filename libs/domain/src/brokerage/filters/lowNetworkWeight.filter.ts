import { pass, type QueueFilter, reject } from '../filter.js';
import { networkWeight } from '../network-weight.js';
import { isExpress } from '../request.js';

/** Spec: Brokerage › step 2: urgent work needs a network weight of NW_THRESHOLD × NW_WEIGHT_MULTIPLIER. */
export const lowNetworkWeight: QueueFilter = {
  code: 'lowNetworkWeight',
  tag: '-lowNetworkWeight',
  title: 'the network to the nucleus is too slow for urgent output',
  wakesOn: ['network.updated', 'config.changed'],
  isTemporary: true,
  judge: ({ queue, request, world }) => {
    const { networkActive, networkThreshold, networkWeightMultiplier } = world.options;
    if (!networkActive || request.task.nucleus === null || !isExpress(request.task)) return pass;
    const offers = networkWeight(world, queue.name);
    const needs = networkThreshold * networkWeightMultiplier;
    return offers >= needs ? pass : reject({ needs, offers: Number(offers.toFixed(2)), unit: 'network weight' });
  },
};

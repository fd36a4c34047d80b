import { coresOf, shareOfLimit } from '../../queue/queue.js';
import { usesDirectIo } from '../../splitting/split-limits.js';
import { pass, type QueueFilter, reject } from '../filter.js';
import { scratchNeedMb } from '../scratch.js';

/** Spec: Brokerage › step 2: inputDiskCount + max(0.5 GB, outDiskCount × nEvents) + workDiskCount within maxwdir / coreCount. */
export const disk: QueueFilter = {
  code: 'disk',
  tag: '-disk',
  title: 'the scratch disk is too small for the smallest job',
  wakesOn: ['queue.updated', 'task.sized'],
  judge: ({ queue, request }) => {
    const limit = shareOfLimit(queue.maxWorkDirMb, coresOf(request.task, queue), queue);
    const needs = scratchNeedMb(request, usesDirectIo(request.task, queue, request.isMerging));
    return limit <= 0 || needs <= limit ? pass : reject({ needs: Math.ceil(needs), offers: limit, unit: 'MB' });
  },
};

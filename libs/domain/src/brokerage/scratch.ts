import { MERGE_SIZE_GRADIENT, MERGE_WORK_BYTES, MIN_OUTPUT_BYTES } from '../splitting/split-limits.js';
import { MIB, outDiskBytes, outputScalesWithEvents, workDiskBytes } from '../task/task-sizes.js';
import type { BrokerageRequest } from './request.js';

/** Scratch in MB that the smallest job of the request fills; input read directly takes none. */
export function scratchNeedMb(request: BrokerageRequest, directIo: boolean): number {
  const { task, smallest } = request;
  const input = directIo ? 0 : smallest.inputBytes;
  if (request.isMerging) {
    return (input * (1 + MERGE_SIZE_GRADIENT) + Math.max(MERGE_WORK_BYTES, workDiskBytes(task))) / MIB;
  }
  const units = outputScalesWithEvents(task) ? smallest.events : smallest.masterMb;
  return (input + Math.max(MIN_OUTPUT_BYTES, outDiskBytes(task) * units) + workDiskBytes(task)) / MIB;
}

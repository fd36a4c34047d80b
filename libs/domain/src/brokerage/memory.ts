import { coresOf, type Queue } from '../queue/queue.js';
import { compensatedRamMb, jobRamMb } from '../task/task-sizes.js';
import type { BrokerageRequest } from './request.js';

/** Memory of a job of the request at a queue, MB, compensated; merge jobs state theirs in MB. */
export function ramNeed(request: BrokerageRequest, queue: Queue): { ramMb: number; cores: number } {
  const cores = coresOf(request.task, queue);
  const raw = request.isMerging ? request.ramCount : jobRamMb(request.task, request.ramCount, cores);
  return { ramMb: compensatedRamMb(raw), cores };
}

import { effectiveSizeMb } from '../file/content-record.js';
import { coresOf, type Queue } from '../queue/queue.js';
import { MERGE_SIZE_GRADIENT, MERGE_WORK_BYTES, usesDirectIo } from '../splitting/split-limits.js';
import type { SubChunk } from '../splitting/sub-chunk.js';
import {
  compensatedRamMb,
  cpuTimePerEvent,
  eventWalltimeS,
  jobRamMb,
  MIB,
  outDiskBytes,
  outputScalesWithEvents,
  usesHs06,
  workDiskBytes,
} from '../task/task-sizes.js';
import type { TaskSpec } from '../task/task-spec.js';

/** What kind of job, where. */
export interface JobPlace {
  readonly task: TaskSpec;
  readonly queue: Queue;
  readonly isMerging: boolean;
}

export function jobCores({ task, queue, isMerging }: JobPlace): number {
  if (isMerging && task.mergeCoreCount !== null) return task.mergeCoreCount;
  return coresOf(task, queue);
}

/** MB, lowered as brokerage lowers it; merge jobs do not ask. */
export function jobMinRamMb(place: JobPlace, ramCount: number): number {
  return place.isMerging ? 0 : compensatedRamMb(jobRamMb(place.task, ramCount, jobCores(place)));
}

/** Seconds: what the job may use, and what its worker must live. */
export interface JobTimes {
  readonly maxCpuCount: number;
  readonly maxWalltime: number;
}

/** From CPU time per event when known, else the queue's limit. A negative walltime of the task is a limit set by its owner. */
export function jobTimes(place: JobPlace, events: number, mergeMaxHours: number | undefined): JobTimes {
  const { task, queue, isMerging } = place;
  if (isMerging) {
    if (mergeMaxHours === undefined) return { maxCpuCount: 0, maxWalltime: queue.maxTimeS };
    return { maxCpuCount: mergeMaxHours * 3600, maxWalltime: mergeMaxHours * 3600 + task.baseWalltime };
  }
  if (!usesHs06(task) || !cpuTimePerEvent(task)) {
    return { maxCpuCount: task.walltime < 0 ? -task.walltime : queue.maxTimeS, maxWalltime: queue.maxTimeS };
  }
  const cpu = { cores: queue.coreCount || 1, corePower: queue.corePower };
  const seconds = Math.trunc(eventWalltimeS(task, events, cpu) + task.baseWalltime);
  return { maxCpuCount: seconds, maxWalltime: seconds };
}

/** Input bytes by what they are for. */
export interface InputSizes {
  readonly masterMb: number;
  /** Of files that are copied to the worker node. */
  readonly copiedBytes: number;
}

export function inputSizes(subChunk: SubChunk): InputSizes {
  let [masterMb, copiedBytes] = [0, 0];
  for (const input of subChunk.inputs) {
    for (const file of input.files) {
      if (input.isMaster) masterMb += effectiveSizeMb(file);
      copiedBytes += file.fsize;
    }
  }
  return { masterMb, copiedBytes };
}

/** Scratch in MB, never more than the queue has. */
export function jobDiskMb(place: JobPlace, sizes: InputSizes, events: number): number {
  const { task, queue, isMerging } = place;
  const units = outputScalesWithEvents(task) ? events : sizes.masterMb;
  const output = isMerging ? MERGE_SIZE_GRADIENT * sizes.copiedBytes : outDiskBytes(task) * units;
  const work = isMerging ? Math.max(MERGE_WORK_BYTES, workDiskBytes(task)) : workDiskBytes(task);
  const input = usesDirectIo(task, queue, isMerging) ? 0 : sizes.copiedBytes;
  const mb = Math.trunc((output + work + input) / MIB);
  return queue.maxWorkDirMb > 0 ? Math.min(mb, queue.maxWorkDirMb) : mb;
}

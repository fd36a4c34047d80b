import type { ContentRecord } from '../file/content-record.js';
import type { StreamDataset } from '../splitting/input-chunk.js';
import { InputCursor } from '../splitting/input-cursor.js';
import { splitLimits } from '../splitting/split-limits.js';
import { cutSubChunk } from '../splitting/sub-chunk.js';
import type { TaskSpec } from '../task/task-spec.js';

/** Scout jobs of a task, over all its masters. */
export const SCOUT_CHUNKS = 10;
/** Jobs whose input must have arrived before it is used, when input is still coming. */
const CHUNKS_TO_WAIT = 20;
/** Walltime that jobs are sized for while no queue is known, seconds and HS06 per core. */
const ASSUMED_MAX_WALLTIME_S = 345_600;
const ASSUMED_CORE_POWER = 10;

/** Jobs in one bunch of input: scouts, or as the task says. */
export function chunksInBunch(task: TaskSpec, scoutChunks: number | null): number {
  if (scoutChunks !== null) return scoutChunks;
  return task.splitRule.get('nChunksToWait') ?? (task.splitRule.get('noInputPooling') ? 1 : CHUNKS_TO_WAIT);
}

/** Records of the first `chunks` jobs, where jobs are cut at a number of events. */
export function recordsForEvents(
  records: readonly { startEvent: number | null; endEvent: number | null }[],
  events: number,
): number {
  let sum = 0;
  let count = 0;
  for (const { startEvent, endEvent } of records) {
    if (sum >= events) break;
    sum += startEvent === null || endEvent === null ? 0 : endEvent - startEvent + 1;
    count += 1;
  }
  return count;
}

/** How much of the input whole jobs take. */
export interface SimulatedJobs {
  readonly files: number;
  /** At least one whole bunch is there. */
  readonly isEnough: boolean;
}

export interface Simulation {
  /** Jobs in a bunch. */
  readonly chunks: number;
  /** Bunches at most. */
  readonly bunches: number;
  /** More input will come: a job that ends with the input is not whole yet. */
  readonly isOpen: boolean;
}

/** Splits the input as the task's own rule does: scouts, and bunches of arriving input. */
export function simulateJobs(
  task: TaskSpec,
  dataset: StreamDataset,
  files: readonly ContentRecord[],
  simulation: Simulation,
): SimulatedJobs {
  const { chunks, bunches, isOpen } = simulation;
  const chunk = {
    task,
    master: { dataset, files },
    secondaries: [],
    isMerging: false,
    useScout: false,
    ramCount: null,
    isBlockRead: false,
  };
  const limits = assumedLimits(chunk);
  const cursor = new InputCursor(chunk);
  const ends: number[] = [];
  while (ends.length < chunks * bunches && cutSubChunk(cursor, limits) !== undefined) {
    if (!isOpen || !cursor.isExhausted) ends.push(cursor.at(0));
  }
  if (!isOpen) return { files: ends.at(-1) ?? 0, isEnough: ends.length > 0 };
  const whole = Math.floor(ends.length / chunks) * chunks;
  return { files: ends[whole - 1] ?? 0, isEnough: whole > 0 };
}

/** The task's own limits with an average worker instead of a queue. */
function assumedLimits(chunk: Parameters<typeof splitLimits>[0]) {
  const { task } = chunk;
  const rules = splitLimits(chunk);
  const hours = task.splitRule.get('maxWalltime');
  const perUnit = rules.walltimePerUnit / (task.coreCount || 1) / (rules.walltimePerEvent ? ASSUMED_CORE_POWER : 1);
  return { ...rules, walltimePerUnit: perUnit, maxWalltimeS: hours === undefined ? ASSUMED_MAX_WALLTIME_S : hours * 3600 };
}

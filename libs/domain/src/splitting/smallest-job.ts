import { effectiveSizeMb } from '../file/content-record.js';
import type { InputChunk } from './input-chunk.js';
import { InputCursor } from './input-cursor.js';
import { splitLimits } from './split-limits.js';
import { cutSubChunk } from './sub-chunk.js';

/** The smallest job the task's own rules allow: brokerage asks whether it fits. Maxima over the chunk. */
export interface SmallestJob {
  /** Input of all streams, bytes. */
  readonly inputBytes: number;
  /** Effective size of the master's part, MB. */
  readonly masterMb: number;
  readonly events: number;
}

/** Sizes of the atom: the rules by file or event number, one file without, no queue's limits. Linear in the files. */
export function smallestJob(chunk: InputChunk): SmallestJob {
  const rules = splitLimits(chunk);
  const filesPerJob = rules.filesPerJob ?? (rules.eventsPerJob === null && rules.boundary !== 'only' ? 1 : null);
  const limits = { ...rules, filesPerJob, maxFiles: filesPerJob ?? rules.maxFiles };
  const cursor = new InputCursor(chunk);
  let [inputBytes, masterMb, events] = [0, 0, 0];
  for (let job = cutSubChunk(cursor, limits); job !== undefined; job = cutSubChunk(cursor, limits)) {
    let bytes = 0;
    let mb = 0;
    for (const input of job.inputs) {
      for (const file of input.files) {
        bytes += file.fsize;
        if (input.isMaster) mb += effectiveSizeMb(file);
      }
    }
    inputBytes = Math.max(inputBytes, bytes);
    masterMb = Math.max(masterMb, mb);
    events = Math.max(events, job.events);
  }
  return { inputBytes, masterMb, events };
}

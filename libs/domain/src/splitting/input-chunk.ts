import type { DatasetAttributes } from '../dataset/dataset-attributes.js';
import type { ContentRecord } from '../file/content-record.js';
import type { TaskSpec } from '../task/task-spec.js';

/** An input dataset of a task while its files become jobs. */
export interface StreamDataset {
  readonly datasetId: number;
  readonly datasetName: string;
  readonly containerName: string | null;
  readonly type: string;
  /** Placeholder the files are printed for. Unmerged outputs carry the name of the output they come from. */
  readonly streamName: string | null;
  readonly attributes: DatasetAttributes;
  readonly storageToken: string | null;
  readonly destination: string | null;
  readonly isPseudo: boolean;
  /** Queue the dataset was made for: merge input stays there. */
  readonly site: string | null;
}

export interface InputStream {
  readonly dataset: StreamDataset;
  /** Picked records in the order they are to be used. */
  readonly files: readonly ContentRecord[];
}

/** What one generation cycle makes jobs of: a master stream and the secondary streams that go with it. */
export interface InputChunk {
  readonly task: TaskSpec;
  readonly master: InputStream;
  readonly secondaries: readonly InputStream[];
  readonly isMerging: boolean;
  readonly useScout: boolean;
  /** Memory the files ask for after retries, MB or MB per core; null without. */
  readonly ramCount: number | null;
  /** More files wait than were read: the last job may be cut short by the reading, so it is left for the next cycle. */
  readonly isBlockRead: boolean;
}

/** Whether part of the input is held back until scouts have measured. */
export function isScouting(master: { nFiles: number; nFilesToBeUsed: number }): boolean {
  return master.nFiles > master.nFilesToBeUsed;
}

/** Memory of the chunk in the task's unit: what the task says, or more when retries raised it. */
export function chunkRam(chunk: Pick<InputChunk, 'task' | 'isMerging' | 'ramCount'>): number {
  const asked = chunk.isMerging ? (chunk.task.mergeRamCount ?? 0) : chunk.task.ramCount;
  return Math.max(asked, chunk.ramCount ?? 0);
}

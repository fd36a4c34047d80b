import type { DatasetType } from './dataset-type.js';

/** A new row of `jedi_datasets`: identity and meaning; state and counters (all 0) come with the insert. */
export interface DatasetSpec {
  readonly datasetName: string;
  readonly containerName: string | null;
  readonly type: DatasetType;
  readonly streamName: string | null;
  /** Comma list, see dataset-attributes. */
  readonly attributes: string | null;
  readonly storageToken: string | null;
  readonly destination: string | null;
  readonly vo: string;
}

/** Names that stand for something no data management system knows. */
export const pseudoDatasetNames: readonly string[] = ['pseudo_dataset', 'seq_number'];

const pseudoTypes: readonly string[] = ['pp_input', 'pseudo_input', 'random_seed'] satisfies DatasetType[];

/** Whether the dataset holds pseudo files: made up by the feeder, never looked up. Spec: JEDI › Contents Feeder. */
export function isPseudoDataset(dataset: { datasetName: string; type: string; attributes: string | null }): boolean {
  return (
    pseudoDatasetNames.includes(dataset.datasetName) ||
    pseudoTypes.includes(dataset.type) ||
    (dataset.attributes ?? '').split(',').includes('ps')
  );
}

/** Whether the files of the dataset are counted numbers. */
export function isSequence(dataset: { datasetName: string }): boolean {
  return dataset.datasetName === 'seq_number';
}

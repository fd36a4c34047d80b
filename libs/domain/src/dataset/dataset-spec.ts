/** Streams that feed jobs; the rest is output. `tmpl_` types are templates a concrete dataset is made from when jobs are. */
export type DatasetType =
  | 'input'
  | 'pseudo_input'
  | 'random_seed'
  | 'pp_input'
  | 'output'
  | 'log'
  | 'lib'
  | 'trn_output'
  | 'trn_log'
  | 'pp_log'
  | 'tmpl_output'
  | 'tmpl_log'
  | 'tmpl_trn_output'
  | 'tmpl_trn_log'
  | 'tmpl_pp_log';

/** Types whose files a generator may pick: inputs of jobs and unmerged outputs waiting for a merge. */
export const inputTypes: readonly string[] = ['input', 'pseudo_input', 'pp_input', 'trn_log', 'trn_output'];

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

/** Whether the dataset holds pseudo files: made up by the feeder, never looked up. Spec: JEDI › Contents Feeder. */
export function isPseudoDataset(dataset: { datasetName: string; type: string; attributes: string | null }): boolean {
  return (
    pseudoDatasetNames.includes(dataset.datasetName) ||
    ['pp_input', 'pseudo_input', 'random_seed'].includes(dataset.type) ||
    (dataset.attributes ?? '').split(',').includes('ps')
  );
}

/** Whether the files of the dataset are counted numbers. */
export function isSequence(dataset: { datasetName: string }): boolean {
  return dataset.datasetName === 'seq_number';
}

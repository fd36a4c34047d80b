/** JEDI_DATASETS.type and file types. Spec: JEDI › Internal objects › Dataset; `tmpl_*` and `trn_*` serve internal merging. */
export const inputDatasetTypes = ['input', 'pseudo_input', 'pp_input', 'random_seed', 'trn_log', 'trn_output'] as const;
export const outputDatasetTypes = [
  'output',
  'log',
  'lib',
  'pp_log',
  'tmpl_output',
  'tmpl_log',
  'tmpl_trn_output',
  'tmpl_trn_log',
  'tmpl_pp_log',
] as const;

/** Placeholder for a dataset that DDM does not know yet. */
export const unknownDatasetType = 'trn_unknown';

export type InputDatasetType = (typeof inputDatasetTypes)[number];
export type OutputDatasetType = (typeof outputDatasetTypes)[number];
export type DatasetType = InputDatasetType | OutputDatasetType | typeof unknownDatasetType;

/** Types whose files drive a task: their master dataset decides on the final status. */
export const drivingDatasetTypes = ['input', 'pseudo_input'] as const satisfies readonly InputDatasetType[];
/** Type whose one file drives the step before a task. */
export const preprocessDatasetType = 'pp_input' satisfies InputDatasetType;
/** Types whose files a finished job leaves for the user. */
export const productDatasetTypes = ['output', 'log'] as const satisfies readonly OutputDatasetType[];
/** Types whose files are input of merge jobs. */
export const mergeInputDatasetTypes = ['trn_log', 'trn_output'] as const satisfies readonly InputDatasetType[];

export const templateTypePrefix = 'tmpl_';

/** A template is instantiated by cutting its prefix: `tmpl_trn_output` → `trn_output`. Others stay. */
export function instantiatedType(type: string): string {
  return type.startsWith(templateTypePrefix) ? type.slice(templateTypePrefix.length) : type;
}

/** JEDI_DATASETS.state: what DDM, or the parent task, says about the collection. */
export const datasetStates = ['open', 'closed', 'mutable', 'missing'] as const;
export type DatasetState = (typeof datasetStates)[number];
/** `{ mutable: 'mutable', … }` */
export const datasetState = {
  open: 'open',
  closed: 'closed',
  mutable: 'mutable',
  missing: 'missing',
} as const satisfies { readonly [K in DatasetState]: K };

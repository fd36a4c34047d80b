import { parseDatasetAttributes } from '../dataset/dataset-attributes.js';
import { isSequence } from '../dataset/dataset-spec.js';
import { integerOf, type TaskParameters } from '../refine/parameters.js';
import type { TaskSpec } from '../task/task-spec.js';
import { eventsPerFileOf, type FedDataset } from './feed-rules.js';
import { type ListedFile, pseudoFile } from './listed-file.js';

/** Numbers made when nothing says how many are needed. */
const DEFAULT_RECORDS = 10_000;
const PSEUDO_NAME = 'pseudo_lfn';
const PFN_DIGITS = 6;

/** What pseudo files depend on beside the parameters. */
export interface PseudoContext {
  /** Files of the master dataset; 0 when it is not fed yet. */
  readonly masterFiles: number;
  /** Numbers of this dataset that the tasks of `skipFilesUsedBy` have used. */
  readonly usedElsewhere: number;
}

/** The made-up files of a pseudo dataset: counted numbers, addresses, or one unit. Spec: JEDI › Contents Feeder. */
export function pseudoFiles(
  task: TaskSpec,
  parameters: TaskParameters,
  dataset: FedDataset,
  context: PseudoContext,
): ListedFile[] {
  if (isSequence(dataset)) {
    const first = 1 + parseDatasetAttributes(dataset.attributes).offset;
    const count = sequenceCount(task, parameters, dataset, context);
    return Array.from({ length: count }, (_, i) => pseudoFile(String(first + i)));
  }
  if (!task.splitRule.get('pfnList') || !Array.isArray(parameters.pfnList)) return [pseudoFile(PSEUDO_NAME)];
  const list = parameters.pfnList.map(String).slice(0, integerOf(parameters, 'nFiles') ?? 1);
  return list.map((pfn, i) => pseudoFile(`${String(i).padStart(PFN_DIGITS, '0')}:${pfn.split('/').at(-1)}`));
}

/** How many numbers: as many as there will be jobs, where that can be known. */
export function sequenceCount(task: TaskSpec, parameters: TaskParameters, dataset: FedDataset, context: PseudoContext): number {
  const { numRecords } = parseDatasetAttributes(dataset.attributes);
  if (numRecords !== undefined) return numRecords;
  const nFiles = integerOf(parameters, 'nFiles');
  const nEvents = integerOf(parameters, 'nEvents');
  const perJob = integerOf(parameters, 'nEventsPerJob');
  const perFile = eventsPerFileOf(parameters);
  const filesPerJob = task.splitRule.get('nFilesPerJob');
  if (nFiles !== null) return numbersForFiles(nFiles, perFile, perJob, integerOf(parameters, 'nEventsPerRange'));
  if (nEvents !== null && perJob !== null) return Math.ceil(nEvents / perJob);
  if (nEvents !== null && perFile !== null && filesPerJob) return Math.ceil(nEvents / perFile / filesPerJob);
  return Math.max(DEFAULT_RECORDS, context.masterFiles) + context.usedElsewhere;
}

function numbersForFiles(nFiles: number, perFile: number | null, perJob: number | null, perRange: number | null): number {
  if (perFile !== null && perJob !== null && perFile > perJob) return nFiles * Math.ceil(perFile / perJob);
  if (perFile !== null && perRange !== null) return Math.floor((nFiles * perFile) / perRange);
  return nFiles;
}

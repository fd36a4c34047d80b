import { OperatorPattern } from '../pattern/operator-pattern.js';
import { objectOf, type ParameterItem, type TaskParameters } from '../refine/parameters.js';
import type { FedDataset } from './feed-rules.js';

/** What an item says about the files of its dataset. */
export interface ItemFilter {
  /** Names given one by one; empty = all. */
  readonly files: readonly string[];
  readonly include: readonly OperatorPattern[];
  readonly exclude: readonly OperatorPattern[];
}

/** Patterns and names for a dataset, from the item that named it or its container. Throws PatternRefused. */
export function itemFilter(parameters: TaskParameters, dataset: FedDataset): ItemFilter {
  const bare = dataset.datasetName.slice(dataset.datasetName.indexOf(':') + 1);
  const names = [dataset.datasetName, bare];
  const logs = [parameters.log, parameters.log_merge]
    .filter((item) => item !== undefined && item !== null)
    .flat() as ParameterItem[];
  const items = [...(parameters.jobParameters as readonly ParameterItem[]), ...logs];
  const item = items.findLast((candidate) => candidate.type === 'template' && isAbout(candidate, names));
  if (item === undefined) return { files: [], include: [], exclude: [] };
  return { files: namesOf(item.files), include: patterns(item.include), exclude: patterns(item.exclude) };
}

function isAbout(item: ParameterItem, names: readonly string[]): boolean {
  const expanded = Array.isArray(item.expandedList) ? item.expandedList : [];
  return names.some((name) => item.dataset === name || expanded.includes(name));
}

/** A list of names or of objects with a name. */
function namesOf(files: unknown): readonly string[] {
  if (!Array.isArray(files)) return [];
  return files.map((file) =>
    typeof file === 'object' && file !== null ? String((file as { lfn?: unknown }).lfn) : String(file),
  );
}

/** A comma list of patterns that are searched for anywhere in a name. */
function patterns(text: unknown): readonly OperatorPattern[] {
  if (typeof text !== 'string' || text === '') return [];
  return text
    .split(',')
    .filter((pattern) => pattern !== '')
    .map((pattern) => OperatorPattern.compile(`.*(?:${pattern})`));
}

/** Files of a segment of segmented work, by the segment's id; undefined when the dataset belongs to none. */
export function segmentOf(
  parameters: TaskParameters,
  masterContainer: string | null,
): { files: readonly string[]; datasets: readonly string[] } | undefined {
  const id = Number(masterContainer?.split('/').at(-1));
  if (!Array.isArray(parameters.segmentSpecs)) return undefined;
  const segment = (parameters.segmentSpecs as unknown[])
    .map((spec) => objectOf({ spec }, 'spec'))
    .find((spec) => Number(spec?.id) === id);
  if (segment === undefined || segment === null) return undefined;
  return { files: namesOf(segment.files), datasets: namesOf(segment.datasets) };
}

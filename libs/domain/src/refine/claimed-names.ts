import { fileTemplateOf } from './output-datasets.js';
import { datasetItems } from './parameter-items.js';
import type { TaskParameters } from './parameters.js';

/** A name that the jobs of a task will write to. */
export interface ClaimedName {
  /** The key of the map, for whoever has to change it. */
  readonly key: string;
  readonly kind: 'dataset' | 'file';
  readonly name: string;
}

/** What outputs of an own name pattern begin with: workers decide the file names, the dataset bounds them. */
const PATTERN = 'regex|';
/** Filled with a part of an input name that begins with a dot: what stands before it is the whole field. */
const MIDDLE_NAME = `\${MIDDLENAME}`;

/** Every dataset, container and file name of outputs and logs in a valid map: what a submission takes for its user. */
export function claimedNames(map: TaskParameters): ClaimedName[] {
  return datasetItems(map).flatMap((item): ClaimedName[] => {
    const { type, param_type: key, dataset, container, value } = item;
    if (type !== 'template' || (key !== 'output' && key !== 'log')) return [];
    const names = [dataset, container].flatMap((name) => (typeof name === 'string' ? name.split(',') : []));
    const file = fileTemplateOf(value ?? '').trim();
    return [
      ...[...new Set(names)].filter(Boolean).map((name): ClaimedName => ({ key: `${key}.dataset`, kind: 'dataset', name })),
      ...(file === '' || file.startsWith(PATTERN)
        ? []
        : [{ key: `${key}.value`, kind: 'file' as const, name: file.replaceAll(MIDDLE_NAME, '') }]),
    ];
  });
}

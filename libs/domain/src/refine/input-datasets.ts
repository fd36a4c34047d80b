import type { DatasetSpec } from '../dataset/dataset-spec.js';
import type { DatasetType } from '../dataset/dataset-type.js';
import { attributesOf } from './item-attributes.js';
import { datasetItems, streamNameOf } from './parameter-items.js';
import { objectOf, type ParameterItem, type TaskParameters, textOf, Unrefinable } from './parameters.js';

/** A question to the data management system: which datasets stand behind a name. */
export interface DatasetLookup {
  readonly name: string;
  /** The name is a container to be replaced by its datasets; otherwise the name is looked up as it is. */
  readonly expand: boolean;
}

/** Answers by lookupKey; an empty list = unknown name. */
export type FoundDatasets = ReadonlyMap<string, readonly string[]>;

export const lookupKey = (lookup: DatasetLookup) => `${lookup.expand ? 'expand' : 'list'} ${lookup.name}`;

export interface InputDatasets {
  readonly masters: readonly DatasetSpec[];
  readonly secondaries: readonly DatasetSpec[];
  /** Requested names behind which nothing was found. */
  readonly unknown: readonly string[];
  /** Which item (index in `jobParameters`) reads which datasets: the feeder finds the item's filters by it. */
  readonly expanded: ReadonlyMap<ParameterItem, readonly string[]>;
}

interface InputItem {
  readonly item: ParameterItem;
  readonly names: readonly string[];
  readonly isPseudo: boolean;
}

const inputParamTypes: readonly string[] = ['input', 'pseudo_input', 'random_seed'];
const neverLookedUp: readonly string[] = ['pseudo_dataset', 'seq_number', 'DBR_LATEST', 'RNDMSEED'];

/** First phase: what must be asked from the data management system before the task can be refined. */
export function datasetLookups(map: TaskParameters): DatasetLookup[] {
  const lookups = inputItems(map)
    .filter((input) => !input.isPseudo)
    .flatMap((input) => input.names.filter((name) => !neverLookedUp.includes(name)).map((name) => lookupOf(input.item, name)));
  return [...new Map(lookups.map((lookup) => [lookupKey(lookup), lookup])).values()];
}

const lookupOf = (item: ParameterItem, name: string): DatasetLookup => ({ name, expand: item.expand === true });

/** Second phase: the input datasets of the task. The first input item is the master (all its datasets), later ones are secondary. */
export function inputDatasets(map: TaskParameters, vo: string, found: FoundDatasets, hpo: boolean): InputDatasets {
  const masters: DatasetSpec[] = [];
  const secondaries: DatasetSpec[] = [];
  const unknown: string[] = [];
  const expanded = new Map<ParameterItem, readonly string[]>();
  inputItems(map).forEach((input, i) => {
    const datasets = datasetsOf(map, vo, input, found, hpo && i === 0);
    if (datasets.length === 0) unknown.push(input.item.dataset ?? '');
    expanded.set(input.item, [...new Set(datasets.map((d) => d.datasetName))]);
    (i === 0 ? masters : secondaries).push(...datasets);
  });
  return { masters, secondaries, unknown, expanded };
}

/** Items that bring input, each dataset name once, with the datasets that a later run added to the stream (`dsForXYZ`). */
function inputItems(map: TaskParameters): InputItem[] {
  const seen = new Set<string>();
  const inputs: InputItem[] = [];
  for (const item of datasetItems(map)) {
    if (item.type !== 'template' || item.dataset === undefined || seen.has(item.dataset)) continue;
    seen.add(item.dataset);
    if (!inputParamTypes.includes(item.param_type ?? '')) continue;
    const added = textOf(map, `dsFor${streamNameOf(item.value)}`)?.split(',') ?? [];
    const names = [...new Set([...item.dataset.split(','), ...added])].filter((name) => name !== '');
    const isPseudo = item.param_type !== 'input' || Boolean(item.pseudo) || names.every((name) => neverLookedUp.includes(name));
    inputs.push({ item, names, isPseudo });
  }
  return inputs;
}

function datasetsOf(map: TaskParameters, vo: string, input: InputItem, found: FoundDatasets, hpoMaster: boolean): DatasetSpec[] {
  const segments = segmentsOf(map);
  const taken = new Set<string>();
  return input.names.flatMap((name) => {
    const elements = elementsOf(input, name, found, segments.length);
    return elements.flatMap((element, i) => {
      if (segments.length === 0 && taken.has(element)) return [];
      taken.add(element);
      const container = hpoMaster ? segmentContainer(segments[i]) : name;
      return [datasetOf(input.item, element, container, vo)];
    });
  });
}

/** Pseudo names stand for themselves, once per segment of segmented work. */
function elementsOf(input: InputItem, name: string, found: FoundDatasets, segments: number): readonly string[] {
  if (input.isPseudo || neverLookedUp.includes(name)) return Array<string>(Math.max(1, segments)).fill(name);
  const elements = found.get(lookupKey(lookupOf(input.item, name)));
  if (elements === undefined) throw new RangeError(`dataset ${name} was not looked up`);
  return elements;
}

interface Segment {
  readonly name?: unknown;
  readonly id?: unknown;
}

function segmentsOf(map: TaskParameters): readonly Segment[] {
  return map.segmentedWork !== undefined && Array.isArray(map.segmentSpecs) ? (map.segmentSpecs as Segment[]) : [];
}

/** Optimisation tasks keep the segment where others keep the container. */
function segmentContainer(segment: Segment | undefined): string {
  return segment === undefined ? 'None/None' : `${segment.name}/${segment.id}`;
}

function datasetOf(item: ParameterItem, datasetName: string, containerName: string, vo: string): DatasetSpec {
  if (containerName.length > 132)
    throw new Unrefinable(`container name ${containerName.slice(0, 40)}… is longer than 132 characters`);
  return {
    datasetName,
    containerName,
    type: item.param_type as DatasetType,
    streamName: streamNameOf(item.value),
    attributes: attributesOf(item),
    storageToken: typeof item.token === 'string' ? item.token : null,
    destination: typeof item.destination === 'string' ? item.destination : null,
    vo,
  };
}

/** The sub-object of an optimisation request, for the intelligent data delivery service. */
export function hpoRequest(map: TaskParameters, jediTaskId: number): Record<string, unknown> | null {
  const data = objectOf(map, 'hpoRequestData');
  if (map.hpoWorkflow !== true || data === null) return null;
  return {
    requester: 'panda',
    request_type: 'HyperParameterOpt',
    transform_tag: 'hyperparameteropt',
    status: 'New',
    priority: 0,
    lifetime: 30,
    request_metadata: { ...data, workload_id: jediTaskId, is_pseudo_input: true },
  };
}

import { taskWidths } from '../task/task-spec.js';
import { fileTemplateOf } from './output-datasets.js';
import { isGiven, type TaskParameters } from './parameters.js';
import { requestedTime } from './requested-time.js';

/** One thing wrong with a parameter map: the key and what it must be. */
export interface ParameterFault {
  readonly key: string;
  readonly reason: string;
}

/** Keys without which there is no task; a value may be empty where the column allows it. */
export const mandatoryKeys = [
  'taskName',
  'userName',
  'vo',
  'prodSourceLabel',
  'taskPriority',
  'architecture',
  'transUses',
  'transHome',
  'processingType',
  'taskType',
  'jobParameters',
] as const;

const notEmpty: readonly string[] = [
  'taskName',
  'userName',
  'vo',
  'prodSourceLabel',
  'taskPriority',
  'processingType',
  'taskType',
];

/** Whole numbers with their bounds. `walltime` may be negative: clients say "this long, do not measure" with the sign. */
const bounds: Readonly<Record<string, readonly [number, number]>> = {
  nFiles: [1, 1e9],
  nEvents: [1, 1e12 - 1],
  nFilesPerJob: [1, 1e6],
  nEventsPerJob: [1, 1e10],
  nEventsPerFile: [1, 1e10],
  nEventsPerInputFile: [1, 1e10],
  nEventsPerRange: [1, 1e9],
  nEventsPerWorker: [1, 1e9],
  tgtNumEventsPerJob: [1, 1e10],
  nGBPerJob: [1, 1e5],
  nMaxFilesPerJob: [1, 1e6],
  nFilesPerMergeJob: [1, 1e6],
  nEventsPerMergeJob: [1, 1e10],
  nGBPerMergeJob: [1, 1e5],
  nMaxFilesPerMergeJob: [1, 1e6],
  maxAttempt: [1, 1000],
  maxFailure: [1, 1000],
  maxWalltime: [1, 10_000],
  ramCount: [0, 1e8],
  baseRamCount: [0, 1e8],
  mergeRamCount: [0, 1e8],
  coreCount: [0, 10_000],
  mergeCoreCount: [0, 10_000],
  walltime: [-1e9, 1e9],
  cpuTime: [0, 1e9],
  outDiskCount: [0, 1e9],
  workDiskCount: [0, 1e9],
  cpuEfficiency: [0, 100],
  baseWalltime: [0, 1e8],
  ioIntensity: [0, 1e9],
  taskPriority: [0, 1e6],
  currentPriority: [0, 1e6],
  reqID: [0, 1e15],
  maxCoreCount: [0, 10_000],
  minCpuEfficiency: [0, 100],
  scoutSuccessRate: [0, 100],
  // 0: no part of the task is turned into jobs of the event service.
  esFraction: [0, 100],
  // A negative weight asks for the nearest tier only.
  t1Weight: [-1e6, 1e6],
  nEsConsumers: [0, 1e6],
  maxAttemptES: [0, 1000],
  maxAttemptEsJob: [0, 1000],
  nSitesPerJob: [0, 1e6],
  nJumboJobs: [0, 1e6],
  maxJumboPerSite: [0, 1e6],
  nChunksToWait: [0, 1e6],
  maxNumJobs: [0, 1e9],
  totNumJobs: [0, 1e9],
  tgtMaxOutputForNG: [0, 1e9],
  minGranularity: [0, 1e9],
};

/** Numbers that are stored as they were sent, and counts: a fraction has no place there. The others are cut, as the original cuts them. */
const whole: readonly string[] = [
  'taskPriority',
  'currentPriority',
  'reqID',
  'nFiles',
  'nEvents',
  'nFilesPerJob',
  'nEventsPerJob',
  'nEventsPerFile',
  'maxAttempt',
  'coreCount',
];

/** Names of queues: one text, or a list of texts. */
const nameLists: readonly string[] = ['includedSite', 'excludedSite'];

const MAX_ITEMS = 10_000;
const MAX_DATASETS_PER_ITEM = 10_000;
const MAX_DATASET_NAME = 255;
const datasetName = /^[A-Za-z0-9._:/@+%$*={}-]+$/;
const taskName = /^[A-Za-z0-9._:/@+=-]+$/;
/** Whether a name has `..` in its path. */
export const leavesItsFolder = (name: string): boolean => /(^|[/=:])\.\.(\/|$)/.test(name);
const CLIMBS = "must not have '..' in its path";
/** Texts that become the identity of a task: a number or truth there is a mistake of the caller. */
const texts: readonly string[] = ['taskName', 'vo', 'prodSourceLabel'];
const paramTypes: readonly string[] = ['input', 'pseudo_input', 'output', 'log', 'number', 'random_seed'];

/** Everything wrong with the map, in the order of the rules; empty = it can be refined (unless the data management disagrees). */
export function taskParameterFaults(map: TaskParameters): ParameterFault[] {
  return [
    ...mandatoryFaults(map),
    ...textFaults(map),
    ...numberFaults(map),
    ...nameListFaults(map),
    ...timeFaults(map),
    ...itemListFaults(map),
    ...stepFaults(map),
  ];
}

function mandatoryFaults(map: TaskParameters): ParameterFault[] {
  const missing = mandatoryKeys.filter((key) => !Object.hasOwn(map, key)).map((key) => ({ key, reason: 'is missing' }));
  const empty = notEmpty
    .filter((key) => Object.hasOwn(map, key) && (!isGiven(map, key) || map[key] === ''))
    .map((key) => ({ key, reason: 'is empty' }));
  return [...missing, ...empty];
}

function textFaults(map: TaskParameters): ParameterFault[] {
  const faults: ParameterFault[] = [];
  for (const [key, width] of Object.entries(taskWidths)) {
    if (!isGiven(map, key)) continue;
    const value = map[key];
    if (typeof value === 'object') faults.push({ key, reason: 'must be text' });
    else if ([...String(value)].length > width) faults.push({ key, reason: `is longer than ${width} characters` });
    else if (String(value).includes('\0')) faults.push({ key, reason: 'contains a NUL character' });
  }
  for (const key of texts) {
    if (isGiven(map, key) && typeof map[key] !== 'string' && typeof map[key] !== 'object')
      faults.push({ key, reason: 'must be text' });
  }
  if (typeof map.taskName === 'string' && map.taskName !== '' && !taskName.test(map.taskName)) {
    faults.push({ key: 'taskName', reason: 'may contain only letters, digits and . _ : / @ + = -' });
  }
  if (typeof map.taskName === 'string' && leavesItsFolder(map.taskName)) faults.push({ key: 'taskName', reason: CLIMBS });
  return faults;
}

/** Numbers as scripts write them in text. */
const decimal = /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?\s*$/;

/**
 * Everything wrong with the numbers of a map. A key that is there says a number: empty text and nested values are refused, or a typing
 * error would silently count as the default. Null is Python's `None`, with which scripts say "the default". Numeric text is a number:
 * scripts send both.
 */
export function numberFaults(map: TaskParameters): ParameterFault[] {
  return Object.entries(bounds).flatMap(([key, [min, max]]) => {
    if (!isGiven(map, key)) return [];
    const given = map[key];
    const value = typeof given === 'string' && decimal.test(given) ? Number(given) : given;
    if (typeof value !== 'number' || Number.isNaN(value)) return [{ key, reason: 'must be a number' }];
    if (value < min || value > max) return [{ key, reason: `must be between ${min} and ${max}` }];
    return whole.includes(key) && !Number.isInteger(value) ? [{ key, reason: 'must be a whole number' }] : [];
  });
}

function nameListFaults(map: TaskParameters): ParameterFault[] {
  return nameLists.flatMap((key) => {
    if (!isGiven(map, key)) return [];
    const names: unknown[] = [map[key]].flat();
    return names.every((name) => typeof name === 'string') ? [] : [{ key, reason: 'must be text or a list of texts' }];
  });
}

function timeFaults(map: TaskParameters): ParameterFault[] {
  if (!isGiven(map, 'ttcrTimestamp') || requestedTime(map.ttcrTimestamp) !== null) return [];
  return [{ key: 'ttcrTimestamp', reason: 'must be a time, YYYY-MM-DD hh:mm:ss' }];
}

function itemListFaults(map: TaskParameters): ParameterFault[] {
  if (!Object.hasOwn(map, 'jobParameters')) return [];
  const items = map.jobParameters;
  if (!Array.isArray(items)) return [{ key: 'jobParameters', reason: 'must be a list' }];
  if (items.length > MAX_ITEMS) return [{ key: 'jobParameters', reason: `has more than ${MAX_ITEMS} items` }];
  const faults = items.flatMap((item, i) => itemFaults(`jobParameters[${i}]`, item));
  if (Array.isArray(map.log) && map.log.length === 0) faults.push({ key: 'log', reason: 'is an empty list' });
  const logs = [map.log, map.log_merge].filter((log) => log !== undefined && log !== null).flat();
  return [...faults, ...logs.flatMap((item) => itemFaults('log', item))];
}

function itemFaults(key: string, item: unknown): ParameterFault[] {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return [{ key, reason: 'must be an object' }];
  const { type, value, dataset, container, param_type } = item as Record<string, unknown>;
  if (type !== 'constant' && type !== 'template') return [{ key: `${key}.type`, reason: "must be 'constant' or 'template'" }];
  if (value !== undefined && typeof value !== 'string') return [{ key: `${key}.value`, reason: 'must be text' }];
  if (type === 'constant') return value === undefined ? [{ key: `${key}.value`, reason: 'is missing' }] : [];
  if (typeof param_type !== 'string' || !paramTypes.includes(param_type)) {
    return [{ key: `${key}.param_type`, reason: `must be one of ${paramTypes.join(', ')}` }];
  }
  if ((param_type === 'output' || param_type === 'log') && leavesItsFolder(fileTemplateOf(value ?? ''))) {
    return [{ key: `${key}.value`, reason: CLIMBS }];
  }
  if (typeof container === 'string' && leavesItsFolder(container)) return [{ key: `${key}.container`, reason: CLIMBS }];
  return dataset === undefined ? [] : datasetFaults(`${key}.dataset`, dataset);
}

function datasetFaults(key: string, dataset: unknown): ParameterFault[] {
  if (typeof dataset !== 'string') return [{ key, reason: 'must be text' }];
  const names = dataset.split(',').filter((name) => name !== '');
  if (names.length === 0) return [{ key, reason: 'names no dataset' }];
  if (names.length > MAX_DATASETS_PER_ITEM) return [{ key, reason: `names more than ${MAX_DATASETS_PER_ITEM} datasets` }];
  const long = names.find((name) => name.length > MAX_DATASET_NAME);
  if (long !== undefined) return [{ key, reason: `name is longer than ${MAX_DATASET_NAME} characters` }];
  if (names.some((name) => leavesItsFolder(name))) return [{ key, reason: CLIMBS }];
  const bad = names.find((name) => !datasetName.test(name));
  return bad === undefined ? [] : [{ key, reason: `'${bad.slice(0, 60)}' has characters a dataset name cannot have` }];
}

/** Steps other than the main one bring their own command line. */
function stepFaults(map: TaskParameters): ParameterFault[] {
  return ['buildSpec', 'mergeSpec', 'preproSpec', 'esmergeSpec'].flatMap((key) => {
    if (!isGiven(map, key)) return [];
    const step = map[key];
    if (typeof step !== 'object' || Array.isArray(step)) return [{ key, reason: 'must be an object' }];
    const text = (step as Record<string, unknown>).jobParameters;
    return text !== undefined && typeof text !== 'string' ? [{ key: `${key}.jobParameters`, reason: 'must be text' }] : [];
  });
}

import { type BrokerageOptions, defaultBrokerageOptions } from './request.js';
import { defaultTaskBrokerOptions, type TaskBrokerOptions } from './task-broker.js';

/** Value of a CONFIG row by key; undefined when operators wrote none. */
export type ConfigValue = (key: string) => string | number | boolean | undefined;

/** Rows of component `jobbroker`, application `jedi`. Spec: gdpconfig. */
const jobBrokerKeys: Readonly<Partial<Record<keyof BrokerageOptions, string>>> = {
  nQueuedSatCap: 'NQUEUED_SAT_CAP',
  nQueuedNucCapForJobs: 'NQUEUED_NUC_CAP_FOR_JOBS',
  ioIntensityCutoff: 'IO_INTENSITY_CUTOFF',
  sizeCutoffToMoveInputGb: 'SIZE_CUTOFF_TO_MOVE_INPUT',
  numCutoffToMoveInput: 'NUM_CUTOFF_TO_MOVE_INPUT',
  maxDiskIoDefault: 'MAX_DISKIO_DEFAULT',
  networkActive: 'NW_ACTIVE',
  networkQueueImportance: 'NW_QUEUE_IMPORTANCE',
  networkThreshold: 'NW_THRESHOLD',
  networkWeightMultiplier: 'NW_WEIGHT_MULTIPLIER',
  maxPriorityToBootstrap: 'MAX_PRIO_TO_BOOTSTRAP',
};

/** Rows of component `taskbrokerage`; fractions are written in per cent. */
const taskBrokerKeys: Readonly<Record<keyof TaskBrokerOptions, string>> = {
  diskThresholdGb: 'DISK_THRESHOLD',
  inputSizeThresholdGb: 'INPUT_SIZE_THRESHOLD',
  inputNumThreshold: 'INPUT_NUM_THRESHOLD',
  inputSizeFraction: 'INPUT_SIZE_FRACTION',
  inputNumFraction: 'INPUT_NUM_FRACTION',
  minIoIntensityWithLocalData: 'MIN_IO_INTENSITY_WITH_LOCAL_DATA',
  minInputSizeWithLocalDataGb: 'MIN_INPUT_SIZE_WITH_LOCAL_DATA',
  maxTaskPrioWithLocalData: 'MAX_TASK_PRIO_WITH_LOCAL_DATA',
};

/** The options of job brokerage: what operators wrote, else the default. Values of the wrong type are ignored. */
export function brokerageOptionsOf(value: ConfigValue): BrokerageOptions {
  return overlaid(defaultBrokerageOptions, jobBrokerKeys, value);
}

/** The options of task brokerage; the disk threshold may be given per work queue. */
export function taskBrokerOptionsOf(value: ConfigValue, workQueue: string): TaskBrokerOptions {
  const found = overlaid(defaultTaskBrokerOptions, taskBrokerKeys, (key) =>
    key === taskBrokerKeys.diskThresholdGb ? value(`${key}_${workQueue}`) : value(key),
  );
  const fraction = (key: 'inputSizeFraction' | 'inputNumFraction') =>
    found[key] === defaultTaskBrokerOptions[key] ? found[key] : found[key] / 100;
  return { ...found, inputSizeFraction: fraction('inputSizeFraction'), inputNumFraction: fraction('inputNumFraction') };
}

function overlaid<T extends object>(defaults: T, keys: Readonly<Partial<Record<keyof T, string>>>, value: ConfigValue): T {
  const result = { ...defaults };
  for (const field of Object.keys(keys) as (keyof T)[]) {
    const given = value(keys[field] as string);
    const typed = typeof defaults[field] === 'number' && given !== undefined && given !== '' ? Number(given) : given;
    if (typeof typed === typeof defaults[field] && !Number.isNaN(typed)) result[field] = typed as T[keyof T];
  }
  return result;
}

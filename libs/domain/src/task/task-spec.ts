import { SplitRule } from '../split-rule/index.js';

/**
 * A task as refinement makes it and as brokerage, splitting and job building read it: a row of `jedi_tasks` without its state.
 * Units are the columns': ramCount MB (per core when `ramUnit` says so), walltime s, cpuTime HS06 s per event,
 * outDiskCount and workDiskCount in their own unit columns, cpuEfficiency %, baseWalltime s, ioIntensity and diskIo kB/s.
 */
export interface TaskSpec {
  readonly jediTaskId: number;
  readonly attemptNr: number;
  readonly taskName: string;
  readonly userName: string;
  readonly vo: string;
  readonly prodSourceLabel: string;
  readonly taskPriority: number;
  readonly currentPriority: number;
  readonly architecture: string | null;
  readonly transUses: string | null;
  readonly transHome: string | null;
  readonly transPath: string | null;
  readonly processingType: string;
  readonly taskType: string;
  readonly workingGroup: string | null;
  readonly countryGroup: string | null;
  readonly ticketId: string | null;
  readonly ticketSystemType: string | null;
  readonly campaign: string | null;
  readonly requestType: string | null;
  /** Per mille of the input that must be processed. */
  readonly goal: number | null;
  readonly reqId: number;
  /** 0 = any number of cores. */
  readonly coreCount: number;
  readonly walltime: number;
  readonly walltimeUnit: string | null;
  readonly outDiskCount: number;
  readonly outDiskUnit: string | null;
  readonly workDiskCount: number;
  readonly workDiskUnit: string | null;
  readonly ramCount: number;
  readonly ramUnit: string | null;
  readonly baseRamCount: number;
  readonly ioIntensity: number | null;
  readonly ioIntensityUnit: string | null;
  readonly diskIo: number | null;
  readonly cpuTime: number | null;
  readonly cpuTimeUnit: string | null;
  readonly cpuEfficiency: number;
  readonly baseWalltime: number;
  readonly mergeRamCount: number | null;
  readonly mergeCoreCount: number | null;
  readonly cloud: string | null;
  readonly site: string | null;
  readonly nucleus: string | null;
  readonly termCondition: string | null;
  readonly ttcRequested: Date | null;
  readonly containerName: string | null;
  /** 0 none, 1 event service, 2 job cloning. */
  readonly eventService: number;
  /** `W` waiting for jumbo jobs; null without. */
  readonly useJumbo: string | null;
  readonly parentTid: number | null;
  readonly workQueueId: number | null;
  readonly gshare: string | null;
  readonly resourceType: string | null;
  readonly splitRule: SplitRule;
}

/** Every field, once; the compiler checks that none is missing. */
const fields: Readonly<Record<keyof TaskSpec, true>> = {
  jediTaskId: true,
  attemptNr: true,
  taskName: true,
  userName: true,
  vo: true,
  prodSourceLabel: true,
  taskPriority: true,
  currentPriority: true,
  architecture: true,
  transUses: true,
  transHome: true,
  transPath: true,
  processingType: true,
  taskType: true,
  workingGroup: true,
  countryGroup: true,
  ticketId: true,
  ticketSystemType: true,
  campaign: true,
  requestType: true,
  goal: true,
  reqId: true,
  coreCount: true,
  walltime: true,
  walltimeUnit: true,
  outDiskCount: true,
  outDiskUnit: true,
  workDiskCount: true,
  workDiskUnit: true,
  ramCount: true,
  ramUnit: true,
  baseRamCount: true,
  ioIntensity: true,
  ioIntensityUnit: true,
  diskIo: true,
  cpuTime: true,
  cpuTimeUnit: true,
  cpuEfficiency: true,
  baseWalltime: true,
  mergeRamCount: true,
  mergeCoreCount: true,
  cloud: true,
  site: true,
  nucleus: true,
  termCondition: true,
  ttcRequested: true,
  containerName: true,
  eventService: true,
  useJumbo: true,
  parentTid: true,
  workQueueId: true,
  gshare: true,
  resourceType: true,
  splitRule: true,
};
const taskFields = Object.keys(fields);

/** Fields whose column keeps an underscore; all others are the lower-cased field name. */
const underscored: Readonly<Record<string, string>> = {
  workQueueId: 'workqueue_id',
  resourceType: 'resource_type',
  containerName: 'container_name',
  parentTid: 'parent_tid',
};

/** A task as columns of `jedi_tasks`. */
export function taskColumns(task: TaskSpec): Record<string, string | number | Date | null> {
  const columns: Record<string, string | number | Date | null> = {};
  for (const [field, value] of Object.entries(task)) {
    columns[underscored[field] ?? field.toLowerCase()] = value instanceof SplitRule ? value.toString() || null : value;
  }
  return columns;
}

const numberDefaults = {
  attemptNr: 0,
  taskPriority: 0,
  currentPriority: 0,
  reqId: 0,
  coreCount: 1,
  walltime: 0,
  outDiskCount: 0,
  workDiskCount: 0,
  ramCount: 0,
  baseRamCount: 0,
  cpuEfficiency: 90,
  baseWalltime: 0,
  eventService: 0,
} as const;
const textDefaults = { taskName: '', userName: '', vo: '', prodSourceLabel: '', processingType: '', taskType: '' } as const;

/** A task from its row, the inverse of {@link taskColumns}; columns that are null get the default of their field. */
export function taskOfColumns(columns: Readonly<Record<string, unknown>>): TaskSpec {
  const read = taskFields.map((field) => [field, columns[underscored[field] ?? field.toLowerCase()] ?? null] as const);
  const present = Object.fromEntries(read.filter(([, value]) => value !== null));
  const absent = Object.fromEntries(read.filter(([, value]) => value === null));
  const splitRule = SplitRule.parse(present.splitRule as string | undefined);
  return { ...absent, ...numberDefaults, ...textDefaults, ...present, splitRule } as unknown as TaskSpec;
}

/** Character widths of the task's text columns; PostgreSQL refuses what is longer, so refinement says it first, with the key. */
export const taskWidths = {
  taskName: 256,
  userName: 128,
  vo: 32,
  prodSourceLabel: 20,
  architecture: 256,
  transUses: 64,
  transHome: 128,
  transPath: 128,
  processingType: 64,
  taskType: 64,
  workingGroup: 32,
  countryGroup: 20,
  ticketID: 50,
  ticketSystemType: 32,
  campaign: 32,
  requestType: 32,
  walltimeUnit: 32,
  outDiskUnit: 32,
  workDiskUnit: 32,
  ramUnit: 32,
  ioIntensityUnit: 32,
  cpuTimeUnit: 32,
  cloud: 10,
  site: 60,
  nucleus: 52,
  container_name: 200,
  gshare: 32,
} as const;

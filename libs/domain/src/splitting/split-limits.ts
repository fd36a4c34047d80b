import { type Queue, simulatedEvents } from '../queue/queue.js';
import { cpuTimePerEvent, GIB, MIB, outDiskBytes, outputScalesWithEvents, usesHs06, workDiskBytes } from '../task/task-sizes.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { InputChunk } from './input-chunk.js';

/** Room for output that a job counts on at least, whatever its estimate says. Spec: Job Sizing, max(0.5 GB, outDiskCount × nEvents). */
export const MIN_OUTPUT_BYTES = 512 * MIB;
/** The same when a task sizes its jobs itself: the limit is widened by as much. */
const MIN_OUTPUT_BYTES_SIZED = 2500 * MIB;
const DEFAULT_MAX_FILES = 200;
const DEFAULT_MAX_RANGES = 20;
const DEFAULT_MAX_SIZE = 20 * GIB;
const DEFAULT_MAX_MERGE_FILES = 50;
const DEFAULT_MAX_MERGED_BYTES = 5 * GIB;
/** Scratch assumed for direct reading, MB. */
const DIRECT_IO_SCRATCH_MB = 50_000;
/** Merge jobs hold input, output and a little more. */
export const MERGE_SIZE_GRADIENT = 1.2;
export const MERGE_WORK_BYTES = 500 * MIB;

/** How boundaries (groups that belong together) bind: inside one · only by them · several in one job. */
export type BoundaryMode = 'none' | 'within' | 'only' | 'mixed';

/** Everything that can end a job's input. Null = no limit; walltime 0 = no limit. Spec: Job Sizing. */
export interface SplitLimits {
  readonly filesPerJob: number | null;
  readonly eventsPerJob: number | null;
  readonly maxFiles: number | null;
  readonly maxRanges: number;
  readonly maxSizeBytes: number | null;
  readonly maxDiskBytes: number | null;
  /** What is kept free for output, at least. */
  readonly minOutputBytes: number;
  /** Of the largest output. */
  readonly maxOutputBytes: number | null;
  readonly maxWalltimeS: number;
  readonly outBytesPerUnit: number;
  readonly outPerEvent: boolean;
  readonly outPerInputByte: number;
  readonly workBytes: number;
  /** Per event and HS06, or per MB. */
  readonly walltimePerUnit: number;
  readonly walltimePerEvent: boolean;
  readonly baseWalltimeS: number;
  readonly directIo: boolean;
  readonly boundary: BoundaryMode;
  readonly respectLumiBlock: boolean;
  readonly fieldNumbers: readonly number[] | null;
  readonly dynamicEvents: boolean;
}

/** Limits of a candidate that replace the queue's own. */
export interface QueueOverride {
  readonly maxWorkDirMb?: number;
}

/** Direct reading from storage instead of copying to scratch. Never for merging. */
export function usesDirectIo(task: TaskSpec, queue: Queue, isMerging: boolean): boolean {
  if (isMerging || task.splitRule.get('useLocalIO')) return false;
  if (queue.maxInputSizeMb === -1) return true;
  return task.splitRule.get('allowInputLAN') !== undefined && queue.directAccessLan;
}

/** The number of events is chosen per queue. */
export function hasDynamicEvents(task: TaskSpec): boolean {
  return task.splitRule.get('nEventsPerJob') === undefined && task.splitRule.has('dynamicNumEvents');
}

/** The limits for one queue; without a queue (sizing the smallest job) only what the task itself says. */
export function splitLimits(chunk: InputChunk, queue?: Queue, override: QueueOverride = {}): SplitLimits {
  const base = chunk.isMerging ? mergeRules(chunk.task) : runRules(chunk);
  const sized = queue === undefined ? base : { ...base, ...queueLimits(chunk, base, queue, override) };
  return withDefaults(sized);
}

function runRules(chunk: InputChunk): SplitLimits {
  const { task } = chunk;
  const rule = task.splitRule;
  const dynamicEvents = hasDynamicEvents(task);
  const eventsPerJob = rule.get('nEventsPerJob') || null;
  let filesPerJob = dynamicEvents ? null : rule.get('nFilesPerJob') || null;
  const free = filesPerJob === null && eventsPerJob === null;
  if (free && chunk.useScout && !rule.has('loadXML') && !rule.get('respectSplitRule')) filesPerJob = 1;
  return {
    ...nothing,
    filesPerJob,
    eventsPerJob,
    maxFiles: rule.get('nMaxFilesPerJob') ?? null,
    maxSizeBytes: taskSize(task),
    minOutputBytes: rule.has('nGBPerJob') ? MIN_OUTPUT_BYTES_SIZED : MIN_OUTPUT_BYTES,
    outBytesPerUnit: outDiskBytes(task),
    outPerEvent: outputScalesWithEvents(task),
    workBytes: workDiskBytes(task),
    walltimePerUnit: Math.max(0, walltimeGradient(task)),
    walltimePerEvent: usesHs06(task),
    baseWalltimeS: usesHs06(task) ? task.baseWalltime : 0,
    boundary: boundaryMode(rule.get('groupBoundaryID')),
    respectLumiBlock: rule.get('respectLB'),
    fieldNumbers: fieldNumbers(task),
    dynamicEvents,
  };
}

/** HS06 s per event over efficiency and consumers, or s per MB of input: cores and core power divide it later. */
function walltimeGradient(task: TaskSpec): number {
  const consumers = task.splitRule.has('useJobCloning') ? 1 : (task.splitRule.get('nEsConsumers') ?? 1);
  if (!usesHs06(task)) return task.walltime / consumers;
  return task.cpuEfficiency === 0 ? 0 : (cpuTimePerEvent(task) ?? 0) / (task.cpuEfficiency / 100) / consumers;
}

function taskSize(task: TaskSpec): number | null {
  const nGb = task.splitRule.get('nGBPerJob');
  return nGb === undefined ? null : nGb * GIB + MIN_OUTPUT_BYTES_SIZED + workDiskBytes(task);
}

function fieldNumbers(task: TaskSpec): readonly number[] | null {
  const fields = task.splitRule.get('addNthFieldToLFN');
  return fields !== undefined && task.splitRule.get('useFileAsSourceLFN') ? fields : null;
}

/** 1, 2: groups may be split; 3, 4: jobs are whole groups. */
function boundaryMode(groupBy: number | undefined): BoundaryMode {
  if (groupBy === undefined) return 'none';
  return groupBy === 1 || groupBy === 2 ? 'within' : 'only';
}

/** The unmerged name starts with `panda.um.` and user, nickname, task: fields of the source name follow the fourth. */
const FIELDS_BEFORE_MIDDLE_NAME = 4;

function mergeRules(task: TaskSpec): SplitLimits {
  const rule = task.splitRule;
  const fields = fieldNumbers(task);
  const nGb = rule.get('nGBPerMergeJob');
  return {
    ...nothing,
    minOutputBytes: 0,
    filesPerJob: rule.get('nFilesPerMergeJob') || null,
    eventsPerJob: rule.get('nEventsPerMergeJob') || null,
    maxFiles: rule.get('nMaxFilesPerMergeJob') ?? DEFAULT_MAX_MERGE_FILES,
    maxOutputBytes: nGb === undefined ? DEFAULT_MAX_MERGED_BYTES : nGb * GIB,
    outPerInputByte: MERGE_SIZE_GRADIENT,
    workBytes: Math.max(MERGE_WORK_BYTES, workDiskBytes(task)),
    boundary: 'mixed',
    respectLumiBlock: rule.get('respectLB'),
    fieldNumbers: fields === null ? null : fields.map((_, i) => FIELDS_BEFORE_MIDDLE_NAME + 1 + i),
  };
}

const nothing: SplitLimits = {
  filesPerJob: null,
  eventsPerJob: null,
  maxFiles: null,
  maxRanges: DEFAULT_MAX_RANGES,
  maxSizeBytes: null,
  maxDiskBytes: null,
  minOutputBytes: MIN_OUTPUT_BYTES,
  maxOutputBytes: null,
  maxWalltimeS: 0,
  outBytesPerUnit: 0,
  outPerEvent: false,
  outPerInputByte: 0,
  workBytes: 0,
  walltimePerUnit: 0,
  walltimePerEvent: false,
  baseWalltimeS: 0,
  directIo: false,
  boundary: 'none',
  respectLumiBlock: false,
  fieldNumbers: null,
  dynamicEvents: false,
};

function queueLimits(chunk: InputChunk, base: SplitLimits, queue: Queue, override: QueueOverride): Partial<SplitLimits> {
  const { task, isMerging } = chunk;
  const directIo = usesDirectIo(task, queue, isMerging);
  const scratchMb = override.maxWorkDirMb ?? queue.maxWorkDirMb;
  const cores = queue.coreCount || 1;
  const maxWalltime = isMerging ? undefined : task.splitRule.get('maxWalltime');
  const ranges = Math.floor((simulatedEvents(queue) ?? 0) / (task.splitRule.get('dynamicNumEvents') || 1));
  return {
    directIo,
    maxSizeBytes: base.maxSizeBytes ?? scratchLimit(base, scratchMb, directIo),
    maxDiskBytes: scratchMb > 0 ? scratchMb * MIB : null,
    maxWalltimeS: maxWalltime === undefined ? queue.maxTimeS : maxWalltime * 3600,
    walltimePerUnit: base.walltimePerUnit / cores / (base.walltimePerEvent ? queue.corePower || 1 : 1),
    maxRanges: base.dynamicEvents && simulatedEvents(queue) !== undefined ? Math.max(1, ranges) : base.maxRanges,
  };
}

function scratchLimit(base: SplitLimits, scratchMb: number, directIo: boolean): number | null {
  if (!directIo) return scratchMb > 0 ? scratchMb * MIB : null;
  if (base.eventsPerJob !== null || base.filesPerJob !== null) return null;
  return Math.max(DIRECT_IO_SCRATCH_MB, scratchMb) * MIB;
}

function withDefaults(limits: SplitLimits): SplitLimits {
  const { filesPerJob, eventsPerJob } = limits;
  if (limits.boundary === 'only') {
    return { ...limits, filesPerJob: null, eventsPerJob: null, maxFiles: null, maxSizeBytes: null, maxWalltimeS: 0 };
  }
  const free = filesPerJob === null && eventsPerJob === null;
  return {
    ...limits,
    maxFiles: filesPerJob ?? limits.maxFiles ?? DEFAULT_MAX_FILES,
    maxSizeBytes: limits.maxSizeBytes ?? (free ? DEFAULT_MAX_SIZE : null),
  };
}

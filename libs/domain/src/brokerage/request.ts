import type { Queue } from '../queue/queue.js';
import { chunkRam, type InputChunk } from '../splitting/input-chunk.js';
import { type SmallestJob, smallestJob } from '../splitting/smallest-job.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { SoftwareCatalogue } from './software/software-check.js';

/** What needs a place to run: a task's next chunk of input, measured. */
export interface BrokerageRequest {
  readonly task: TaskSpec;
  readonly isMerging: boolean;
  readonly useScout: boolean;
  /** MB, or MB per core when the task's unit says so. */
  readonly ramCount: number;
  readonly smallest: SmallestJob;
  /** Queue the master dataset was made for (merge input); null also when that queue did not work out for too long. */
  readonly masterSite: string | null;
  /** Names, `*` wildcards; from the task parameters. */
  readonly includedSites: readonly string[];
  readonly excludedSites: readonly string[];
  /** Events ready in the task, for jumbo jobs; null = not a jumbo task. */
  readonly jumboEvents: number | null;
}

export interface RequestOptions {
  /** How long merge input has been waiting, see mergeSiteIsStale. */
  readonly mergeWait?: MergeWait;
  readonly includedSites?: readonly string[];
  readonly excludedSites?: readonly string[];
  readonly jumboEvents?: number | null;
}

/** Measures a chunk for brokerage. Linear in its files. */
export function brokerageRequest(chunk: InputChunk, options: RequestOptions = {}): BrokerageRequest {
  return {
    task: chunk.task,
    isMerging: chunk.isMerging,
    useScout: chunk.useScout,
    ramCount: chunkRam(chunk),
    smallest: smallestJob(chunk),
    masterSite: options.mergeWait && mergeSiteIsStale(options.mergeWait) ? null : chunk.master.dataset.site,
    includedSites: options.includedSites ?? [],
    excludedSites: options.excludedSites ?? [],
    jumboEvents: options.jumboEvents ?? null,
  };
}

/** Hours since the unmerged dataset last changed, and since the task began to wait (null = it does not). */
export interface MergeWait {
  readonly unchangedHours: number;
  readonly frozenHours: number | null;
}

const STALE_INPUT_HOURS = 24;
const STALE_TASK_HOURS = 6;

/** Merge input may leave its queue when that was passed over for a day. Spec: Brokerage › step 1. */
export function mergeSiteIsStale({ unchangedHours, frozenHours }: MergeWait): boolean {
  return unchangedHours > STALE_INPUT_HOURS && frozenHours !== null && frozenHours > STALE_TASK_HOURS;
}

/** Jobs and pilots of one queue. Counts are of the share that brokers, or of all shares where the broker says so. */
export interface QueueLoad {
  readonly running: number;
  readonly starting: number;
  readonly activated: number;
  readonly assigned: number;
  readonly defined: number;
  readonly transferring: number;
  /** Workers submitted or running in the batch system; null = not a pull queue or unknown. */
  readonly batchWorkers: number | null;
  /** Slots promised for jobs in advance; 0 = follow the starting jobs; null = none promised. */
  readonly slots: number | null;
  /** getJob and updateJob requests in the last three hours. */
  readonly pilotCalls: number;
  /** Running average over jobs, kB/s per core; null = not measured. */
  readonly diskIoPerCore: number | null;
  /** Hours since a job started while jobs were waiting; null = nothing waits. */
  readonly idleHours: number | null;
  /** Running and queued jobs of the same resource type; null = not separated. */
  readonly runningOfType: number | null;
  readonly queuedOfType: number | null;
}

export const NO_LOAD: QueueLoad = {
  running: 0,
  starting: 0,
  activated: 0,
  assigned: 0,
  defined: 0,
  transferring: 0,
  batchWorkers: null,
  slots: null,
  pilotCalls: 0,
  diskIoPerCore: null,
  idleHours: null,
  runningOfType: null,
  queuedOfType: null,
};

/** Space in GB; null = unknown. */
export interface StorageEndpoint {
  readonly name: string;
  readonly freeGb: number | null;
  readonly expiredGb: number | null;
  readonly totalGb: number | null;
  readonly isBlacklistedForWrite: boolean;
  readonly isTape: boolean;
}

/** Input of the chunk as seen from one queue; bytes and files on disk, on tape, and in all. */
export interface InputLocality {
  readonly diskBytes: number;
  readonly tapeBytes: number;
  readonly totalBytes: number;
  readonly diskFiles: number;
  readonly tapeFiles: number;
  readonly totalFiles: number;
}

/** The way from a queue to the task's nucleus. */
export interface LinkMetrics {
  /** 0 best … 11 worst, −1 = blocked; null = unknown. */
  readonly closeness: number | null;
  readonly queuedFiles: number;
  /** MB/s over the last hour, day, week; null = not measured. */
  readonly mbps1h: number | null;
  readonly mbps1d: number | null;
  readonly mbps1w: number | null;
}

/** Operators' keys of the CONFIG table (`jedi.jobbroker.*`); an absent row means the default. */
export interface BrokerageOptions {
  readonly nQueuedSatCap: number;
  readonly nQueuedNucCapForJobs: number;
  readonly ioIntensityCutoff: number;
  readonly sizeCutoffToMoveInputGb: number;
  readonly numCutoffToMoveInput: number;
  /** kB/s per core. */
  readonly maxDiskIoDefault: number;
  readonly networkActive: boolean;
  readonly networkQueueImportance: number;
  readonly networkThreshold: number;
  readonly networkWeightMultiplier: number;
  readonly maxPriorityToBootstrap: number;
  /** Input is never moved: a queue must have it. */
  readonly inputMustBeLocal: boolean;
}

/** panda-jedi:pandajedi/jedibrokerage/AtlasProdJobBroker.py@2edb27fd. */
export const defaultBrokerageOptions: BrokerageOptions = {
  nQueuedSatCap: 150,
  nQueuedNucCapForJobs: 10_000,
  ioIntensityCutoff: 200,
  sizeCutoffToMoveInputGb: 10,
  numCutoffToMoveInput: 100,
  maxDiskIoDefault: 1e10,
  networkActive: false,
  networkQueueImportance: 0.5,
  networkThreshold: 1.7,
  networkWeightMultiplier: 1,
  maxPriorityToBootstrap: 150,
  inputMustBeLocal: false,
};

/** The world at one moment, read once per cycle. Edit a copy to ask "what if". */
export interface BrokerageWorld {
  readonly queues: readonly Queue[];
  readonly loads: ReadonlyMap<string, QueueLoad>;
  readonly endpoints: ReadonlyMap<string, StorageEndpoint>;
  /** By queue; absent = input was not looked up. */
  readonly locality: ReadonlyMap<string, InputLocality>;
  /** By queue, to the task's nucleus. */
  readonly links: ReadonlyMap<string, LinkMetrics>;
  /** Queues that belong to the task's nucleus. */
  readonly nucleusQueues: ReadonlySet<string>;
  /** Files that wait to be aggregated at the nucleus. */
  readonly nucleusBacklog: number;
  /** Queues that run jobs of the task already. */
  readonly usedQueues: ReadonlySet<string>;
  /** Jobs sent by this process that the loads do not show. */
  readonly live: ReadonlyMap<string, number>;
  readonly software: SoftwareCatalogue;
  readonly options: BrokerageOptions;
}

export const emptyWorld: BrokerageWorld = {
  queues: [],
  loads: new Map(),
  endpoints: new Map(),
  locality: new Map(),
  links: new Map(),
  nucleusQueues: new Set(),
  nucleusBacklog: 0,
  usedQueues: new Set(),
  live: new Map(),
  software: new Map(),
  options: defaultBrokerageOptions,
};

/** Work that must not wait: high priority or scouts. Spec: Brokerage › step 2. */
export const URGENT_PRIORITY = 800;

export function isUrgent(request: BrokerageRequest): boolean {
  return request.task.currentPriority >= URGENT_PRIORITY || request.useScout;
}

/** Output of express work goes through its own stream. */
export function isExpress(task: TaskSpec): boolean {
  return task.processingType.includes('urgent') || task.currentPriority >= 1000;
}

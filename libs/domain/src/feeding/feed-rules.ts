import { filesByRatio, parseDatasetAttributes } from '../dataset/dataset-attributes.js';
import { isPseudoDataset, isSequence } from '../dataset/dataset-spec.js';
import { integerOf, isGiven, isTrue, type TaskParameters } from '../refine/parameters.js';
import { splitRuleValues } from '../split-rule/index.js';
import type { TaskSpec } from '../task/task-spec.js';

/** A dataset whose contents are fed. */
export interface FedDataset {
  readonly datasetId: number;
  readonly datasetName: string;
  readonly containerName: string | null;
  readonly type: string;
  readonly attributes: string | null;
  readonly isMaster: boolean;
  /** Fed before and looked at again, because it may have grown. */
  readonly isUpdate: boolean;
}

/** How the files of one dataset become records. Null = no limit, not said. Spec: JEDI › Contents Feeder. */
export interface FeedRules {
  readonly eventsPerFile: number | null;
  readonly eventsPerJob: number | null;
  /** Files are cut into equal parts of at most this many events. */
  readonly targetEventsPerJob: number | null;
  readonly useRealEvents: boolean;
  readonly respectLumiBlock: boolean;
  /** Short files count only in whole jobs. */
  readonly skipShortInput: boolean;
  readonly maxFiles: number | null;
  readonly maxEvents: number | null;
  /** Number of the first event over all files; null for secondary streams. */
  readonly firstEvent: number | null;
  readonly maxAttempt: number | null;
  readonly maxFailure: number | null;
  /** Each record is for one job only. */
  readonly keepTrack: boolean;
  readonly useScout: boolean;
}

const DEFAULT_ATTEMPTS = 3;

/**
 * The rules for a dataset from the task's parameters. `mastersFed`: files that earlier master datasets brought; they count for `nFiles`.
 * panda-jedi:pandajedi/jediorder/ContentsFeeder.py@42f4bb41.
 */
export function feedRules(task: TaskSpec, parameters: TaskParameters, dataset: FedDataset, mastersFed = 0): FeedRules {
  const rule = task.splitRule;
  const attributes = parseDatasetAttributes(dataset.attributes);
  const keepTrack = !(attributes.noSplit && attributes.repeat) && !attributes.reusable;
  const { isMaster } = dataset;
  const postScout = rule.get('useScout') === splitRuleValues.useScout.post;
  const events = eventRules(task, parameters, dataset);
  return {
    ...events,
    respectLumiBlock: isMaster && rule.get('respectLB'),
    skipShortInput: isMaster && !isPseudoDataset(dataset) && wantsWholeJobs(events, parameters),
    maxFiles: isMaster ? masterFiles(parameters, mastersFed) : secondaryFiles(parameters, dataset),
    maxEvents: isMaster ? integerOf(parameters, 'nEvents') : null,
    firstEvent: isMaster ? 1 + (rule.get('firstEvent') ?? 0) : null,
    maxAttempt: isMaster || keepTrack ? attempts(task, parameters) : null,
    maxFailure: isMaster || keepTrack ? integerOf(parameters, 'maxFailure') : null,
    keepTrack,
    useScout: isMaster && rule.get('useScout') === splitRuleValues.useScout.use && !(dataset.isUpdate && postScout),
  };
}

function masterFiles(parameters: TaskParameters, fed: number): number | null {
  const nFiles = integerOf(parameters, 'nFiles');
  return nFiles === null ? null : Math.max(0, nFiles - fed);
}

function attempts(task: TaskSpec, parameters: TaskParameters): number {
  return task.splitRule.get('disableAutoRetry') ? 1 : (integerOf(parameters, 'maxAttempt') ?? DEFAULT_ATTEMPTS);
}

/** `nEventsPerFile`, or as older submitters call it. */
export function eventsPerFileOf(parameters: TaskParameters): number | null {
  return integerOf(parameters, 'nEventsPerFile') ?? integerOf(parameters, 'nEventsPerInputFile');
}

function eventRules(task: TaskSpec, parameters: TaskParameters, dataset: FedDataset) {
  const nothing = { eventsPerFile: null, eventsPerJob: null, targetEventsPerJob: null, useRealEvents: false };
  const { isMaster } = dataset;
  const pseudo = isPseudoDataset(dataset);
  const useRealEvents = isMaster && task.splitRule.get('useRealNumEvents');
  const perFile = eventsPerFileOf(parameters);
  const byMaster = isMaster && (perFile !== null || useRealEvents);
  const byNumber = pseudo && isGiven(parameters, 'nEvents') && !isSequence(dataset);
  if (!byMaster && !byNumber) return nothing;
  const target = integerOf(parameters, 'tgtNumEventsPerJob');
  const perJob = integerOf(parameters, 'nEventsPerJob') ?? integerOf(parameters, 'nEventsPerRange');
  // Input that is only a number is one file with all the events.
  const eventsPerFile = perFile ?? (isMaster && pseudo ? integerOf(parameters, 'nEvents') : null);
  return { eventsPerFile, eventsPerJob: target === null ? perJob : null, targetEventsPerJob: target, useRealEvents };
}

function wantsWholeJobs({ eventsPerFile, eventsPerJob }: ReturnType<typeof eventRules>, parameters: TaskParameters): boolean {
  return isTrue(parameters, 'skipShortInput') && eventsPerFile !== null && eventsPerJob !== null && eventsPerFile >= eventsPerJob;
}

/** Files of a secondary stream that `nFiles` of the master need; more when each file of the master makes several jobs. */
function secondaryFiles(parameters: TaskParameters, dataset: FedDataset): number | null {
  const nFiles = integerOf(parameters, 'nFiles');
  if (nFiles === null) return null;
  const { nFilesPerJob, ratio, noSplit } = parseDatasetAttributes(dataset.attributes);
  const perJob = isPseudoDataset(dataset) ? undefined : nFilesPerJob;
  if (perJob === undefined && noSplit) return null;
  const files = perJob === undefined ? filesByRatio(nFiles, ratio) : nFiles * perJob;
  const perFile = eventsPerFileOf(parameters);
  if (perFile === null) return isGiven(parameters, 'useRealNumEvents') ? null : files;
  const perPart = integerOf(parameters, 'nEventsPerJob') ?? integerOf(parameters, 'nEventsPerRange');
  return perPart !== null && perFile > perPart ? Math.ceil((files * perFile) / perPart) : files;
}

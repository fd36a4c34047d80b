import type { SplitRule } from '../split-rule/index.js';
import type { TaskSpec } from '../task/task-spec.js';
import { integerOf, isGiven, numberOf, type TaskParameters, textOf, Unrefinable } from './parameters.js';
import { requestedTime } from './requested-time.js';

/** Columns that are numbers of `integer` type. */
const INT4_MAX = 2_147_483_647;
const MAX_ATTRIBUTE = 100;

/**
 * The scalar columns of a task from its map. Throws Unrefinable when a value does not fit its column.
 * panda-jedi:pandajedi/jedirefine/TaskRefinerBase.py@42f4bb41 (extractCommon). Spec: JEDI › Task Refiner.
 */
export function taskOf(jediTaskId: number, map: TaskParameters, splitRule: SplitRule, parentTid: number | null): TaskSpec {
  const taskPriority = required(map, 'taskPriority');
  return {
    jediTaskId,
    attemptNr: 0,
    taskName: textOf(map, 'taskName') ?? '',
    userName: textOf(map, 'userName') ?? '',
    vo: textOf(map, 'vo') ?? '',
    prodSourceLabel: textOf(map, 'prodSourceLabel') ?? '',
    taskPriority,
    currentPriority: integerOf(map, 'currentPriority') ?? taskPriority,
    processingType: textOf(map, 'processingType') ?? '',
    taskType: textOf(map, 'taskType') ?? '',
    reqId: integerOf(map, 'reqID') ?? jediTaskId,
    goal: goalOf(map),
    parentTid,
    workQueueId: null,
    gshare: null,
    resourceType: null,
    splitRule,
    ...labels(map),
    ...placement(map),
    ...sizes(map),
    ...timing(map),
    ...eventService(map),
  };
}

function required(map: TaskParameters, key: string): number {
  const value = integerOf(map, key);
  if (value === null) throw new Unrefinable(`${key} is missing`);
  return value;
}

function labels(map: TaskParameters) {
  return {
    architecture: textOf(map, 'architecture'),
    transUses: textOf(map, 'transUses'),
    transHome: textOf(map, 'transHome'),
    transPath: textOf(map, 'transPath'),
    workingGroup: textOf(map, 'workingGroup'),
    countryGroup: textOf(map, 'countryGroup'),
    ticketId: textOf(map, 'ticketID'),
    ticketSystemType: textOf(map, 'ticketSystemType'),
    campaign: textOf(map, 'campaign'),
    requestType: textOf(map, 'requestType'),
    containerName: textOf(map, 'container_name'),
    termCondition: cut(textOf(map, 'osInfo'), MAX_ATTRIBUTE),
  };
}

function placement(map: TaskParameters) {
  return {
    cloud: nonEmpty(textOf(map, 'cloud')),
    site: nonEmpty(textOf(map, 'site')),
    nucleus: nonEmpty(textOf(map, 'nucleus')),
  };
}

function sizes(map: TaskParameters) {
  return {
    coreCount: column(map, 'coreCount') ?? 1,
    outDiskCount: column(map, 'outDiskCount') ?? 0,
    outDiskUnit: textOf(map, 'outDiskUnit'),
    workDiskCount: column(map, 'workDiskCount') ?? 0,
    workDiskUnit: textOf(map, 'workDiskUnit'),
    ramCount: column(map, 'ramCount') ?? 0,
    ramUnit: textOf(map, 'ramUnit') ?? textOf(map, 'ramCountUnit'),
    baseRamCount: column(map, 'baseRamCount') ?? 0,
    ioIntensity: column(map, 'ioIntensity'),
    ioIntensityUnit: textOf(map, 'ioIntensityUnit'),
    diskIo: null,
    mergeRamCount: column(map, 'mergeRamCount'),
    mergeCoreCount: column(map, 'mergeCoreCount'),
  };
}

function timing(map: TaskParameters) {
  return {
    walltime: column(map, 'walltime') ?? 0,
    // Null when the map says nothing, so that the scouts of a retried task measure again.
    walltimeUnit: textOf(map, 'walltimeUnit'),
    cpuTime: column(map, 'cpuTime'),
    cpuTimeUnit: textOf(map, 'cpuTimeUnit'),
    cpuEfficiency: column(map, 'cpuEfficiency') ?? 90,
    baseWalltime: column(map, 'baseWalltime') ?? 600,
    ttcRequested: requestedTime(map.ttcrTimestamp),
  };
}

function eventService(map: TaskParameters) {
  const cloning = isGiven(map, 'useJobCloning');
  return {
    eventService: cloning ? 2 : isGiven(map, 'nEventsPerWorker') ? 1 : 0,
    useJumbo: isGiven(map, 'nJumboJobs') ? 'W' : null,
  };
}

function column(map: TaskParameters, key: string): number | null {
  const value = integerOf(map, key);
  if (value !== null && Math.abs(value) > INT4_MAX) throw new Unrefinable(`${key} is out of range`);
  return value;
}

/** Percent → per mille; more than everything means no goal. Unreadable goals are ignored as the original does. */
function goalOf(map: TaskParameters): number | null {
  const percent = Number(map.goal ?? Number.NaN);
  const perMille = Math.trunc(percent * 10);
  return Number.isFinite(perMille) && perMille <= 1000 && perMille >= 0 ? perMille : null;
}

const nonEmpty = (text: string | null) => (text === '' ? null : text);
const cut = (text: string | null, width: number) => text?.slice(0, width) ?? null;

/** Keys implied by job cloning: one range per worker, two copies of a job, one consumer per copy. */
export function withCloningDefaults(map: TaskParameters): TaskParameters {
  if (!isGiven(map, 'useJobCloning')) return map;
  const nSitesPerJob = numberOf(map, 'nSitesPerJob') ?? 2;
  return { nEventsPerWorker: 1, nEsConsumers: nSitesPerJob, ...map, nSitesPerJob };
}

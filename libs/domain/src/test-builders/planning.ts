import { type BrokerageRequest, type BrokerageWorld, emptyWorld } from '../brokerage/request.js';
import { parseDatasetAttributes } from '../dataset/dataset-attributes.js';
import type { ContentRecord } from '../file/content-record.js';
import type { Random } from '../ports/random.js';
import { parseQueue, type Queue } from '../queue/queue.js';
import { SplitRule } from '../split-rule/index.js';
import type { InputChunk, InputStream } from '../splitting/input-chunk.js';
import { GIB } from '../task/task-sizes.js';
import type { TaskSpec } from '../task/task-spec.js';

export type TaskChanges = Partial<TaskSpec> & { rule?: string };

/** A valid task of a user; changes on top. */
export function aTask({ rule, ...changes }: TaskChanges = {}): TaskSpec {
  return {
    jediTaskId: 42,
    attemptNr: 0,
    taskName: 'user.alice.test1/',
    userName: 'Alice Tester',
    vo: 'wlcg',
    prodSourceLabel: 'user',
    taskPriority: 1000,
    currentPriority: 1000,
    architecture: null,
    transUses: '',
    transHome: null,
    transPath: 'http://panda.example/trf/user/runGen-00-00-02',
    processingType: 'panda-client-1.4.93-jedi-run',
    taskType: 'anal',
    workingGroup: null,
    countryGroup: null,
    ticketId: null,
    ticketSystemType: null,
    campaign: null,
    requestType: null,
    goal: null,
    reqId: 42,
    coreCount: 1,
    walltime: 0,
    walltimeUnit: null,
    outDiskCount: 0,
    outDiskUnit: null,
    workDiskCount: 0,
    workDiskUnit: null,
    ramCount: 0,
    ramUnit: null,
    baseRamCount: 0,
    ioIntensity: null,
    ioIntensityUnit: null,
    diskIo: null,
    cpuTime: null,
    cpuTimeUnit: null,
    cpuEfficiency: 90,
    baseWalltime: 600,
    mergeRamCount: null,
    mergeCoreCount: null,
    cloud: null,
    site: null,
    nucleus: null,
    termCondition: null,
    ttcRequested: null,
    containerName: null,
    eventService: 0,
    useJumbo: null,
    parentTid: null,
    workQueueId: 3,
    gshare: 'User Analysis',
    resourceType: 'SCORE',
    splitRule: SplitRule.parse(rule),
    ...changes,
  };
}

/** An online queue without limits, as its JSON would say; keys of schedconfig on top. */
export function aQueue(name: string, data: Record<string, unknown> = {}): Queue {
  return parseQueue(name, { status: 'online', type: 'unified', corecount: 1, corepower: 10, ...data });
}

export function aFile(fileId: number, changes: Partial<ContentRecord> = {}): ContentRecord {
  return {
    fileId,
    datasetId: 1,
    lfn: `data._${String(fileId).padStart(6, '0')}.root`,
    scope: 'user.bob',
    guid: `guid-${fileId}`,
    fsize: GIB,
    checksum: 'ad:00000001',
    type: 'input',
    nEvents: null,
    startEvent: null,
    endEvent: null,
    firstEvent: null,
    boundaryId: null,
    lumiBlockNr: null,
    attemptNr: 0,
    failedAttempt: 0,
    pandaId: null,
    ...changes,
  };
}

export function files(count: number, changes: (n: number) => Partial<ContentRecord> = () => ({})): ContentRecord[] {
  return Array.from({ length: count }, (_, i) => aFile(i + 1, changes(i + 1)));
}

export function aStream(
  datasetId: number,
  streamName: string,
  list: ContentRecord[],
  attributes = '',
  type = 'input',
): InputStream {
  const dataset = {
    datasetId,
    datasetName: `user.bob.${streamName.toLowerCase()}`,
    containerName: `user.bob.${streamName.toLowerCase()}/`,
    type,
    streamName,
    attributes: parseDatasetAttributes(attributes),
    storageToken: null,
    destination: null,
    isPseudo: type !== 'input',
    site: null,
  };
  return { dataset, files: list.map((file) => ({ ...file, datasetId })) };
}

export function aChunk(changes: Partial<InputChunk> = {}): InputChunk {
  return {
    task: aTask(),
    master: aStream(1, 'IN', files(3)),
    secondaries: [],
    isMerging: false,
    useScout: false,
    ramCount: null,
    isBlockRead: false,
    ...changes,
  };
}

/** A request for jobs of one file of 1 GB; changes on top. */
export function aRequest({
  task,
  ...changes
}: Omit<Partial<BrokerageRequest>, 'task'> & { task?: TaskChanges } = {}): BrokerageRequest {
  const spec = aTask(task);
  return {
    task: spec,
    isMerging: false,
    useScout: false,
    ramCount: spec.ramCount,
    smallest: { inputBytes: GIB, masterMb: 1024, events: 1000 },
    masterSite: null,
    includedSites: [],
    excludedSites: [],
    jumboEvents: null,
    ...changes,
  };
}

export function aWorld(queues: readonly Queue[], changes: Partial<BrokerageWorld> = {}): BrokerageWorld {
  return { ...emptyWorld, queues, ...changes };
}

/** Always the middle of the interval. */
export const fixedRandom: Random = { next: () => 0.5 };

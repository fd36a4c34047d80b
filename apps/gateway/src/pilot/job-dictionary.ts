import type { HandedFile, HandedJob } from '@panda/database';

/** Storage endpoint of a queue for a space token; undefined when it has none. */
export type EndpointOf = (token: string | null, direction: 'read' | 'write') => string | undefined;

export interface DictionaryParts {
  readonly endpointOf: EndpointOf;
  /** Secrets of the job's owner, when the job uses them. */
  readonly secrets: Readonly<Record<string, string>> | null;
}

/** How an empty database value is written. */
const NULL = 'NULL';

/** Words of `specialHandling` that the pilot is told as flags. Source: panda-server:pandaserver/taskbuffer/JobSpec.py@34d4b8f. */
const FLAGS: Readonly<Record<string, string>> = {
  po: 'putLogToOS',
  ne: 'noExecStrCnv',
  fp: 'inFilePosEvtNum',
  up: 'usePrefetcher',
  ho: 'isHPO',
  vp: 'useVP',
  os: 'onSiteMerging',
};
const NO_LOOPING_CHECK = 'lc';
const ENCODED_PARAMETERS = 'ej';
const ALLOW_NO_OUTPUT = 'an';
const DEBUG = 'debug';
/** Job uses the secrets of its owner. */
export const USES_SECRETS = 'us';

const MULTI_STEP = /<MULTI_STEP_EXEC>(.+)<\/MULTI_STEP_EXEC>/s;

/**
 * The job as a pilot reads it: list fields are joined by commas in the order of the job's files (pilot-api §3).
 * Source: panda-server:pandaserver/jobdispatcher/Protocol.py@34d4b8f (`Response.appendJob`).
 */
export function jobDictionary(job: HandedJob, parts: DictionaryParts): Record<string, unknown> {
  const words = (job.specialhandling ?? '').split(',');
  const { text, steps } = splitSteps(job.jobparameters ?? '');
  return {
    ...identityFields(job),
    ...inputFields(job.files, parts.endpointOf),
    ...outputFields(job.files, parts.endpointOf),
    jobPars: words.includes(ENCODED_PARAMETERS) ? Buffer.from(text).toString('base64') : text,
    // Steps bring their own environment.
    cmtConfig: steps === null ? text0(job.cmtconfig) : '',
    ...(steps ?? {}),
    ...flagFields(words),
    ...(job.container_name === null ? {} : { container_name: job.container_name }),
    ...(parts.secrets === null ? {} : { secrets: JSON.stringify(parts.secrets) }),
  };
}

function identityFields(job: HandedJob): Record<string, unknown> {
  return {
    PandaID: job.pandaid,
    prodSourceLabel: text0(job.prodsourcelabel),
    swRelease: text0(job.atlasrelease),
    homepackage: text0(job.homepackage),
    transformation: text0(job.transformation),
    jobName: text0(job.jobname),
    jobDefinitionID: job.jobdefinitionid,
    cloud: text0(job.cloud),
    attemptNr: job.attemptnr,
    prodUserID: text0(job.produserid),
    maxCpuCount: job.maxcpucount,
    minRamCount: job.minramcount,
    maxDiskCount: job.maxdiskcount,
    maxWalltime: job.maxwalltime ?? NULL,
    coreCount: job.corecount ?? 1,
    currentPriority: job.currentpriority,
    taskID: job.jeditaskid ?? job.taskid ?? NULL,
    jobsetID: job.jobsetid ?? NULL,
    reqID: job.reqid ?? NULL,
    resource_type: text0(job.resource_type),
    sourceSite: text0(job.sourcesite),
    destinationSE: text0(job.destinationse),
    nucleus: text0(job.nucleus),
    processingType: text0(job.processingtype),
    transferType: text0(job.transfertype),
    nSent: 0,
    ioIntensity: null,
    ioIntensityUnit: null,
  };
}

const isInput = ({ type }: HandedFile) => type === 'input' || type === 'pseudo_input';
const join = (files: readonly HandedFile[], value: (file: HandedFile) => string | number | null | undefined): string =>
  files.map((file) => String(value(file) ?? NULL)).join(',');

function inputFields(all: readonly HandedFile[], endpointOf: EndpointOf): Record<string, unknown> {
  // Pseudo input drives event numbers; there is no file to stage in.
  const files = all.filter(({ type }) => type === 'input');
  return {
    inFiles: join(files, (f) => f.lfn),
    dispatchDblock: join(files, (f) => f.dispatchdblock),
    dispatchDBlockToken: join(files, (f) => f.dispatchdblocktoken),
    prodDBlocks: join(files, (f) => f.proddblock),
    prodDBlockToken: join(files, (f) => f.proddblocktoken),
    realDatasetsIn: join(files, (f) => f.dataset),
    GUID: join(files, (f) => f.guid),
    fsize: join(files, (f) => f.fsize),
    checksum: join(files, (f) => f.md5sum),
    scopeIn: join(files, (f) => f.scope),
    ddmEndPointIn: join(files, (f) => endpointOf(f.dispatchdblocktoken, 'read')),
  };
}

function outputFields(all: readonly HandedFile[], endpointOf: EndpointOf): Record<string, unknown> {
  const files = all.filter((file) => !isInput(file) && file.type !== 'lib_input');
  const log = files.find(({ type }) => type === 'log');
  const noOutput = all.filter(({ dispatchdblocktoken }) => (dispatchdblocktoken ?? '').split(',').includes(ALLOW_NO_OUTPUT));
  return {
    outFiles: join(files, (f) => f.lfn),
    destinationDblock: join(files, (f) => f.destinationdblock),
    destinationDBlockToken: join(files, (f) => (f.destinationdblocktoken?.split(',')[0] ?? NULL).replace(/^ddd:/, 'dst:')),
    dispatchDBlockTokenForOut: join(files, (f) => f.dispatchdblocktoken),
    realDatasets: join(files, (f) => f.dataset),
    fileDestinationSE: join(files, (f) => f.destinationse),
    ddmEndPointOut: join(files, (f) => endpointOf(f.destinationdblocktoken, 'write')),
    // Consumed in order by the pilot, hence without the log.
    scopeOut: join(
      files.filter((file) => file !== log),
      (f) => f.scope,
    ),
    ...(log === undefined
      ? { logFile: '', logGUID: '', scopeLog: '' }
      : { logFile: log.lfn, logGUID: log.guid ?? NULL, scopeLog: log.scope ?? NULL }),
    ...(noOutput.length === 0 ? {} : { allowNoOutput: noOutput.map(({ lfn }) => lfn).join(',') }),
  };
}

/** Steps before and after the payload travel inside the parameters. */
function splitSteps(parameters: string): { text: string; steps: Record<string, unknown> | null } {
  const match = MULTI_STEP.exec(parameters);
  if (!match) return { text: parameters, steps: null };
  return { text: parameters.replace(MULTI_STEP, '').trim(), steps: JSON.parse(match[1] as string) as Record<string, unknown> };
}

function flagFields(words: readonly string[]): Record<string, unknown> {
  const flags = Object.entries(FLAGS).filter(([word]) => words.includes(word));
  return {
    ...Object.fromEntries(flags.map(([, name]) => [name, 'True'])),
    ...(words.includes(DEBUG) ? { debug: 'True' } : {}),
    ...(words.includes(NO_LOOPING_CHECK) ? { loopingCheck: 'False' } : {}),
  };
}

function text0(value: string | null): string {
  return value ?? NULL;
}

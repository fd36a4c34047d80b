import { userTaskJobPriority } from '../priority/job-priority.js';
import { coresOf, type Queue } from '../queue/queue.js';
import type { TaskParameters } from '../refine/parameters.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { BuiltJob, Columns, JobFileColumns } from './built-job.js';
import { UnbuildableTask } from './job-builder.js';
import { commonColumns } from './job-columns.js';
import { jobFileStatus, type LibFile } from './job-files.js';
import { scopeOf, withIds } from './output-names.js';
import { compileTemplate } from './parameter-template.js';

/** A library older than this is built again. */
export const LIB_LIFETIME_DAYS = 7;

/** `panda.<MMDDhhmmss>.<usec>.lib._<task, 6 digits>`, UTC. Spec: User Guide › build jobs. */
export function libDatasetName(now: Date, microseconds: number, jediTaskId: number): string {
  const [month, day, hour, minute, second] = [
    now.getUTCMonth() + 1,
    now.getUTCDate(),
    now.getUTCHours(),
    now.getUTCMinutes(),
    now.getUTCSeconds(),
  ].map((part) => String(part).padStart(2, '0'));
  return `panda.${month}${day}${hour}${minute}${second}.${microseconds}.lib._${String(jediTaskId).padStart(6, '0')}`;
}

export interface BuildJobInput {
  readonly task: TaskSpec;
  readonly parameters: TaskParameters;
  readonly queue: Queue;
  readonly pandaId: number;
  readonly host: string;
  readonly lib: { readonly datasetId: number; readonly datasetName: string };
  readonly libFileId: number;
  readonly logFileId: number;
  /** CONFIG `jedi.jobgen.BUILD_JOB_MAX_WALLTIME`, hours. */
  readonly maxHours?: number;
  readonly resourceTypeOf: (job: { coreCount: number; minRamCount: number }) => string;
}

/** The job that compiles a user's sources, and the library as the task's other jobs will read it. */
export function makeBuildJob(input: BuildJobInput): { job: BuiltJob; lib: LibFile } {
  const { task, parameters, lib } = input;
  const step = parameters.buildSpec as TaskParameters | undefined;
  if (step === undefined) throw new UnbuildableTask('the task has no build step');
  const libLfn = `${lib.datasetName}.${input.libFileId}.lib.tgz`;
  const logLfn = `${lib.datasetName}.${input.logFileId}.log.tgz`;
  const files = [fileOf(input, libLfn, 'output', input.libFileId), fileOf(input, logLfn, 'log', input.logFileId)];
  const texts = new Map([
    ['IN', String(step.archiveName ?? '')],
    ['OUT', libLfn],
    ['SURL', String(parameters.sourceURL ?? '')],
  ]);
  const line = compileTemplate(String(step.jobParameters ?? '')).render({ files: new Map(), listNames: new Map(), texts });
  const ids = { pandaId: input.pandaId, jediTaskId: task.jediTaskId, jobsetId: task.reqId };
  const scope = scopeOf(lib.datasetName);
  return {
    job: {
      job: { ...commonColumns(task, input.queue, input.host), ...columns(input, step) },
      files,
      jobParameters: withIds(line, ids),
      inputs: [],
      outputs: [
        { jediTaskId: task.jediTaskId, datasetId: lib.datasetId, fileId: input.libFileId, lfn: libLfn, type: 'lib', scope },
        { jediTaskId: task.jediTaskId, datasetId: lib.datasetId, fileId: input.logFileId, lfn: logLfn, type: 'log', scope },
      ],
      retryOf: [],
    },
    lib: { datasetId: lib.datasetId, datasetName: lib.datasetName, fileId: input.libFileId, lfn: libLfn, scope, isReady: false },
  };
}

function columns({ task, queue, pandaId, lib, maxHours, resourceTypeOf }: BuildJobInput, step: TaskParameters) {
  const coreCount = queue.isUnified ? 1 : coresOf(task, queue);
  const priority = userTaskJobPriority(task, 'build', { activeJobs: 0, serial: 0 });
  const seconds = maxHours === undefined ? 0 : maxHours * 3600;
  return {
    pandaid: pandaId,
    jobname: task.taskName,
    transformation: String(step.transPath ?? ''),
    prodsourcelabel: String(step.prodSourceLabel ?? task.prodSourceLabel),
    processingtype: task.processingType,
    attemptnr: 0,
    maxattempt: 0,
    assignedpriority: priority,
    currentpriority: priority,
    corecount: coreCount,
    minramcount: 0,
    maxdiskcount: 0,
    maxcpucount: seconds,
    maxwalltime: maxHours === undefined ? queue.maxTimeS : seconds + task.baseWalltime,
    hs06: queue.corePower > 0 ? Math.trunc(coreCount * queue.corePower) : null,
    resource_type: resourceTypeOf({ coreCount, minRamCount: 0 }),
    specialhandling: ddmToken(task),
    destinationdblock: lib.datasetName,
    destinationse: queue.name,
    ninputfiles: 0,
    ninputdatafiles: 0,
    noutputdatafiles: 1,
  } satisfies Columns;
}

function ddmToken(task: TaskSpec): string | null {
  const backEnd = task.splitRule.get('ddmBackEnd');
  return backEnd === undefined ? null : `ddm:${backEnd}`;
}

function fileOf(input: BuildJobInput, lfn: string, type: string, fileId: number): JobFileColumns {
  const { lib, task, queue } = input;
  return {
    lfn,
    type,
    status: jobFileStatus.unknown,
    dataset: lib.datasetName,
    scope: scopeOf(lib.datasetName),
    destinationdblock: lib.datasetName,
    destinationse: queue.name,
    jeditaskid: task.jediTaskId,
    datasetid: lib.datasetId,
    fileid: fileId,
    attemptnr: 0,
  };
}

import { formatDiagnostics, type PilotState, pilotErrors } from '@panda/domain';
import type { JobFailure } from '../errors/job-failure.js';
import type { JobDefinition } from '../job/job-definition.js';
import type { Fields } from '../server/panda-server.js';
import type { ReportedFile } from '../transfer/stage-out.js';

/** Who and where: the same in every update of a job. */
export interface UpdateIdentity {
  readonly siteName: string;
  readonly node: string;
  readonly schedulerId: string;
  readonly pilotId: string;
  readonly batchId: string | undefined;
  readonly startTime: Date;
  readonly consumptionUnit: string;
  readonly cpuLevel: string | undefined;
}

/** A CPU time beyond this is a broken measurement. Spec: Pilot › cpuconsumptiontime. */
const CPU_TIME_MAX_S = 1e9;

/** Fields every update has. Names and formats are pilot3's. Spec: Pilot › send_state. */
export function identityFields(job: Pick<JobDefinition, 'pandaId' | 'attemptNr' | 'coreCount'>, id: UpdateIdentity): Fields {
  return {
    jobId: job.pandaId,
    attemptNr: job.attemptNr,
    siteName: id.siteName,
    node: id.node,
    schedulerID: id.schedulerId,
    pilotID: id.pilotId,
    ...(id.batchId === undefined ? {} : { batchID: id.batchId }),
    startTime: id.startTime.getTime() / 1_000,
    coreCount: job.coreCount,
    cpuConsumptionUnit: id.consumptionUnit,
    ...(id.cpuLevel === undefined ? {} : { cpu_architecture_level: id.cpuLevel }),
  };
}

export interface Progress {
  readonly state: PilotState;
  readonly at: Date;
  readonly cpuS: number;
  readonly meanCoreCount: number | undefined;
  readonly usage: Fields;
  readonly stdout?: string | undefined;
  readonly jobMetrics: string;
}

/** What changes from update to update. */
export function progressFields(progress: Progress): Fields {
  const cpuS = Math.round(progress.cpuS);
  return {
    state: progress.state,
    timestamp: localTimestamp(progress.at),
    ...(cpuS > 0 && cpuS < CPU_TIME_MAX_S ? { cpuConsumptionTime: cpuS, cpuConversionFactor: 1.0 } : {}),
    ...(progress.meanCoreCount === undefined ? {} : { meanCoreCount: progress.meanCoreCount }),
    ...(progress.stdout === undefined || progress.stdout === '' ? {} : { stdout: progress.stdout }),
    ...(progress.jobMetrics === '' ? {} : { jobMetrics: progress.jobMetrics }),
    ...progress.usage,
  };
}

export interface Ending {
  readonly failure: JobFailure | undefined;
  readonly transExitCode: number;
  readonly exe: { readonly code: number; readonly diag: string };
  readonly files: Readonly<Record<string, ReportedFile>>;
  readonly metaData: string | undefined;
  readonly timing: string;
  readonly pilotLog: string;
  readonly endTime: Date;
  readonly nEvents: number;
}

/** What only the last update has. `xml` is JSON of the transferred files; nothing else may stand there. */
export function endingFields(ending: Ending): Fields {
  return {
    xml: Object.keys(ending.files).length === 0 ? '' : JSON.stringify(ending.files),
    ...(ending.metaData === undefined ? {} : { metaData: ending.metaData }),
    endTime: ending.endTime.getTime() / 1_000,
    pilotErrorCode: ending.failure?.code ?? 0,
    pilotErrorDiag: ending.failure?.message ?? '',
    transExitCode: ending.transExitCode % 255,
    exeErrorCode: ending.exe.code,
    exeErrorDiag: ending.exe.diag.slice(0, 500),
    pilotTiming: ending.timing,
    pilotLog: ending.failure === undefined ? '' : ending.pilotLog,
    ...(ending.nEvents > 0 ? { nEvents: ending.nEvents } : {}),
  };
}

/** A report for a job whose pilot died before it could make one. */
export function lostFields(identity: Fields, state: PilotState, at: Date): Fields {
  const { code: pilotErrorCode } = pilotErrors.INTERNALPILOTPROBLEM;
  const pilotErrorDiag = formatDiagnostics(pilotErrorCode, 'the pilot ended without a report; found by the next one');
  return {
    ...identity,
    state,
    timestamp: localTimestamp(at),
    xml: '',
    pilotErrorCode: 1319,
    pilotErrorDiag,
    transExitCode: 0,
    endTime: at.getTime() / 1_000,
  };
}

/** ISO 8601 with the offset of the worker node. */
export function localTimestamp(at: Date): string {
  const offset = -at.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const two = (value: number): string => String(Math.trunc(Math.abs(value))).padStart(2, '0');
  const local = new Date(at.getTime() + offset * 60_000).toISOString().slice(0, 19);
  return `${local}${sign}${two(offset / 60)}:${two(offset % 60)}`;
}

const KEEP = 1_024;

/** Long text as its head and tail with `[...]` between. Spec: Pilot › the log extract keeps 1024 characters of each end. */
export function shortened(text: string, keep = KEEP): string {
  return text.length <= 2 * keep ? text : `${text.slice(0, keep)}\n[...]\n${text.slice(-keep)}`;
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { jobStatus } from '@panda/domain';
import { asJobFailure } from '../errors/job-failure.js';
import type { AccessPoint } from '../harvester-mode/access-point.js';
import { surveyDirectory } from '../monitor/directory.js';
import { tailOf } from '../payload/payload.js';
import { deliver } from '../report/deliver.js';
import { jobMetrics } from '../report/job-metrics.js';
import { type JobReport, readJobReport, readPayloadError } from '../report/job-report.js';
import { me } from '../report/spool.js';
import { endingFields } from '../report/update-fields.js';
import type { Fields } from '../server/panda-server.js';
import { pathOfUrl } from '../transfer/file.copytool.js';
import { packedName, packLog } from '../transfer/log-archive.js';
import { stageOut } from '../transfer/stage-out.js';
import { PILOT_LOG, removeJobDirectories } from './job-directory.js';
import type { JobRun } from './job-run.js';

const PILOT_LOG_MAX = 1_024;
/** Packing gets a minute more for each GB of work directory. */
const MS_PER_BYTE = 60_000 / 1_073_741_824;

/**
 * The end of a job, whatever happened before: log to its place, final report written to disk and then delivered, directories removed.
 * The report is on disk before the first try, so that no crash in between loses it. True when the server took it.
 */
export async function concludeJob(run: JobRun): Promise<boolean> {
  const report = readJobReport(run.directory);
  const told = readPayloadError(run.directory);
  const pilotLog = tailOf(join(run.directory, PILOT_LOG), PILOT_LOG_MAX);
  const metrics = metricsOf(run, report);
  const directories = [run.directory, ...(await shipLog(run))];
  const final: Fields = { ...run.identity(), ...closing(run, metrics), ...ending(run, report, told, pilotLog) };
  const { pandaId, attemptNr } = run.input.job;
  const { spool, server, config, clock, random } = run.pilot;
  spool.save({ pandaId, attemptNr, owner: me(), mark: run.mark, directory: run.directory, identity: run.identity(), final });
  if (!run.keepDirectory) await removeJobDirectories(directories);
  const settings = { limitMs: config.lastReportLimit, pauseMaxMs: config.reportPauseMax };
  const taken = await deliver(final, server, settings, { clock, random, log: run.log, signal: run.pilot.giveUp });
  if (taken) spool.remove({ pandaId, attemptNr });
  if (run.pilot.access !== undefined) publish(run, run.pilot.access, report);
  run.log.info('the job is over', {
    taken,
    state: run.state,
    failures: run.failures.all.map(({ code }) => code),
    timing: String(run.watch),
  });
  return taken;
}

/** What Harvester takes over: the files, for its stager, and the job report. */
function publish(run: JobRun, access: AccessPoint, report: JobReport | undefined): void {
  const logName = run.input.job.log?.lfn;
  const files = Object.entries(run.files).map(([lfn, { surl, fsize, guid, adler32 }]) => ({
    path: surl.startsWith('file:') ? pathOfUrl(surl) : surl,
    type: lfn === logName ? ('log' as const) : ('output' as const),
    bytes: fsize,
    guid,
    adler32,
  }));
  access.declareFiles(run.input.job.pandaId, files);
  if (report !== undefined) access.publishJobReport(report.text);
}

function closing(run: JobRun, metrics: string): Fields {
  const failed = run.failures.first !== undefined;
  run.state = failed ? jobStatus.failed : jobStatus.finished;
  return { ...run.progress(), ...(metrics === '' ? {} : { jobMetrics: metrics }) };
}

function ending(
  run: JobRun,
  report: JobReport | undefined,
  told: { code: number; diag: string } | undefined,
  pilotLog: string,
): Fields {
  return endingFields({
    failure: run.failures.first,
    transExitCode: run.steps?.exitCode ?? 0,
    exe: told ?? { code: report?.exitCode ?? 0, diag: report?.exitMessage ?? '' },
    files: run.files,
    metaData: report?.text,
    timing: String(run.watch),
    pilotLog,
    endTime: run.pilot.clock.now(),
    nEvents: report?.nEvents ?? 0,
  });
}

function metricsOf(run: JobRun, report: JobReport | undefined): string {
  const usage = run.monitor?.usage;
  if (usage === undefined) return '';
  const workDirBytes = surveyDirectory(run.directory, () => false).bytes;
  return jobMetrics({ coreCount: run.input.job.coreCount, nEvents: report?.nEvents ?? 0, workDirBytes, usage });
}

/**
 * Packs and stages out the log of every job but one that the server killed: that one is no longer expected to have any output
 * (pilot3 does the same). A log that cannot be kept fails a job that was good. Returns what is to be removed.
 */
async function shipLog(run: JobRun): Promise<string[]> {
  const { log: file, inputs, outputs, pandaId, debug, secrets } = run.input.job;
  const { end, queue } = run.input;
  const archive = join(run.pilot.workDir, `log.${pandaId}.${run.mark}`);
  const killedByServer = end.failure?.errorName === 'PANDAKILL';
  if (file === undefined || killedByServer || !existsSync(run.directory)) return [];
  const removable = [archive, `${archive}.stderr`, packedName(run.directory, { pandaId, queue: queue.name })];
  try {
    await run.watch.time('stageout', async () => {
      const exclude = new Set([...inputs, ...outputs].map(({ lfn }) => lfn));
      const timeoutMs = run.pilot.config.logTimeout + surveyDirectory(run.directory, () => false).bytes * MS_PER_BYTE;
      const plan = {
        pandaId,
        queue: queue.name,
        exclude,
        keepCores: debug,
        hasSecrets: secrets !== undefined,
        timeoutMs,
        mark: run.mark,
        env: run.environment(),
      };
      await packLog(run.directory, archive, plan, run.pilot.clock);
      // Not the job's own signal: it may have fired, and the log is what tells why.
      run.files[file.lfn] = await stageOut(file, archive, undefined, run.dataContext(), run.pilot.giveUp);
    });
  } catch (error) {
    run.fail(asJobFailure(error, 'LOGFILECREATIONFAILURE'));
  }
  return removable;
}

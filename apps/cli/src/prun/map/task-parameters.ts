import { accepted, type Outcome } from '../outcome.js';
import { cutParameters } from '../submission/splitting.js';
import { hasInput, runsInPilotContainer, type Submission, sendsSandbox } from '../submission/submission.js';
import { architectureOf } from './architecture.js';
import { execPieces } from './exec-pieces.js';
import { databaseRelease, primaryInput, secondaryInput } from './inputs.js';
import { constant, delimiter, type JobParameter } from './job-parameter.js';
import { logParameters, outputParameters, sandboxParameter } from './outputs.js';
import { type StepSurroundings, steps, transformationOptions } from './steps.js';

export interface MapSurroundings extends StepSurroundings {
  /** Release of the client whose maps these are; part of `processingType`. */
  readonly clientVersion: string;
  /** The command line as typed, shown by pbook and monitor. */
  readonly commandLine: string;
  /** `scheme://host:port` below which `/cache/<archive>` is found. */
  readonly sourceUrl: string;
  readonly osInfo: string;
  /** `ALRB_USER_PLATFORM`. */
  readonly userPlatform: string | undefined;
  readonly uuid: () => string;
}

export type TaskParameters = Record<string, unknown>;

/** The task parameter map, key by key what the real prun sends. Client API C.1 */
export function taskParameters(submission: Submission, surroundings: MapSurroundings): Outcome<TaskParameters> {
  const architecture = runsInPilotContainer(submission)
    ? accepted<string | null>(submission.architecture)
    : architectureOf({
        asked: submission.architecture,
        platform: submission.release.platform,
        userPlatform: surroundings.userPlatform,
      });
  if (!architecture.ok) return architecture;
  const outputs = outputParameters(submission);
  if (!outputs.ok) return outputs;
  const primary = primaryInput(submission, surroundings.uuid);
  const secondary = secondaryInput(submission, surroundings.uuid);
  return accepted({
    ...identity(submission, surroundings, architecture.value),
    ...placement(submission),
    ...cutParameters(submission, hasInput(submission)),
    ...(submission.nGBPerJob === undefined ? {} : { nGBPerJob: submission.nGBPerJob }),
    ...flags(submission),
    ...resources(submission),
    ...container(submission),
    ...logParameters(submission),
    jobParameters: [
      constant('-j "" --sourceURL ${SURL}'),
      constant(`-r ${surroundings.runDir}`),
      delimiter,
      ...(sendsSandbox(submission) ? [sandboxParameter(submission, surroundings.archiveName)] : []),
      ...outputs.value,
      ...primary.jobParameters,
      ...command(submission),
      ...databaseRelease(submission),
      ...secondary.jobParameters,
      ...endOfLine(submission, surroundings.usesCmake),
    ],
    ...primary.taskParameters,
    ...secondary.taskParameters,
    ...access(submission),
    ...steps(submission, surroundings),
    // Last, since it names the archive: jobs of an earlier submission keep the one they were made with.
    ...(submission.useNewCode ? { fixedSandbox: surroundings.archiveName } : {}),
  });
}

function identity(submission: Submission, surroundings: MapSurroundings, architecture: string | null): TaskParameters {
  const { release } = submission;
  const transformation = submission.containerImage !== '' && !submission.alrb ? 'cont' : 'run';
  const good = submission.goodRunListXML === '' ? '' : '-grl';
  return {
    taskName: submission.outDS,
    ...(submission.allowTaskDuplication ? {} : { uniqueTaskName: true }),
    vo: submission.vo ?? 'atlas',
    architecture,
    transUses: release.transUses,
    transHome: release.transUses === '' ? null : `AnalysisTransforms${release.cache}`,
    processingType: `panda-client-${surroundings.clientVersion}-jedi-${transformation}${good}`,
    ...(submission.framework === '' ? {} : { framework: submission.framework }),
    prodSourceLabel: submission.prodSourceLabel || 'user',
    cliParams: surroundings.commandLine,
    osInfo: surroundings.osInfo,
    sourceURL: surroundings.sourceUrl,
    respectSplitRule: true,
    nMaxFilesPerJob: submission.maxNFilesPerJob,
  };
}

function placement({
  site,
  excludedSite,
  includedSite,
  priority,
  workingGroup,
  skipFilesUsedBy,
  maxAttempt,
}: Submission): TaskParameters {
  return {
    site: site === 'AUTO' ? null : site,
    excludedSite,
    includedSite: includedSite.length === 0 ? null : includedSite,
    ...(priority === undefined ? {} : { currentPriority: priority }),
    // A role behind the group (phys.production) is for the proxy, not for the task.
    ...(workingGroup === undefined ? {} : { workingGroup: workingGroup.split(/[.:]/)[0] }),
    ...(skipFilesUsedBy === '' ? {} : { skipFilesUsedBy }),
    ...(maxAttempt > 0 && maxAttempt <= 50 ? { maxAttempt } : {}),
  };
}

function flags(submission: Submission): TaskParameters {
  const when = (is: boolean | number | undefined, key: string, value: unknown = true) => (is ? { [key]: value } : {});
  return {
    ...when(submission.noEmail, 'noEmail'),
    ...when(submission.skipScout, 'skipScout'),
    ...when(submission.msgDriven, 'messageDriven'),
    ...when(submission.respectLB, 'respectLB'),
    ...when(submission.osMatching, 'osMatching'),
    ...when(submission.parentTaskID, 'noWaitParent'),
    ...when(submission.disableAutoRetry, 'disableAutoRetry', 1),
    ...when(submission.official, 'official'),
    ...when(submission.noLoopingCheck, 'noLoopingCheck'),
    ...when(submission.useSecrets, 'useSecrets'),
    ...when(submission.debugMode, 'debugMode'),
    ...when(submission.avoidVP, 'avoidVP'),
  };
}

function resources(submission: Submission): TaskParameters {
  const { memory, nCore, maxCore, maxWalltime, cpuTimePerEvent, outDiskCount } = submission;
  const cpuUnit = submission.fixedCpuTime ? 'HS06sPerEventFixed' : cpuTimePerEvent > 0 ? 'HS06sPerEvent' : undefined;
  return {
    ...(memory > 0 ? { ramCount: memory, ramCountUnit: submission.fixedRamCount ? 'MBPerCoreFixed' : 'MBPerCore' } : {}),
    ...(nCore > 1 ? { coreCount: nCore } : {}),
    ...(maxCore !== undefined && maxCore > 0 ? { maxCoreCount: maxCore } : {}),
    ...(maxWalltime > 0 ? { maxWalltime } : {}),
    ...(cpuTimePerEvent > 0 ? { cpuTime: cpuTimePerEvent } : {}),
    ...(cpuUnit === undefined ? {} : { cpuTimeUnit: cpuUnit }),
    ...(outDiskCount === undefined ? {} : { outDiskCount, outDiskUnit: 'kBFixed' }),
    ...middleName(submission),
  };
}

function middleName({ addNthFieldOfInFileToLFN: ofFile, addNthFieldOfInDSToLFN: ofDataset }: Submission): TaskParameters {
  if (ofFile !== '') return { addNthFieldToLFN: ofFile, useFileAsSourceLFN: true };
  return ofDataset === '' ? {} : { addNthFieldToLFN: ofDataset };
}

/** The pilot prints the script it runs before it runs it in the container. */
const SHOW_AND_RUN = [
  'echo "=== cat exec script ==="; ',
  'cat __run_main_exec.sh; ',
  'echo; ',
  'echo "=== exec script ==="; ',
  '/bin/sh __run_main_exec.sh',
].join('');

function container(submission: Submission): TaskParameters {
  if (!runsInPilotContainer(submission)) return {};
  const { containerImage, alrbArgs } = submission;
  if (!submission.directExecInContainer) return { container_name: containerImage };
  return {
    container_name: containerImage,
    multiStepExec: {
      preprocess: { command: '${TRF}', args: '--preprocess ${TRF_ARGS}' },
      postprocess: { command: '${TRF}', args: '--postprocess ${TRF_ARGS}' },
      containerOptions: {
        containerExec: SHOW_AND_RUN,
        containerImage,
        ...(alrbArgs === undefined ? {} : { execArgs: alrbArgs }),
      },
    },
  };
}

function command({ jobParams }: Submission): JobParameter[] {
  return [constant('-p "', { padding: false }), ...execPieces(jobParams), constant('"')];
}

function endOfLine(submission: Submission, usesCmake: boolean): JobParameter[] {
  const options = transformationOptions(submission, usesCmake);
  return options === '' ? [] : [constant(options)];
}

function access({ forceStaged, transferType, useDirectIOSites }: Submission): TaskParameters {
  const typed = transferType === undefined ? {} : { transferType };
  if (forceStaged || transferType === 'file') return { useLocalIO: 1, ...typed };
  return useDirectIOSites || transferType === 'direct' ? { allowInputLAN: 'only', ...typed } : typed;
}

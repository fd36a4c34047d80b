import { hasNoBuild, type Submission } from '../submission/submission.js';
import { quote } from './python-text.js';

/** What steps need beyond the command line. */
export interface StepSurroundings {
  readonly archiveName: string;
  /** Directory below the sandbox's top in which the command runs. */
  readonly runDir: string;
  /** `CMAKE_PREFIX_PATH` is set: the transformation has to set up the release with CMake. */
  readonly usesCmake: boolean;
}

type Step = Record<string, unknown>;

/** Build, preprocessing and merge steps as far as the task has them. Client API C.5 */
export function steps(submission: Submission, surroundings: StepSurroundings): Step {
  return { ...buildStep(submission, surroundings), ...preprocessing(submission), ...merging(submission, surroundings) };
}

function buildStep(submission: Submission, surroundings: StepSurroundings): Step {
  const { tarBallViaDDM, bexec, prodSourceLabel } = submission;
  const viaDdm = tarBallViaDDM === '' ? {} : { tarBallViaDDM };
  if (hasNoBuild(submission)) return viaDdm;
  const jobParameters = words(
    `-i \${IN} -o \${OUT} --sourceURL \${SURL} -r ${surroundings.runDir}`,
    bexec !== '' && `--bexec "${quote(bexec)}"`,
    submission.noCompile && '--noCompile',
    surroundings.usesCmake && '--useCMake',
    ...software(submission),
    submission.queueData !== '' && `--overwriteQueuedata=${submission.queueData}`,
    ...containerOfTransformation(submission),
    tarBallViaDDM !== '' && '--noTarballDownload',
  );
  return {
    buildSpec: { prodSourceLabel: prodSourceLabel || 'panda', archiveName: surroundings.archiveName, jobParameters, ...viaDdm },
  };
}

function preprocessing(submission: Submission): Step {
  const { goodRunListXML, goodRunDataType, goodRunProdStep, goodRunListDS, prodSourceLabel } = submission;
  if (goodRunListXML === '') return {};
  const jobParameters = words(
    `--goodRunListXML ${goodRunListXML}`,
    goodRunDataType !== '' && `--goodRunListDataType ${goodRunDataType}`,
    goodRunProdStep !== '' && `--goodRunListProdStep ${goodRunProdStep}`,
    goodRunListDS !== '' && `--goodRunListDS ${goodRunListDS}`,
    '--sourceURL ${SURL}',
  );
  return { preproSpec: { prodSourceLabel: prodSourceLabel || 'panda', jobParameters } };
}

function merging(submission: Submission, surroundings: StepSurroundings): Step {
  if (!submission.mergeOutput) return {};
  const source = hasNoBuild(submission) ? `-a ${surroundings.archiveName} --sourceURL \${SURL}` : '-l ${LIB}';
  const container = containerOfTransformation(submission);
  const jobParameters = words(
    `-r ${surroundings.runDir}`,
    submission.mergeScript !== '' && `-j "${submission.mergeScript}"`,
    ...software(submission),
    surroundings.usesCmake && '--useCMake',
    ...(container.length > 0 ? container : [source]),
    '${TRN_OUTPUT:OUTPUT}',
  );
  const log = submission.mergeLog ? '${TRN_LOG_MERGE:LOG_MERGE}' : '${TRN_LOG:LOG}';
  const size = submission.nGBPerMergeJob === undefined ? {} : { nGBPerMergeJob: submission.nGBPerMergeJob };
  return { mergeSpec: { useLocalIO: 1, jobParameters: jobParameters + log }, mergeOutput: true, ...size };
}

/** Options of the transformation at the end of a job's command line, with a blank after each. */
export function transformationOptions(submission: Submission, usesCmake: boolean): string {
  const { persistentFile } = submission;
  const registry = submission.useCentralRegistry ? 'True' : 'False';
  const container = containerOfTransformation(submission);
  return words(
    submission.pfnList !== '' && '--givenPFN',
    usesCmake && '--useCMake',
    ...software(submission),
    submission.writeInputToTxt !== '' && `--writeInputToTxt ${submission.writeInputToTxt}`,
    submission.queueData !== '' && `--overwriteQueuedata=${submission.queueData}`,
    submission.execWithRealFileNames && '--execWithRealFileNames',
    ...container,
    container.length > 0 &&
      (submission.useCentralRegistry || submission.notUseCentralRegistry) &&
      `--useCentralRegistry=${registry}`,
    persistentFile !== '' && `--fileToSave=${persistentFile} --fileToLoad=${persistentFile}`,
  );
}

type Word = string | false;

function software({ rootVer, release }: Submission): Word[] {
  const platform = release.platform;
  return [rootVer !== '' && `--rootVer ${rootVer}`, platform !== undefined && platform !== 'NULL' && `--cmtConfig ${platform}`];
}

/** Only in the old mode, where the transformation starts the container. */
function containerOfTransformation(submission: Submission): Word[] {
  if (submission.containerImage === '' || submission.alrb) return [];
  return [
    `--containerImage ${submission.containerImage}`,
    submission.ctrCvmfs && '--cvmfs',
    submission.ctrNoX509 && '--noX509',
    submission.ctrDatadir !== '' && `--datadir ${submission.ctrDatadir}`,
    submission.ctrWorkdir !== '' && `--workdir ${submission.ctrWorkdir}`,
    submission.ctrDebug && '--debug',
  ];
}

/** Transformations split their options at blanks; the real tool leaves one behind each. */
function words(...items: readonly Word[]): string {
  return items
    .filter((item) => item !== false)
    .map((item) => `${item} `)
    .join('');
}

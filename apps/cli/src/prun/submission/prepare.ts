import type { PrunOptions } from '../options/table.js';
import { accepted, type Outcome, refused } from '../outcome.js';
import { entriesOf, jsonOf, type LocalFiles, linesOf } from './local-lists.js';
import { parseRelease } from './release.js';
import { parseSecondaryStreams } from './secondary-streams.js';
import { contradiction, parseGigabytes, withFilesOfJobs } from './splitting.js';
import type { InputOutput, Submission } from './submission.js';
import { objection } from './submission-checks.js';

export interface PrepareSurroundings {
  readonly files: LocalFiles;
  /** `CMTCONFIG` of the environment. */
  readonly platform: string | undefined;
  readonly uuid: () => string;
}

/** All implications of a command line, and the files it names. panda-client:pandaclient/PrunScript.py@749e856 */
export function prepare(given: PrunOptions, surroundings: PrepareSurroundings): Outcome<Submission> {
  const unusable = objection(given);
  if (unusable !== undefined) return refused(unusable);
  const { files } = surroundings;
  const implied = withImplications(given, surroundings.uuid);
  const tasks = tasksOf(implied, files);
  if (!tasks.ok) return tasks;
  const lists = readLists(implied, files);
  if (!lists.ok) return lists;
  const cut = cutOf(implied);
  if (!cut.ok) return cut;
  const release = parseRelease(implied.athenaTag, implied.cmtConfig || surroundings.platform);
  if (!release.ok) return release;
  const [first] = tasks.value;
  return accepted({
    ...implied,
    ...cut.value,
    ...lists.value,
    ...sitesOf(implied),
    inDS: (first?.inDS ?? '').replaceAll(' ', ''),
    outDS: first?.outDS ?? '',
    tasks: tasks.value,
    release: release.value,
    allowNoOutput: implied.allowNoOutput.split(',').filter((pattern) => pattern !== ''),
    reusableStreams: implied.reusableSecondary.split(',').filter((name) => name !== ''),
    extFile: extraFiles(implied),
    warnings: warningsOf(given),
  });
}

/** Options that follow from others. */
function withImplications(given: PrunOptions, uuid: () => string): PrunOptions {
  const options = { ...given };
  if (options.noCompile) options.noBuild = true;
  if (options.notSkipLog) options.useLogAsInput = true;
  if (options.oldContMode) options.alrb = false;
  if (options.containerImage !== '') {
    options.noBuild = true;
    if (options.alrb) options.useSandbox = true;
  }
  if (options.mergeScript !== '') options.mergeOutput = true;
  if (options.parentTaskID) options.notExpandInDS = true;
  if (options.inOutDsJson !== '') options.bulkSubmission = true;
  if (options.persistentFile !== '') options.persistentFile += `:sources.${uuid()}.__ow__`;
  options.nFilesPerJob = Math.min(options.nFilesPerJob, options.maxNFilesPerJob);
  options.outputs = options.outputs.replaceAll(' ', '');
  options.writeInputToTxt = options.writeInputToTxt.replaceAll('%', '');
  options.rootVer = options.athenaTag === '' ? options.rootVer.replaceAll('/', '.') : '';
  options.match = asPattern(options.match);
  options.antiMatch = asPattern(options.antiMatch);
  return withCommand(options);
}

/** `%DB:` in the command names the database release; `%RNDM:` is the old spelling of `%RNDM=`. */
function withCommand(options: PrunOptions): PrunOptions {
  const release = /%DB:([^ '";]+)/.exec(options.jobParams)?.[1];
  const jobParams = options.jobParams.replaceAll('%RNDM:', '%RNDM=');
  return release === undefined ? { ...options, jobParams } : { ...options, jobParams, dbRelease: release, notExpandDBR: true };
}

/** Wild cards as a regular expression, the way the server gets them. */
function asPattern(text: string): string {
  return text.replaceAll('.', '\\.').replaceAll('*', '.*');
}

function extraFiles({ extFile, mergeScript }: PrunOptions): string[] {
  const given = extFile === '' ? [] : extFile.split(',').map((item) => item.replaceAll('*', '.*'));
  return mergeScript === '' || given.includes(mergeScript) ? given : [...given, mergeScript];
}

function sitesOf({ site, excludedSite }: PrunOptions) {
  const several = site.includes(',');
  const words = (items: readonly string[]) =>
    [...new Set(items.flatMap((item) => item.split(',')).map((word) => word.trim()))].filter((word) => word !== '');
  return { site: several ? 'AUTO' : site, includedSite: several ? words([site]) : [], excludedSite: words(excludedSite) };
}

function cutOf(options: PrunOptions) {
  const nGBPerJob = parseGigabytes('--nGBPerJob', options.nGBPerJob);
  if (!nGBPerJob.ok) return nGBPerJob;
  const nGBPerMergeJob = parseGigabytes('--nGBPerMergeJob', options.nGBPerMergeJob);
  if (!nGBPerMergeJob.ok) return nGBPerMergeJob;
  const reason = contradiction(options, nGBPerJob.value);
  if (reason !== undefined) return refused(reason);
  const { nFiles, nFilesPerJob } = withFilesOfJobs(options);
  return accepted({ nFiles, nFilesPerJob, nGBPerJob: nGBPerJob.value, nGBPerMergeJob: nGBPerMergeJob.value });
}

function readLists(options: PrunOptions, files: LocalFiles) {
  const inputFiles = options.inputFileListName === '' ? accepted([]) : linesOf(files, options.inputFileListName);
  if (!inputFiles.ok) return inputFiles;
  const physicalFiles = options.pfnList === '' ? accepted([]) : entriesOf(files, options.pfnList);
  if (!physicalFiles.ok) return physicalFiles;
  if (options.pfnList !== '' && physicalFiles.value.length === 0) return refused(`${options.pfnList} names no file`);
  const streams = parseSecondaryStreams(options.secondaryDSs, (path) => linesOf(files, path));
  if (!streams.ok) return streams;
  return accepted({
    inputFiles: inputFiles.value,
    physicalFiles: physicalFiles.value.toSorted(),
    secondaryStreams: streams.value,
  });
}

function tasksOf(options: PrunOptions, files: LocalFiles): Outcome<readonly InputOutput[]> {
  if (options.bulkSubmission) return bulkTasks(options.inOutDsJson, files);
  const datasets = options.inDsTxt === '' ? accepted([options.inDS]) : entriesOf(files, options.inDsTxt);
  if (!datasets.ok) return datasets;
  return accepted([{ inDS: datasets.value.join(','), outDS: asContainer(options.outDS) }]);
}

function bulkTasks(path: string, files: LocalFiles): Outcome<readonly InputOutput[]> {
  const list = jsonOf(files, path);
  if (!list.ok) return list;
  if (!Array.isArray(list.value) || list.value.length === 0) return refused(`${path} is no list of {"inDS", "outDS"}`);
  const tasks: InputOutput[] = [];
  for (const item of list.value as readonly unknown[]) {
    const { inDS = '', outDS } = (typeof item === 'object' && item !== null ? item : {}) as Partial<InputOutput>;
    if (typeof inDS !== 'string' || typeof outDS !== 'string' || outDS === '')
      return refused(`${path}: each entry needs "inDS" and "outDS"`);
    tasks.push({ inDS, outDS: asContainer(outDS) });
  }
  return accepted(tasks);
}

function asContainer(name: string): string {
  return name.endsWith('/') ? name : `${name}/`;
}

function warningsOf(options: PrunOptions): string[] {
  const seeds = new Set([...options.jobParams.matchAll(/%RNDM[:=](\d+)/g)].map(([, base]) => base));
  const short = (n: number) => n > 0 && n < 5;
  return [
    ...(seeds.size > 1 ? ['%RNDM is given with several bases: the first one counts for all of them'] : []),
    ...(short(options.nFilesPerJob) || options.maxNFilesPerJob < 5
      ? ['so few files for a job make many short jobs, which the scouts may end as exhausted']
      : []),
    ...(options.nFilesPerJob > options.maxNFilesPerJob ? ['--nFilesPerJob is lowered to --maxNFilesPerJob'] : []),
    ...(options.memory > 4_000 ? [`few queues offer ${options.memory} MB for each core; --nCore=8 may need less of it`] : []),
    ...(options.rootVer !== '' && options.athenaTag !== '' ? ['--rootVer is ignored, since --athenaTag brings a version'] : []),
    ...(options.containerImage !== '' && options.oldContMode && !options.useSandbox
      ? ['local files are not sent: give --useSandbox to send them']
      : []),
  ];
}

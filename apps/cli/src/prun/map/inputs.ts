import type { SecondaryStream } from '../submission/secondary-streams.js';
import type { Submission } from '../submission/submission.js';
import { consolidated, constant, type JobParameter, template } from './job-parameter.js';
import { dictionary } from './python-text.js';

/** Logs are no input unless asked for. */
const LOGS = '\\.log\\.tgz(\\.\\d+)*$';
const PRIMARY = '-i "${IN/T}"';

export interface InputParameters {
  readonly jobParameters: readonly JobParameter[];
  readonly taskParameters: Readonly<Record<string, unknown>>;
}

/** The primary input: datasets, physical files, what a good run list yields, or none. Client API C.1, C.2 */
export function primaryInput(submission: Submission, uuid: () => string): InputParameters {
  const { inDS, physicalFiles, goodRunListXML } = submission;
  if (inDS !== '') return { jobParameters: [datasetInput(submission, uuid)], taskParameters: { dsForIN: inDS } };
  if (physicalFiles.length > 0) {
    const counted = submission.nFiles === 0 ? { nFiles: physicalFiles.length } : {};
    return { jobParameters: [constant(PRIMARY)], taskParameters: { pfnList: physicalFiles, noInput: true, ...counted } };
  }
  if (goodRunListXML !== '') {
    const item = template(PRIMARY, 'input', { dataset: '%%INDS%%', expand: true, exclude: LOGS, files: '%%INLFNLIST%%' });
    return { jobParameters: [item], taskParameters: { dsForIN: '%%INDS%%' } };
  }
  return { jobParameters: [], taskParameters: { noInput: true } };
}

function datasetInput(submission: Submission, uuid: () => string): JobParameter {
  const { inDS, outDS, match, antiMatch, nSkipFiles, inputFiles } = submission;
  const exclude = [...(submission.useLogAsInput ? [] : [LOGS]), ...(antiMatch === '' ? [] : [antiMatch])].join(',');
  return template(PRIMARY, 'input', {
    dataset: inDS,
    ...(exclude === '' ? {} : { exclude }),
    ...(submission.notExpandInDS ? { consolidate: consolidated(outDS, uuid()) } : { expand: true }),
    ...(nSkipFiles === 0 ? {} : { offset: nSkipFiles }),
    ...(match === '' ? {} : { include: match }),
    ...(inputFiles.length === 0 ? {} : { files: inputFiles }),
  });
}

/** Hidden items of the secondary streams and the map the transformation gets. Feature CLI-prun-19 */
export function secondaryInput(submission: Submission, uuid: () => string): InputParameters {
  const { secondaryStreams: streams } = submission;
  if (streams.length === 0) return { jobParameters: [], taskParameters: {} };
  const names = [...(submission.inDS === '' ? [] : ['IN']), ...streams.map(({ name }) => name)];
  const map = dictionary(
    names.map((name) => [name, name]),
    (name) => `\${${name}/T}`,
  );
  const items = streams.map((stream) => streamItem(stream, submission, uuid));
  return { jobParameters: [...items, constant(`--inMap "${map}"`)], taskParameters: { reuseSecOnDemand: true } };
}

function streamItem(stream: SecondaryStream, submission: Submission, uuid: () => string): JobParameter {
  const { nFiles } = stream;
  const share = submission.useNumFilesInSecDSsAsRatio ? { ratio: nFiles } : { nFilesPerJob: nFiles };
  return template(`\${${stream.name}}`, 'input', {
    dataset: stream.dataset,
    ...(stream.nSkip > 0 ? { offset: stream.nSkip } : {}),
    ...(stream.pattern === '' ? {} : { include: stream.pattern }),
    ...(submission.notExpandSecDSs ? { consolidate: consolidated(submission.outDS, uuid()) } : { expand: true }),
    ...(nFiles === 0 ? {} : share),
    ...(stream.files.length === 0 ? {} : { files: stream.files }),
    hidden: true,
    ...(submission.reusableStreams.includes(stream.name) ? { reusable: true } : {}),
  });
}

/** The database release a job finds under `${DBR}`. */
export function databaseRelease({ dbRelease, notExpandDBR }: Submission): JobParameter[] {
  if (dbRelease === '') return [];
  const name = dbRelease.split(':')[0] ?? '';
  const dataset = name === 'LATEST' ? 'DBR_LATEST' : name;
  const item = template('--dbrFile=${DBR}', 'input', { dataset });
  return notExpandDBR ? [item, constant('--noExpandDBR')] : [item];
}

import { nameFields } from '../file/content-record.js';
import type { Locality, SiteCandidate } from '../splitting/site-candidate.js';
import type { SubChunk, SubChunkInput } from '../splitting/sub-chunk.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { JobRow } from './job-columns.js';

/** The master's part of a job's input. */
export const masterOf = (subChunk: SubChunk) => subChunk.inputs.find((input) => input.isMaster) as SubChunkInput;

/** One more than the highest attempt of the master's files. */
export function attemptOf(subChunk: SubChunk): number {
  let highest = 0;
  for (const file of masterOf(subChunk).files) highest = Math.max(highest, file.attemptNr);
  return highest + 1;
}

/** The most failures of one of the master's files. */
export function failuresOf(subChunk: SubChunk): number {
  let most = 0;
  for (const file of masterOf(subChunk).files) most = Math.max(most, file.failedAttempt);
  return most;
}

/** The segment of segmented work. */
export function segmentOf(task: TaskSpec, subChunk: SubChunk) {
  const { dataset } = masterOf(subChunk);
  if (!task.splitRule.get('segmentedWork') || !dataset.isPseudo) return undefined;
  return { id: dataset.datasetId, name: dataset.containerName?.split('/')[0] ?? '' };
}

/** The dataset a job is about: its real master, else a real secondary. */
function blockOf(subChunk: SubChunk): string | undefined {
  const real = subChunk.inputs.filter((input) => !input.dataset.isPseudo);
  return (real.find((input) => input.isMaster) ?? real.at(-1))?.dataset.datasetName;
}

/** Columns that count the real input. */
export function setInputColumns(row: JobRow, subChunk: SubChunk): void {
  let [count, bytes] = [0, 0];
  for (const { dataset, files } of subChunk.inputs) {
    if (dataset.isPseudo) continue;
    count += files.length;
    for (const file of files) bytes += file.fsize;
  }
  row.ninputfiles = count;
  row.ninputdatafiles = count;
  row.inputfilebytes = bytes;
  const block = blockOf(subChunk);
  if (block === undefined) return;
  const fields = block.slice(block.indexOf(':') + 1).split('.');
  row.proddblock = block;
  row.inputfileproject = fields[0]?.slice(0, 64) ?? null;
  row.inputfiletype = fields[4]?.slice(0, 32) ?? null;
}

/** Whether any file of the job is at such a place. */
export function hasLocality(subChunk: SubChunk, { localityOf }: SiteCandidate, locality: Locality): boolean {
  if (localityOf === undefined) return false;
  return subChunk.inputs.some((input) => input.files.some((file) => localityOf(file) === locality));
}

/** Unmerged names are `panda.um.user.<nickname>.…`: the middle name follows the fourth field. */
const FIRST_MIDDLE_FIELD = 5;

/** `${MIDDLENAME}`: fields of the source's name, and the segment's, that go into the output's name. */
export function middleNameOf(task: TaskSpec, subChunk: SubChunk, isMerging: boolean): string {
  const segment = segmentOf(task, subChunk)?.name ?? '';
  const numbers = task.splitRule.get('addNthFieldToLFN');
  if (numbers === undefined) return segment;
  const fields = sourceFields(task, subChunk, numbers, isMerging);
  return fields !== '' && segment !== '' ? `${fields}_${segment}` : fields + segment;
}

function sourceFields(task: TaskSpec, subChunk: SubChunk, numbers: readonly number[], isMerging: boolean): string {
  if (isMerging) {
    const source = subChunk.inputs.find((input) => !input.isMaster)?.files[0]?.lfn;
    return source === undefined
      ? ''
      : nameFields(
          source,
          numbers.map((_, i) => FIRST_MIDDLE_FIELD + i),
        );
  }
  if (task.splitRule.get('useFileAsSourceLFN')) return nameFields(masterOf(subChunk).files[0]?.lfn ?? '', numbers);
  const dataset = blockOf(subChunk) ?? '';
  return nameFields(dataset.slice(dataset.indexOf(':') + 1), numbers);
}

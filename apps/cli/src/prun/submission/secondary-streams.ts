import { accepted, type Outcome, refused } from '../outcome.js';

/** A further input of `--secondaryDSs`. Spec: prun › Multiple datasets */
export interface SecondaryStream {
  /** Name in the command: `%SEC`. */
  readonly name: string;
  /** For each job, or for each primary file. */
  readonly nFiles: number;
  readonly dataset: string;
  readonly pattern: string;
  readonly nSkip: number;
  readonly files: readonly string[];
}

/**
 * `Stream:nFiles:Dataset[:Pattern[:nSkip[:FileList]]]`, separated by commas; `#` may stand for `:` and `^` for a comma in a dataset
 * name. A dataset given twice counts once, the later word wins. panda-client:pandaclient/MiscUtils.py@749e856
 */
export function parseSecondaryStreams(text: string, readLines: (path: string) => Outcome<readonly string[]>) {
  const streams = new Map<string, SecondaryStream>();
  for (const item of text === '' ? [] : text.split(',')) {
    const stream = parseStream(item, readLines);
    if (!stream.ok) return stream;
    streams.set(stream.value.dataset, stream.value);
  }
  return accepted([...streams.values()]);
}

function parseStream(item: string, readLines: (path: string) => Outcome<readonly string[]>): Outcome<SecondaryStream> {
  const fields = item.split(item.includes('#') ? '#' : ':');
  const [name = '', nFiles = '', dataset = '', pattern = '', nSkip = '', list = ''] = fields;
  if (fields.length < 3 || fields.length > 6 || name === '' || dataset === '') {
    return refused(`'${item}' in --secondaryDSs is not StreamName:nFiles:Dataset[:Pattern[:nSkipFiles[:FileNameList]]]`);
  }
  if (!/^\d+$/.test(nFiles) || !/^\d*$/.test(nSkip))
    return refused(`'${item}' in --secondaryDSs: nFiles and nSkipFiles are whole numbers`);
  const files = list === '' ? accepted([]) : readLines(list);
  if (!files.ok) return files;
  return accepted({
    name,
    nFiles: Number(nFiles),
    dataset: dataset.replaceAll('^', ','),
    pattern,
    nSkip: Number(nSkip),
    files: files.value,
  });
}

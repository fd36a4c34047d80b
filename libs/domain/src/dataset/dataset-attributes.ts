/**
 * The comma list in `jedi_datasets.attributes`: two-letter tokens, some with a value, and free words.
 * Tokens: panda-jedi:pandajedi/jedicore/JediDatasetSpec.py@42f4bb41.
 */
export interface DatasetAttributes {
  readonly allowNoOutput: boolean;
  readonly consistencyCheck: boolean;
  readonly indexConsistent: boolean;
  readonly mergeOnly: boolean;
  readonly pseudo: boolean;
  readonly random: boolean;
  readonly reusable: boolean;
  readonly useDuplicated: boolean;
  /** Used again from its start when exhausted. */
  readonly repeat: boolean;
  /** Every job reads the whole dataset. */
  readonly noSplit: boolean;
  readonly manyTime: boolean;
  /** Events of this stream per event of the master. */
  readonly eventRatio: number | undefined;
  readonly nFilesPerJob: number | undefined;
  readonly numRecords: number | undefined;
  readonly offset: number;
  /** Files of this stream per file of the master. */
  readonly ratio: number;
  readonly objectStore: string | undefined;
  readonly transient: boolean | undefined;
}

/** Reads the column; unknown words are ignored. */
export function parseDatasetAttributes(text: string | null | undefined): DatasetAttributes {
  const words = new Map<string, string>();
  for (const item of (text ?? '').split(',')) {
    const at = item.indexOf('=');
    if (at > 0) words.set(item.slice(0, at), item.slice(at + 1));
    else if (item !== '') words.set(item, '');
  }
  const number = (token: string) =>
    words.has(token) && Number.isFinite(Number(words.get(token))) ? Number(words.get(token)) : undefined;
  return {
    allowNoOutput: words.has('an'),
    consistencyCheck: words.has('cc'),
    indexConsistent: words.has('ic'),
    mergeOnly: words.has('mo'),
    pseudo: words.has('ps'),
    random: words.has('rd'),
    reusable: words.has('ru'),
    useDuplicated: words.has('ud'),
    repeat: words.has('repeat'),
    noSplit: words.has('nosplit'),
    manyTime: words.has('manytime'),
    eventRatio: number('er'),
    nFilesPerJob: number('np'),
    numRecords: number('nr'),
    offset: number('of') ?? 0,
    ratio: number('ratio') ?? 1,
    objectStore: words.get('os'),
    transient: words.has('tr') ? words.get('tr') === '1' : undefined,
  };
}

/** Files of a secondary stream that go with `masters` files: the ratio, rounded up. */
export function filesByRatio(masters: number, ratio: number): number {
  return Math.ceil(masters * ratio);
}

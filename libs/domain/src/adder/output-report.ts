/** One file of a pilot's final report. */
export interface ReportedFile {
  readonly lfn: string;
  readonly guid: string | null;
  /** Bytes; null when the pilot did not say. */
  readonly fsize: number | null;
  /** Eight hexadecimal digits. */
  readonly adler32: string | null;
  readonly md5: string | null;
  readonly nEvents: number | null;
  readonly lumiBlock: number | null;
  /** Storage endpoint the pilot wrote to, when it names one. */
  readonly endpoint: string | null;
}

export type ParsedReport =
  | { readonly kind: 'files'; readonly files: ReadonlyMap<string, ReportedFile> }
  /** There is none. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'malformed'; readonly reason: string };

const FILES_MAX = 10_000;

/**
 * Reads a pilot's report: a JSON object of LFN → attributes (real pilots' field `xml`, Harvester's `job_output_report`). An empty text is
 * no report; an object without entries is one that names no file. Nothing is trusted: sizes must be whole and non-negative, checksums and GUIDs well-formed.
 * pilot3:pilot/util/auxiliary.py, control/job.py@a090538.
 */
export function parseOutputReport(text: string | null): ParsedReport {
  if ((text ?? '').trim() === '') return { kind: 'absent' };
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    return malformed('it is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return malformed('it is not a JSON object');
  const entries = Object.entries(value);
  if (entries.length > FILES_MAX) return malformed(`it names more than ${FILES_MAX} files`);
  const files = new Map<string, ReportedFile>();
  for (const [lfn, attributes] of entries) {
    const file = readFile(lfn, attributes);
    if (typeof file === 'string') return malformed(`${JSON.stringify(lfn.slice(0, 100))}: ${file}`);
    files.set(lfn, file);
  }
  return { kind: 'files', files };
}

function malformed(reason: string): ParsedReport {
  return { kind: 'malformed', reason: `the output report cannot be used: ${reason}` };
}

function readFile(lfn: string, value: unknown): ReportedFile | string {
  if (typeof value !== 'object' || value === null) return 'attributes are missing';
  const a = value as Record<string, unknown>;
  const fsize = count(a.fsize);
  if (fsize === undefined) return 'fsize is not a number of bytes';
  const adler32 = hexadecimal(a.adler32, 8);
  if (adler32 === undefined) return 'adler32 is not eight hexadecimal digits';
  const md5 = hexadecimal(a.md5sum ?? a.md5, 32);
  if (md5 === undefined) return 'md5sum is not 32 hexadecimal digits';
  const guid = guidOf(a.guid);
  if (guid === undefined) return 'guid is not a GUID';
  return {
    lfn,
    guid,
    fsize,
    adler32,
    md5,
    nEvents: count(a.nevents ?? a.nEvents) ?? null,
    lumiBlock: count(a.lumiblock) ?? null,
    endpoint: text(a.endpoint),
  };
}

/** Null when absent, undefined when unusable. Pilots write numbers, old ones digits. */
function count(value: unknown): number | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  return Number.isSafeInteger(number) && (number as number) >= 0 ? (number as number) : undefined;
}

/** Leading zeros are dropped by some tools and put back here. */
function hexadecimal(value: unknown, digits: number): string | null | undefined {
  if (value === undefined || value === null || value === '') return null;
  if (typeof value !== 'string' || !/^[0-9a-fA-F]+$/.test(value) || value.length > digits) return undefined;
  return value.toLowerCase().padStart(digits, '0');
}

function guidOf(value: unknown): string | null | undefined {
  const given = text(value);
  if (given === null) return null;
  return /^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$/.test(given) ? given : undefined;
}

/** Pilots echo `NULL`, the job dictionary's text for an empty value: pilot3 reports it as GUID of a log that has none yet. */
function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== 'NULL' ? value : null;
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isRecord } from '../queue/queue-data.js';

/** What a pilot takes from the payload's `jobReport.json`. */
export interface JobReport {
  readonly text: string;
  readonly exitCode: number;
  readonly exitMessage: string;
  readonly nEvents: number;
  /** GUIDs that the payload gave its outputs. */
  readonly guids: ReadonlyMap<string, string>;
}

/** Largest report that is sent along. */
const REPORT_MAX = 8 * 1_048_576;

/** Reads the report of a job directory; undefined when there is none, or none that is JSON. Spec: Pilot › jobreport. */
export function readJobReport(dir: string): JobReport | undefined {
  const text = textOf(join(dir, 'jobReport.json'));
  const report = text === undefined || text.length > REPORT_MAX ? undefined : parse(text);
  if (text === undefined || !isRecord(report)) return undefined;
  const exitCode = Number(report.exitCode ?? 0);
  return {
    text,
    exitCode: Number.isInteger(exitCode) ? exitCode : 0,
    exitMessage: typeof report.exitMsg === 'string' ? report.exitMsg : '',
    nEvents: eventsOf(report),
    guids: guidsOf(report),
  };
}

/** `payload_error_report.json`: a payload may say in its own words why it failed. */
export function readPayloadError(dir: string): { code: number; diag: string } | undefined {
  const text = textOf(join(dir, 'payload_error_report.json'));
  const report = text === undefined ? undefined : parse(text);
  if (!isRecord(report)) return undefined;
  const code = Number(report.error_code ?? 0);
  if (!Number.isInteger(code) || code === 0) return undefined;
  return { code, diag: typeof report.error_diag === 'string' ? report.error_diag : '' };
}

/** Events of the first input and output file sections, as production transforms write them. */
function eventsOf(report: Readonly<Record<string, unknown>>): number {
  const files = isRecord(report.files) ? report.files : {};
  for (const side of ['input', 'output']) {
    const sections = files[side];
    if (!Array.isArray(sections)) continue;
    const counts = sections.flatMap(subFiles).map((file) => Number(file.nentries ?? 0));
    const total = counts.reduce((sum, count) => sum + (Number.isFinite(count) ? count : 0), 0);
    if (total > 0) return total;
  }
  return 0;
}

function guidsOf(report: Readonly<Record<string, unknown>>): ReadonlyMap<string, string> {
  const output = isRecord(report.files) ? report.files.output : undefined;
  const files = Array.isArray(output) ? output.flatMap(subFiles) : [];
  const pairs = files.flatMap((file) =>
    typeof file.name === 'string' && typeof file.file_guid === 'string' ? ([[file.name, file.file_guid]] as const) : [],
  );
  return new Map(pairs);
}

function subFiles(section: unknown): Readonly<Record<string, unknown>>[] {
  const list = isRecord(section) ? section.subFiles : undefined;
  return Array.isArray(list) ? list.filter(isRecord) : [];
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Optional file.
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A report that is no JSON is as good as none.
    return undefined;
  }
}

import { ddmErrorCode } from '../errors/server-codes.js';
import { jobStatus } from '../job/job.machine.js';
import type { ParsedReport, ReportedFile } from './output-report.js';

/** An output or log file the job was to make. */
export interface ExpectedFile {
  readonly lfn: string;
  readonly scope: string;
  readonly type: 'output' | 'log';
  readonly jediTaskId: number | null;
  readonly datasetId: number | null;
  readonly fileId: number | null;
  /** GUID given with the job (logs); the report may confirm it, not change it. */
  readonly guid: string | null;
  readonly dataset: string;
  readonly endpoint: string | null;
  /** Written to be merged: it becomes input of a merge job. */
  readonly toBeMerged: boolean;
}

export interface ReportedJob {
  readonly pandaId: number;
  /** What the pilot reported. */
  readonly reportedStatus: string;
  /** The files a successful job may do without (specialHandling, allowNoOutput). */
  readonly mayLack: (lfn: string) => boolean;
  readonly wasAskedToStop: boolean;
  readonly expected: readonly ExpectedFile[];
}

export interface GoodFile extends ExpectedFile {
  readonly report: ReportedFile;
}

export type OutputVerdict =
  | {
      readonly kind: 'good';
      readonly files: readonly GoodFile[];
      readonly absent: readonly ExpectedFile[];
      readonly needsMerge: boolean;
    }
  /** `logs`: what of a failed job is still worth keeping. */
  | { readonly kind: 'failed'; readonly code: number | null; readonly diag: string | null; readonly logs: readonly GoodFile[] }
  | { readonly kind: 'cancelled'; readonly logs: readonly GoodFile[] };

/**
 * What a final report means for the job and its files. Spec: PanDA server › Adder.
 * panda-server:pandaserver/dataservice/AdderGen.py@34d4b8f3.
 */
export function judgeOutput(job: ReportedJob, report: ParsedReport): OutputVerdict {
  const files = report.kind === 'files' ? report.files : new Map<string, ReportedFile>();
  const present = (expected: ExpectedFile): GoodFile[] => {
    const reported = files.get(expected.lfn);
    return reported ? [{ ...expected, report: reported }] : [];
  };
  const logs = job.expected.filter(({ type }) => type === 'log').flatMap(present);
  if (job.reportedStatus !== jobStatus.finished) {
    return job.wasAskedToStop ? { kind: 'cancelled', logs } : { kind: 'failed', code: null, diag: null, logs };
  }
  // Without a report nobody knows what was made, were it only a log: the original fails such a job as it fails an unreadable one.
  if (report.kind === 'absent' && job.expected.length > 0)
    return failed(ddmErrorCode.adder, 'the job finished without an output report', []);
  if (report.kind === 'malformed') return failed(ddmErrorCode.adder, report.reason, []);
  const missing = job.expected.filter(({ lfn }) => !files.has(lfn));
  const wanted = missing.filter(({ lfn, type }) => !job.mayLack(lfn) && type === 'output');
  if (wanted.length > 0) return failed(ddmErrorCode.adder, `not in the output report: ${names(wanted)}`, logs);
  const good = job.expected.flatMap(present);
  const unmeasured = good.filter(({ report: { fsize, adler32, md5 } }) => fsize === null || (adler32 === null && md5 === null));
  if (unmeasured.length > 0) return failed(ddmErrorCode.adder, `size or checksum is missing: ${names(unmeasured)}`, logs);
  const confused = good.filter(({ guid, report: reported }) => guid && reported.guid && !sameGuid(guid, reported.guid));
  if (confused.length > 0) return failed(ddmErrorCode.guidInconsistent, `GUID differs from the job's: ${names(confused)}`, logs);
  return { kind: 'good', files: good, absent: missing, needsMerge: good.some(({ toBeMerged }) => toBeMerged) };
}

function failed(code: number, diag: string, logs: readonly GoodFile[]): OutputVerdict {
  return { kind: 'failed', code, diag, logs };
}

const NAMED_MAX = 5;

function names(files: readonly ExpectedFile[]): string {
  const listed = files.slice(0, NAMED_MAX).map(({ lfn }) => lfn);
  return files.length > NAMED_MAX ? `${listed.join(', ')} and ${files.length - NAMED_MAX} more` : listed.join(', ');
}

function sameGuid(a: string, b: string): boolean {
  const plain = (guid: string) => guid.replaceAll('-', '').toLowerCase();
  return plain(a) === plain(b);
}

import type { JobOutcome, OutputFileEvent, OutputOutcome, ReportedJobRow } from '@panda/database';
import {
  type ExpectedFile,
  type GoodFile,
  mergeInputDatasetTypes,
  type OutputVerdict,
  pilotReplies,
  type ReportedJob,
} from '@panda/domain';

/** Attribute of a dataset whose files a successful job may leave out. Spec: prun › allowNoOutput. */
const MAY_LACK = 'an';

/** The row of a reported job as the domain's rule judges it. */
export function reportedJob(row: ReportedJobRow): ReportedJob {
  const optional = new Set(row.files.filter(({ attributes }) => attributes?.split(',').includes(MAY_LACK)).map(({ lfn }) => lfn));
  return {
    pandaId: row.pandaId,
    reportedStatus: row.reportedStatus,
    mayLack: (lfn) => optional.has(lfn),
    wasAskedToStop: row.commandToPilot?.split(',').includes(pilotReplies.tobekilled) ?? false,
    expected: row.files.map((file) => expectedFile(row, file)),
  };
}

function expectedFile(row: ReportedJobRow, file: ReportedJobRow['files'][number]): ExpectedFile {
  return {
    lfn: file.lfn,
    scope: file.scope ?? '',
    type: file.type,
    jediTaskId: row.jediTaskId,
    datasetId: file.datasetId,
    fileId: file.fileId,
    guid: file.guid,
    dataset: file.destination || file.dataset || '',
    endpoint: file.endpoint,
    toBeMerged: (mergeInputDatasetTypes as readonly string[]).includes(file.datasetType ?? ''),
  };
}

/** How a judged job is settled. `merging` instead of an outcome: its outputs are merged first. */
export function outcomeOf(
  row: ReportedJobRow,
  verdict: OutputVerdict,
): { outcome: JobOutcome } | { merging: { pandaId: number; outputs: OutputOutcome[] } } {
  const { pandaId } = row;
  if (verdict.kind === 'cancelled') return { outcome: { pandaId, event: 'cancelled' } };
  if (verdict.kind === 'failed') {
    const errors =
      verdict.code === null ? {} : { errors: { ddm: { code: verdict.code, ...(verdict.diag ? { diag: verdict.diag } : {}) } } };
    return { outcome: { pandaId, event: 'outputFailed', ...errors } };
  }
  const outputs = [
    ...verdict.files.map((file) => goodOutput(file)),
    ...verdict.absent.map((file) => ({ ...identity(file), event: 'withoutOutput' as const })),
  ];
  if (verdict.needsMerge) return { merging: { pandaId, outputs } };
  const events = verdict.files.reduce((sum, { report }) => sum + (report.nEvents ?? 0), 0);
  return { outcome: { pandaId, event: 'succeeded', outputs, ...(events > 0 ? { nEvents: events } : {}) } };
}

function goodOutput(file: GoodFile): OutputOutcome {
  const { report } = file;
  const event: OutputFileEvent = file.toBeMerged ? 'toBeMerged' : 'registered';
  const checksum = report.adler32 ? `ad:${report.adler32}` : report.md5;
  return {
    ...identity(file),
    event,
    ...(report.guid ? { guid: report.guid } : {}),
    ...(report.fsize !== null ? { fsizeBytes: report.fsize } : {}),
    ...(checksum ? { checksum } : {}),
    ...(report.nEvents !== null ? { nEvents: report.nEvents } : {}),
    ...(report.lumiBlock !== null ? { lumiBlockNr: report.lumiBlock } : {}),
  };
}

function identity({ jediTaskId, datasetId, fileId, scope, lfn }: ExpectedFile) {
  return { jediTaskId, datasetId, fileId, scope, lfn };
}

import { fileAttributes, type JobRecord, jobAttributes, lateJobAttributes, type RecordAttributes } from '@panda/contracts';
import type { JobFileRow, JobRow } from '@panda/database';

const ALL_ATTRIBUTES = [...jobAttributes, ...lateJobAttributes];

/** Attributes of a job by their wire names; unset ones are null. */
export function jobAttributesOf(row: JobRow): Record<string, unknown> {
  const attributes = Object.fromEntries(ALL_ATTRIBUTES.map((name) => [name, row[name.toLowerCase()] ?? null]));
  return { ...attributes, jobParameters: row.parameters ?? row.jobparameters ?? null };
}

export function fileAttributesOf(row: JobFileRow): RecordAttributes {
  return Object.fromEntries(fileAttributes.map((name) => [name, row[name.toLowerCase()] ?? null]));
}

/** Records in the order of the ids asked for, null for unknown ones. */
export function jobRecords(ids: readonly number[], jobs: readonly JobRow[], files: readonly JobFileRow[]): (JobRecord | null)[] {
  const filesOf = new Map<number, JobFileRow[]>(jobs.map(({ pandaid }) => [pandaid, []]));
  for (const file of files) filesOf.get(file.pandaid)?.push(file);
  const records = new Map(
    jobs.map((job): [number, JobRecord] => [
      job.pandaid,
      { attributes: jobAttributesOf(job), files: (filesOf.get(job.pandaid) ?? []).map(fileAttributesOf) },
    ]),
  );
  return ids.map((id) => records.get(id) ?? null);
}

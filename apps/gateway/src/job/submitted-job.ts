import type { JobRecord, RecordAttributes } from '@panda/contracts';
import { type NewFileRow, type NewJob, newFileColumns, newJobColumns } from '@panda/database';

/** What the server decides about a submitted job. */
export interface JobDecision {
  readonly pandaId: number;
  readonly jobDefinitionId: number;
  readonly jobsetId: number | null;
  readonly userName: string;
  readonly subject: string;
  readonly workingGroup: string | null;
  readonly gshare: string;
  readonly resourceType: string;
  /** Null: as the caller wrote. */
  readonly priority: number | null;
}

/** Set by the server, whatever the caller wrote (reliability §8.3, property rule). */
const OURS: readonly string[] = ['pandaid', 'jeditaskid', 'taskid', 'lockedby', 'commandtopilot', 'eventservice', 'parentid'];

/** A job record of a client as a row of ours: known columns only, by their names. */
export function newJob(record: JobRecord, decision: JobDecision): NewJob {
  const given = columnsOf(
    record.attributes,
    newJobColumns.filter((column) => !OURS.includes(column)),
  );
  return {
    job: {
      ...given,
      pandaid: decision.pandaId,
      jobdefinitionid: decision.jobDefinitionId,
      jobsetid: decision.jobsetId,
      produsername: decision.userName,
      produserid: decision.subject,
      workinggroup: decision.workingGroup,
      gshare: decision.gshare,
      resource_type: decision.resourceType,
      ...(decision.priority === null ? {} : { assignedpriority: decision.priority, currentpriority: decision.priority }),
    },
    files: record.files.flatMap((file) => fileRow(file)),
    jobParameters: String(attribute(record.attributes, 'jobParameters') ?? ''),
  };
}

function fileRow(file: RecordAttributes): NewFileRow[] {
  const lfn = attribute(file, 'lfn');
  const type = attribute(file, 'type');
  if (typeof lfn !== 'string' || typeof type !== 'string') return [];
  return [
    {
      ...columnsOf(
        file,
        newFileColumns.filter((column) => column !== 'pandaid'),
      ),
      lfn,
      type,
    },
  ];
}

type Column = string | number | Date | null;

function columnsOf(attributes: RecordAttributes, columns: readonly string[]): Record<string, Column> {
  const byColumn = new Map(Object.entries(attributes).map(([name, value]) => [name.toLowerCase(), value]));
  return Object.fromEntries(
    columns.flatMap((column): [string, Column][] => {
      const value = byColumn.get(column);
      if (typeof value === 'string') return [[column, value.replaceAll('\0', '')]];
      return typeof value === 'number' || value instanceof Date ? [[column, value]] : [];
    }),
  );
}

export function attribute(attributes: RecordAttributes, name: string): unknown {
  const value = attributes[name];
  return value === 'NULL' ? undefined : value;
}

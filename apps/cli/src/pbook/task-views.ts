import type { TaskRecord } from '@panda/client';
import { cell } from '../terminal/table.js';

const RULE = '_'.repeat(64);
const LONG_RULE = '_'.repeat(78);

/** Column heads and rows of the real tool. panda-client:pandaclient/localSpecs.py@5b9c05a */
export function standardView(tasks: readonly TaskRecord[]): string {
  const head = standardRow('JediTaskID', 'ReqID', 'Status', 'Fin%', 'TaskName');
  const rows = tasks.map((task) =>
    standardRow(cell(task.jediTaskID), none(task.reqID), task.status, percent(task), none(task.taskName)),
  );
  return [head, RULE, ...rows].join('\n');
}

export function longView(tasks: readonly TaskRecord[], monitorUrl: string): string {
  const head = longRow({
    id: 'JediTaskID',
    status: 'Status',
    created: 'CreationDate',
    changed: 'ModificationTime',
    files: 'finished|  failed|   total NInputFiles',
    request: 'ReqID',
    finished: 'Finished_%',
    name: 'TaskName',
    page: 'Webpage',
  });
  return [head, ...tasks.map((task) => longRow(longFields(task, monitorUrl)))].join('\n');
}

/** Every attribute, a line each. */
export function plainView(tasks: readonly TaskRecord[]): string {
  return tasks
    .map((task) =>
      [RULE, ...Object.entries(task).map(([name, value]) => `${name.toLowerCase().padEnd(18)} : \t${none(value)}`)].join('\n'),
    )
    .join('\n');
}

function standardRow(id: string, request: string, status: string, finished: string, name: string): string {
  return `${id.padStart(10)}  ${request.padStart(8)}  ${status.padStart(10)}  ${finished.padStart(5)}  ${name}`;
}

interface LongFields {
  readonly id: string;
  readonly status: string;
  readonly created: string;
  readonly changed: string;
  readonly files: string;
  readonly request: string;
  readonly finished: string;
  readonly name: string;
  readonly page: string;
}

function longFields(task: TaskRecord, monitorUrl: string): LongFields {
  const count = (value: unknown) => cell(value ?? 0).padStart(8);
  return {
    id: cell(task.jediTaskID),
    status: task.status,
    created: none(task.creationDate),
    changed: none(task.modificationTime),
    files: `${count(task.nFilesFinished)}|${count(task.nFilesFailed)}|${count(task.nFiles)}`,
    request: none(task.reqID),
    finished: percent(task),
    name: none(task.taskName),
    page: `${monitorUrl}/task/${cell(task.jediTaskID)}/`,
  };
}

function longRow(fields: LongFields): string {
  return [
    `${fields.id.padStart(10)}  ${fields.status.padStart(10)}  ${fields.created.padEnd(20)}  ${fields.changed.padEnd(20)}  (${fields.files})`,
    `${fields.request.padStart(10)}  ${fields.finished.padStart(10)}  ${fields.name}`,
    `${' '.repeat(24)}${fields.page}`,
    LONG_RULE,
  ].join('\n');
}

function percent(task: TaskRecord): string {
  return `${none(task.pctFinished)}%`;
}

function none(value: unknown): string {
  return cell(value) || 'None';
}

import { type operations, taskAttributes } from '@panda/contracts';
import type { DatasetSummary, TaskRow } from '@panda/database';
import { SplitRule } from '@panda/domain';

type Fields = operations.Fields;

const INPUT_TYPES = ['input', 'pseudo_input'];
const OUTPUT_TYPES = ['output', 'tmpl_output'];

/** Attributes of a task by their wire names. */
export function taskAttributesOf(row: TaskRow): Record<string, unknown> {
  return Object.fromEntries(taskAttributes.map((name) => [name, row[name.toLowerCase()] ?? null]));
}

/** The task dictionary of client-api B.5. */
export function detailedTask(row: TaskRow, parameters: Fields | null): Fields {
  return {
    ...taskAttributesOf(row),
    splitRule: SplitRule.parse(row.splitrule as string | null).toString(),
    job_execution_params: parameters?.jobParameters ?? null,
    task_creation_arguments: parameters?.cliParams ?? null,
    raw_task_params: parameters,
    nFiles: row.nfiles,
    nFilesFinished: row.nfilesfinished,
    nFilesFailed: row.nfilesfailed,
    nFilesMissing: row.nfilesmissing,
    pctFinished: percent(row.nfilesfinished, row.nfiles),
    pctFailed: percent(row.nfilesfailed, row.nfiles),
  };
}

/** What `getJediTasksInTimeRange` says of a task (client-api A.3). */
export function briefTask(row: TaskRow): Fields {
  return {
    jediTaskID: row.jeditaskid,
    modificationTime: row.modificationtime,
    status: row.status,
    processingType: row.processingtype,
    transUses: row.transuses,
    transHome: row.transhome,
    architecture: row.architecture,
    reqID: row.reqid,
    creationDate: row.creationdate,
    site: row.site,
    cloud: row.cloud,
    taskName: row.taskname,
  };
}

/** Names of input and output, and how far the input is: `finished*3,failed*1,running*2,tobedone*4`. */
export function datasetSummary(datasets: readonly DatasetSummary[]): { inDS: string; outDS: string; statistics: string } {
  const names = (types: readonly string[]) => [
    ...new Set(
      datasets.filter(({ type }) => types.includes(type)).map(({ containername, datasetname }) => containername ?? datasetname),
    ),
  ];
  const masters = datasets.filter(({ type, masterid }) => INPUT_TYPES.includes(type) && masterid === null);
  const sum = (count: (dataset: DatasetSummary) => number) => masters.reduce((total, dataset) => total + count(dataset), 0);
  const finished = sum(({ nfilesfinished }) => nfilesfinished);
  const failed = sum(({ nfilesfailed }) => nfilesfailed);
  const used = sum(({ nfilesused }) => nfilesused);
  const counts: readonly [string, number][] = [
    ['finished', finished],
    ['failed', failed],
    ['running', Math.max(used - finished - failed, 0)],
    ['tobedone', Math.max(sum(({ nfiles }) => nfiles) - used, 0)],
  ];
  return {
    inDS: names(INPUT_TYPES).join(','),
    outDS: names(OUTPUT_TYPES).join(','),
    statistics: counts
      .filter(([, n]) => n > 0)
      .map(([name, n]) => `${name}*${n}`)
      .join(','),
  };
}

export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((100 * part) / whole);
}

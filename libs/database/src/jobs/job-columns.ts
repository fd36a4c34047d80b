/**
 * Columns of the jobs table that a new job may carry, PanDA's names. Times, state and finality are the store's business.
 * Spec: Database › JOBSDEFINED4.
 */
export const newJobColumns = [
  'pandaid', 'jobdefinitionid', 'schedulerid', 'creationhost', 'modificationhost', 'atlasrelease', 'transformation', 'homepackage',
  'prodserieslabel', 'prodsourcelabel', 'produserid', 'assignedpriority', 'currentpriority', 'attemptnr', 'maxattempt', 'jobname',
  'maxcpucount', 'maxcpuunit', 'maxdiskcount', 'maxdiskunit', 'ipconnectivity', 'minramcount', 'minramunit', 'computingsite',
  'computingelement', 'proddblock', 'dispatchdblock', 'destinationdblock', 'destinationse', 'nevents', 'grid', 'cloud', 'sourcesite',
  'destinationsite', 'transfertype', 'taskid', 'cmtconfig', 'lockedby', 'relocationflag', 'jobexecutionid', 'vo', 'workinggroup',
  'processingtype', 'produsername', 'ninputfiles', 'countrygroup', 'parentid', 'specialhandling', 'jobsetid', 'corecount',
  'ninputdatafiles', 'inputfiletype', 'inputfileproject', 'inputfilebytes', 'noutputdatafiles', 'workqueue_id', 'jeditaskid',
  'jobsubstatus', 'reqid', 'maxwalltime', 'nucleus', 'eventservice', 'failedattempt', 'gshare', 'hs06', 'resource_type', 'diskio',
  'container_name', 'job_label', 'jobmetrics', 'commandtopilot', 'brokerageerrorcode', 'brokerageerrordiag',
] as const; // biome-ignore format: a list of names reads best as a block

export type NewJobColumn = (typeof newJobColumns)[number];

/** NOT NULL columns whose "unset" is 0: readers test for 0, not for NULL. */
const zeroColumns: ReadonlySet<NewJobColumn> = new Set([
  'jobdefinitionid',
  'assignedpriority',
  'currentpriority',
  'attemptnr',
  'maxattempt',
  'maxcpucount',
  'maxdiskcount',
  'minramcount',
  'nevents',
  'relocationflag',
  'jobexecutionid',
  'brokerageerrorcode',
]);

/** Jobs no share matches belong to this one. Spec: Global Shares. */
export const UNDEFINED_SHARE = 'Undefined';

export type ColumnValue = string | number | Date | null | undefined;
export type NewJobRow = { readonly [C in NewJobColumn]?: ColumnValue } & { readonly pandaid: number };

/** The value COPY writes for a column of a new job. */
export function newJobValue(row: NewJobRow, column: NewJobColumn): ColumnValue {
  const value = row[column];
  if (value !== undefined && value !== null) return value;
  if (column === 'gshare') return UNDEFINED_SHARE;
  return zeroColumns.has(column) ? 0 : null;
}

export const newFileColumns = [
  'pandaid', 'lfn', 'type', 'status', 'dataset', 'guid', 'fsize', 'md5sum', 'scope', 'proddblock', 'proddblocktoken', 'dispatchdblock',
  'dispatchdblocktoken', 'destinationdblock', 'destinationdblocktoken', 'destinationse', 'jeditaskid', 'datasetid', 'fileid', 'attemptnr',
] as const; // biome-ignore format: a list of names reads best as a block

export type NewFileColumn = (typeof newFileColumns)[number];
export type NewFileRow = { readonly [C in Exclude<NewFileColumn, 'pandaid'>]?: ColumnValue } & {
  readonly lfn: string;
  readonly type: string;
};

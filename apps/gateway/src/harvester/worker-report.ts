import { isObject, parseTime, pythonTime } from '@panda/contracts';
import { isStateOf, workerMachine } from '@panda/domain';

const TIMES = ['submitTime', 'startTime', 'endTime'] as const;
const TEXTS = [
  'status',
  'batchID',
  'nodeID',
  'queueName',
  'computingSite',
  'stdOut',
  'stdErr',
  'batchLog',
  'resourceType',
  'nativeStatus',
  'diagMessage',
  'computingElement',
  'submissionHost',
  'harvesterHost',
  'jdl',
  'jobType',
] as const;
const NUMBERS = ['nCore', 'errorCode', 'nativeExitCode', 'nJobs', 'minRamCount'] as const;
const INT_MAX = 2 ** 31 - 1;

/**
 * A worker as Harvester reports it (pilot-api §7), ready for the table: what cannot be read is left out, a worker without id or with a
 * status that harvester does not have is none. Null characters never reach the database.
 */
export function readWorker(value: unknown): (Record<string, unknown> & { workerid: number }) | undefined {
  if (!isObject(value)) return undefined;
  const workerid = integer(value.workerID);
  if (workerid === undefined || workerid < 0 || !isStateOf(workerMachine, String(value.status))) return undefined;
  const row: Record<string, unknown> & { workerid: number } = { workerid };
  for (const name of TEXTS) if (value[name] !== undefined && value[name] !== null) row[name.toLowerCase()] = clean(value[name]);
  for (const name of NUMBERS) {
    const number = integer(value[name]);
    if (number !== undefined && Math.abs(number) <= INT_MAX) row[name.toLowerCase()] = number;
  }
  for (const name of TIMES) {
    const time = typeof value[name] === 'string' || typeof value[name] === 'number' ? parseTime(value[name]) : undefined;
    if (time) row[name.toLowerCase()] = pythonTime(time);
  }
  if (Array.isArray(value.pandaid_list)) row.pandaids = value.pandaid_list.map(String);
  return row;
}

function clean(value: unknown): string {
  return String(value).replaceAll('\0', '');
}

function integer(value: unknown): number | undefined {
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

export interface WorkerCount {
  readonly jobType: string;
  readonly resourceType: string;
  readonly status: string;
  readonly n: number;
}

/** `{jobType: {resourceType: {state: n}}}`; undefined for any other shape. */
export function readWorkerCounts(value: unknown): WorkerCount[] | undefined {
  if (!isObject(value)) return undefined;
  const counts: WorkerCount[] = [];
  for (const [jobType, byResource] of Object.entries(value)) {
    if (!isObject(byResource)) return undefined;
    for (const [resourceType, byStatus] of Object.entries(byResource)) {
      if (!isObject(byStatus)) return undefined;
      for (const [status, n] of Object.entries(byStatus)) {
        const count = integer(n);
        if (count === undefined || count < 0 || count > INT_MAX) return undefined;
        counts.push({
          jobType: jobType.slice(0, 52),
          resourceType: resourceType.slice(0, 56),
          status: status.slice(0, 80),
          n: count,
        });
      }
    }
  }
  return counts;
}

import { activeWorkerStatuses, workerStatus } from '@panda/domain';
import type { HarvesterConfig } from '../harvester.config.js';
import { isActive, isQueued, type Worker } from '../worker/worker.js';

/** A worker as update_workers wants it; null values are left out. harvester:pandaharvester/harvestercore/work_spec.py@d561b72. */
export function workerReport(worker: Worker, config: Pick<HarvesterConfig, 'id'>): Record<string, unknown> {
  const fields = {
    workerID: worker.workerId,
    harvesterID: config.id,
    batchID: worker.batchId,
    status: worker.status,
    computingSite: worker.queue,
    computingElement: worker.host,
    nCore: 1,
    nodeID: worker.host,
    submissionHost: worker.host,
    harvesterHost: worker.host,
    submitTime: datetime(worker.submitMs),
    startTime: datetime(worker.startMs),
    endTime: datetime(worker.endMs),
    jobType: worker.jobType === '' ? undefined : worker.jobType,
    resourceType: worker.resourceType === '' ? undefined : worker.resourceType,
    nativeExitCode: worker.exitCode,
    diagMessage: worker.diagnostic === '' ? undefined : worker.diagnostic,
    // 1: the pilot itself talks to the server, in pull mode.
    syncLevel: 1,
    stdOut: `${worker.directory}/stdout.txt`,
    stdErr: `${worker.directory}/stderr.txt`,
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** Times as Harvester writes them: `datetime/2026-11-22 07:25:51.000000`, UTC. */
export function datetime(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined;
  const [date = '', time = ''] = new Date(ms).toISOString().split('T');
  return `datetime/${date} ${time.slice(0, 12)}000`;
}

type Cell = { running: number; submitted: number; finished: number; to_submit: number };
type Counts = Record<string, Record<string, Cell>>;

/** `{jobType: {resourceType: {running, submitted, finished, to_submit}}}` of one queue; `{ANY: {}}` when there is nothing to tell. */
export function workerStatistics(workers: readonly Worker[], toSubmit: number): Counts {
  const counts: Counts = {};
  for (const worker of workers) cellOf(counts, worker.jobType, worker.resourceType)[columnOf(worker)]++;
  if (toSubmit > 0) cellOf(counts, '', '').to_submit += toSubmit;
  return Object.keys(counts).length === 0 ? { ANY: {} } : counts;
}

function cellOf(counts: Counts, jobType: string, resourceType: string): Cell {
  const row = counts[jobType || 'ANY'] ?? {};
  counts[jobType || 'ANY'] = row;
  const cell = row[resourceType || 'ANY'] ?? { running: 0, submitted: 0, finished: 0, to_submit: 0 };
  row[resourceType || 'ANY'] = cell;
  return cell;
}

/** Ended workers count as finished, whatever their end was. */
function columnOf(worker: Worker): keyof Cell {
  if (isQueued(worker)) return workerStatus.submitted;
  return isActive(worker) ? workerStatus.running : workerStatus.finished;
}

/** Numbers of workers by state, for the metrics. */
export function countByStatus(workers: readonly Worker[]): Map<string, number> {
  const counts = new Map<string, number>(activeWorkerStatuses.map((status) => [status, 0]));
  for (const { status } of workers) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

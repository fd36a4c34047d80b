import { jobStatus, NO_LOAD, type QueueLoad } from '@panda/domain';

export interface LoadRow {
  readonly queue: string;
  readonly status: string;
  readonly jobs: number;
  readonly diskIoPerCore: number;
}
interface WorkerRow {
  readonly queue: string;
  readonly status: string;
  readonly workers: number;
}
interface SlotRow {
  readonly queue: string;
  readonly slots: number;
}

const countedAs: Readonly<
  Record<string, keyof Pick<QueueLoad, 'running' | 'starting' | 'activated' | 'assigned' | 'defined' | 'transferring'>>
> = {
  [jobStatus.running]: 'running',
  [jobStatus.sent]: 'running',
  [jobStatus.stagein]: 'running',
  [jobStatus.stageout]: 'running',
  [jobStatus.starting]: 'starting',
  [jobStatus.activated]: 'activated',
  [jobStatus.throttled]: 'activated',
  [jobStatus.assigned]: 'assigned',
  [jobStatus.defined]: 'defined',
  [jobStatus.pending]: 'defined',
  [jobStatus.transferring]: 'transferring',
};

interface ActivityRow {
  readonly queue: string;
  readonly signs: number;
  readonly lastStart: Date | null;
}

const MS_PER_HOUR = 3_600_000;

/** Workers of these states are, or will be, pilots that ask for jobs. Spec: HARVESTER_WORKER_STATS. */
const aliveWorkers: readonly string[] = ['submitted', 'running'];

/** Occupancy of the queues over all shares, from the maintained statistics, and what their pilots did lately. */
export function loadsByQueue(
  rows: readonly LoadRow[],
  workers: readonly WorkerRow[],
  slots: readonly SlotRow[],
  activity: readonly ActivityRow[],
  now: Date,
): Map<string, QueueLoad> {
  const loads = new Map<string, QueueLoad>();
  const add = (queue: string, change: (load: QueueLoad) => Partial<QueueLoad>) => {
    const load = loads.get(queue) ?? NO_LOAD;
    loads.set(queue, { ...load, ...change(load) });
  };
  for (const { queue, status, jobs, diskIoPerCore } of rows) {
    const counter = countedAs[status];
    if (counter) add(queue, (load) => ({ [counter]: load[counter] + jobs, diskIoPerCore: diskIoPerCore || load.diskIoPerCore }));
  }
  for (const { queue, status, workers: n } of workers) {
    if (aliveWorkers.includes(status)) add(queue, (load) => ({ batchWorkers: (load.batchWorkers ?? 0) + n }));
  }
  for (const { queue, slots: n } of slots) add(queue, (load) => ({ slots: (load.slots ?? 0) + n }));
  for (const { queue, signs, lastStart } of activity) {
    add(queue, ({ activated, starting }) => ({
      pilotCalls: signs,
      idleHours: lastStart && activated + starting > 0 ? (now.getTime() - lastStart.getTime()) / MS_PER_HOUR : null,
    }));
  }
  return loads;
}

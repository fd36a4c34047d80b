import { activeWorkerStatuses, type EventsOf, step, type WorkerStatus, workerMachine, workerStatus } from '@panda/domain';

export type WorkerEvent = EventsOf<typeof workerMachine>;

/** A worker as this instance knows it; times in ms since the epoch. Spec: Harvester; harvester:pandaharvester/harvestercore/work_spec.py@d561b72. */
export interface Worker {
  readonly workerId: number;
  readonly queue: string;
  readonly status: WorkerStatus;
  readonly label: string;
  readonly jobType: string;
  readonly resourceType: string;
  /** What the batch system calls it; set by submission. */
  readonly batchId: string | undefined;
  readonly directory: string;
  readonly host: string;
  readonly madeMs: number;
  readonly submitMs: number | undefined;
  readonly startMs: number | undefined;
  readonly endMs: number | undefined;
  readonly exitCode: number | undefined;
  readonly diagnostic: string;
  /** Somebody wants it to end: since when, 0 for nobody. */
  readonly killMs: number;
  /** Changed since the server was told. */
  readonly unreported: boolean;
  readonly reportedMs: number;
}

export interface WorkerChange {
  readonly event: WorkerEvent;
  readonly atMs: number;
  readonly batchId?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly diagnostic?: string | undefined;
}

/** The worker after something happened to it. An event that leads to the state it is in changes nothing. */
export function changed(worker: Worker, change: WorkerChange): Worker {
  const status = step(workerMachine, worker.status, change.event);
  const { atMs } = change;
  if (status === worker.status && change.batchId === undefined) return worker;
  return {
    ...worker,
    status,
    batchId: change.batchId ?? worker.batchId,
    submitMs: worker.submitMs ?? (status === workerStatus.submitted ? atMs : undefined),
    startMs: worker.startMs ?? (status === workerStatus.running ? atMs : undefined),
    endMs: isActive({ status }) ? undefined : atMs,
    exitCode: change.exitCode ?? worker.exitCode,
    diagnostic: change.diagnostic ?? worker.diagnostic,
    unreported: true,
  };
}

export function isActive({ status }: Pick<Worker, 'status'>): boolean {
  return activeWorkerStatuses.includes(status);
}

/** Given to the batch system and not seen running yet. */
export function isQueued({ status }: Pick<Worker, 'status'>): boolean {
  return isActive({ status }) && status !== workerStatus.running && status !== workerStatus.idle;
}

import type { Clock, Log } from '@panda/domain';
import type { Worker } from '../worker/worker.js';

/** What a worker shall run: a program with its arguments and environment. */
export interface WorkerTask {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The batch system's answer to one submission. */
export type Submission = { readonly ok: true; readonly batchId: string } | { readonly ok: false; readonly reason: string };

/** What the batch system says of a worker. `gone`: it knows nothing of it and never will. */
export type Observation =
  | { readonly kind: 'queued' }
  | { readonly kind: 'running' }
  | { readonly kind: 'ended'; readonly exitCode: number | undefined }
  | { readonly kind: 'gone'; readonly reason: string };

/** Starts workers. One answer per worker, in order; a failure of one does not concern the others. */
export interface Submitter {
  submit(workers: readonly { worker: Worker; task: WorkerTask }[]): Promise<readonly Submission[]>;
}

/** Looks at workers. One answer per worker, in order. Throws when the batch system does not answer: nothing is known then. */
export interface Monitor {
  check(workers: readonly Worker[]): Promise<readonly Observation[]>;
}

/** Ends workers and tidies up after them. Both may be called again for the same worker. */
export interface Sweeper {
  /** Asks the worker to end, and forces it after its grace. Returns at once: the monitor sees the end. */
  kill(worker: Worker): Promise<void>;
  /** Removes what an ended worker left. */
  sweep(worker: Worker): Promise<void>;
}

export interface BatchContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly killGraceMs: number;
  /** Plug-in options of the queue's configuration. */
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A way to run workers: local processes, Slurm, HTCondor, Kubernetes. The names are those that a queue configuration uses for its
 * submitter, monitor and sweeper. Every plug-in passes the conformance suite in testing/batch-conformance.ts.
 */
export interface BatchSystem {
  readonly name: string;
  readonly submitterNames: readonly string[];
  readonly monitorNames: readonly string[];
  readonly sweeperNames: readonly string[];
  submitter(context: BatchContext): Submitter;
  monitor(context: BatchContext): Monitor;
  sweeper(context: BatchContext): Sweeper;
}

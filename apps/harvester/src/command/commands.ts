import { isRecord } from '../queue/queue-config.js';
import { isActive, type Worker } from '../worker/worker.js';

/** A command of the server for this instance. Spec: Harvester › commands. */
export interface ServerCommand {
  readonly id: number;
  readonly text: string;
  readonly params: unknown;
  readonly wantsAnswer: boolean;
}

/** What a command asks for; words are matched by their beginning, the queue stands behind a colon. */
export type Order =
  | { readonly kind: 'reportStatistics'; readonly queue: string }
  | { readonly kind: 'setWorkers'; readonly queue: string; readonly counts: readonly WorkerCount[] }
  | { readonly kind: 'kill'; readonly picks: (worker: Worker) => boolean }
  | { readonly kind: 'unknown' };

export interface WorkerCount {
  readonly jobType: string;
  readonly resourceType: string;
  readonly count: number;
}

/** Reads a command as acquire_commands gives it; undefined for what is none. */
export function readCommand(value: unknown): ServerCommand | undefined {
  if (!isRecord(value)) return undefined;
  const id = Number(value.command_id);
  if (!Number.isInteger(id) || typeof value.command !== 'string') return undefined;
  return {
    id,
    text: value.command,
    params: parsed(value.params),
    wantsAnswer: value.ack_requested === true || value.ack_requested === 1,
  };
}

export function orderOf({ text, params }: Pick<ServerCommand, 'text' | 'params'>): Order {
  const [word = '', queue = ''] = text.split(/:(.*)/s);
  if (word === 'REPORT_WORKER_STATS') return { kind: 'reportStatistics', queue };
  if (word.startsWith('SET_N_WORKERS')) return { kind: 'setWorkers', queue, counts: countsOf(params) };
  if (word === 'KILL_WORKERS') return { kind: 'kill', picks: pickedByQuery(params) };
  if (word === 'SYNC_WORKERS_KILL') return { kind: 'kill', picks: pickedById(params) };
  return { kind: 'unknown' };
}

/** `{jobType: {resourceType: n}}`, or the older `{resourceType: n}`. */
function countsOf(params: unknown): WorkerCount[] {
  if (!isRecord(params)) return [];
  return Object.entries(params).flatMap(([first, value]) => {
    if (typeof value === 'number') return [{ jobType: '', resourceType: first, count: value }];
    if (!isRecord(value)) return [];
    return Object.entries(value).flatMap(([resourceType, count]) =>
      typeof count === 'number' && count > 0 ? [{ jobType: first, resourceType, count }] : [],
    );
  });
}

/**
 * Workers by what they are: lists of `status`, `computingSite`, `resourceType`, `submissionHost`; an absent list, or `ALL`, means any.
 * A query without any condition picks nothing: a garbled command must not end every worker.
 */
function pickedByQuery(params: unknown): (worker: Worker) => boolean {
  if (!isRecord(params) || Object.keys(params).length === 0) return () => false;
  const allowed = (key: string, value: string): boolean => {
    const wanted = params[key];
    if (wanted === undefined || wanted === null || wanted === 'ALL') return true;
    return (Array.isArray(wanted) ? wanted : [wanted]).map(String).some((one) => one === value || one === 'ALL');
  };
  return (worker) =>
    isActive(worker) &&
    allowed('status', worker.status) &&
    allowed('computingSite', worker.queue) &&
    allowed('resourceType', worker.resourceType) &&
    allowed('submissionHost', worker.host);
}

function pickedById(params: unknown): (worker: Worker) => boolean {
  const list = Array.isArray(params) ? params : isRecord(params) && Array.isArray(params.workerIDs) ? params.workerIDs : [];
  const ids = new Set(list.map(Number));
  return (worker) => isActive(worker) && ids.has(worker.workerId);
}

/** Parameters come as JSON text or as the value itself. */
function parsed(params: unknown): unknown {
  if (typeof params !== 'string') return params;
  try {
    return JSON.parse(params);
  } catch {
    // Free text: no command of ours has any.
    return params;
  }
}

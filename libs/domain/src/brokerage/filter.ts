import type { Queue } from '../queue/queue.js';
import type { BrokerageRequest, BrokerageWorld, QueueLoad } from './request.js';

/** Numbers and names behind a rejection; `needs` and `offers` (with `unit`) are compared to find the nearest miss. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

export type Judgement = { readonly passed: true } | { readonly passed: false; readonly facts: Facts };

export const pass: Judgement = { passed: true };

export const reject = (facts: Facts = {}): Judgement => ({ passed: false, facts });

/** What may change a verdict: the agents that see it happen wake the tasks that wait for it. */
export type WakeEvent =
  | 'queue.updated'
  | 'queue.load'
  | 'storage.updated'
  | 'network.updated'
  | 'task.priorityChanged'
  | 'task.sized'
  | 'task.inputMoved'
  | 'software.published'
  | 'config.changed';

export interface FilterContext {
  readonly request: BrokerageRequest;
  readonly queue: Queue;
  readonly load: QueueLoad;
  readonly world: BrokerageWorld;
}

/**
 * One rule of brokerage: a pure judgement about one queue. The ordered list of filters is the broker.
 * Spec: Brokerage › ATLAS Production Job Brokerage, step 2.
 */
export interface QueueFilter {
  /** Unique; the key of histograms. */
  readonly code: string;
  /** The tag operators search logs for. */
  readonly tag: string;
  readonly title: string;
  readonly wakesOn: readonly WakeEvent[];
  /** Not asked when the task names its queue (`single`), nor when it names several (`list`). */
  readonly skippedFor?: 'single' | 'list';
  /** Holds now but not for long: task brokerage does not look at it. */
  readonly isTemporary?: boolean;
  readonly judge: (context: FilterContext) => Judgement;
}

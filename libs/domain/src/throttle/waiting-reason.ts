import type { TaskStatus } from '../task/task.machine.js';

/**
 * Why a task makes no progress, the most severe last. A closed list: monitor, API and CLI show the most severe one that holds, so
 * that "why is my task pending" has one answer.
 */
export const waitingReasons = [
  'waitingForAgent',
  'waitingForShare',
  'waitingForInput',
  'waitingForParent',
  'waitingForStaging',
  'throttled',
  'noCandidate',
  'externalError',
  'misconfigured',
  'awaitingDecision',
  'paused',
] as const;
export type WaitingReason = (typeof waitingReasons)[number];

export interface Waiting {
  readonly reason: WaitingReason;
  /** One sentence with the numbers. */
  readonly text: string;
  /** When somebody looks again; null = not before a person acts. */
  readonly nextLook: Date | null;
}

/** 0 for the mildest. */
export function severityOf(reason: WaitingReason): number {
  return waitingReasons.indexOf(reason);
}

/** The one answer: the most severe reason; among equals the one that is looked at first. */
export function mostSevere(all: readonly Waiting[]): Waiting | undefined {
  const due = (w: Waiting) => w.nextLook?.getTime() ?? Number.POSITIVE_INFINITY;
  return all.toSorted((a, b) => severityOf(b.reason) - severityOf(a.reason) || due(a) - due(b))[0];
}

/** Reasons that a status alone implies. */
const impliedBy: Partial<Record<TaskStatus, WaitingReason>> = {
  paused: 'paused',
  exhausted: 'awaitingDecision',
  throttled: 'throttled',
  staging: 'waitingForStaging',
  registered: 'waitingForAgent',
  staged: 'waitingForAgent',
  defined: 'waitingForAgent',
  assigning: 'waitingForAgent',
  ready: 'waitingForAgent',
};

export function reasonOfStatus(status: TaskStatus): WaitingReason | undefined {
  return impliedBy[status];
}

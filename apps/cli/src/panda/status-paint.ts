import { activeTaskStatuses, jobStatus, type TaskStatus, taskStatus } from '@panda/domain';
import type { Terminal } from '../terminal/terminal.js';

const good: readonly string[] = [taskStatus.done, jobStatus.finished];
const bad: readonly string[] = [
  taskStatus.failed,
  taskStatus.broken,
  taskStatus.aborted,
  taskStatus.exhausted,
  jobStatus.cancelled,
  jobStatus.closed,
];
const active: readonly string[] = activeTaskStatuses;

/** A status in the colour of its meaning. */
export function paintStatus({ colours }: Terminal, status: string): string {
  if (bad.includes(status)) return colours.red(status);
  if (good.includes(status)) return colours.green(status);
  return active.includes(status) ? colours.cyan(status) : status;
}

/** A task that will not move on by itself. */
export function isAtRest(status: string): boolean {
  return !active.includes(status) || status === taskStatus.exhausted || status === taskStatus.paused;
}

/** Whether what a user waited for came about; `finished` is a task some of whose input failed. */
export function isSuccess(status: string): boolean {
  return ([taskStatus.done, taskStatus.finished] as readonly TaskStatus[] as readonly string[]).includes(status);
}

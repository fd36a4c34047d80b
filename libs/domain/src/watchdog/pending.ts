import { type TaskStatus, taskStatus } from '../task/task.machine.js';
import { terminalTaskStatuses } from '../task/task-statuses.js';

export interface PendingTask {
  readonly currentPriority: number;
  readonly modificationTime: Date;
  /** Begin of the uninterrupted pending time. */
  readonly frozenTime: Date | null;
  /** Null without a parent. */
  readonly parentStatus: TaskStatus | null;
}

export interface PendingSettings {
  /** waitForPending, minutes. */
  readonly releaseMinutes: number;
  /** PENDING_TIMEOUT_<label> hours, or timeoutForPending; null = never. */
  readonly timeoutHours: number | null;
}

export const pendingDefaults: PendingSettings = { releaseMinutes: 60, timeoutHours: 7 * 24 };

export type PendingVerdict =
  | { readonly event: 'released' }
  | { readonly event: 'pendingExpired'; readonly dialog: string }
  | { readonly event: null; readonly nextLook: Date };

/** Urgent tasks are looked at again sooner: from this priority on, after so many minutes. */
const sooner = [
  { priority: 950, minutes: 10 },
  { priority: 900, minutes: 30 },
] as const;

/** Minutes after which a pending task is tried again. */
export function releaseMinutes(currentPriority: number, settings: PendingSettings): number {
  const urgent = sooner.find((s) => currentPriority >= s.priority);
  return Math.min(settings.releaseMinutes, urgent?.minutes ?? settings.releaseMinutes);
}

/**
 * A pending task is given back to where it was, again and again, until it was pending for too long in one go: then its user must
 * decide. While the parent still produces, waiting is no fault. panda-jedi:pandajedi/jedidog/TypicalWatchDogBase.py@42f4bb41.
 */
export function judgePending(task: PendingTask, settings: PendingSettings, now: Date): PendingVerdict {
  const parentRuns = task.parentStatus !== null && !terminalTaskStatuses.includes(task.parentStatus);
  if (task.frozenTime !== null && settings.timeoutHours !== null && !parentRuns) {
    const expires = task.frozenTime.getTime() + settings.timeoutHours * 3_600_000;
    if (now.getTime() > expires) {
      const since = task.frozenTime.toISOString().slice(0, 19).replace('T', ' ');
      return { event: 'pendingExpired', dialog: `timeout while in pending since ${since}` };
    }
  }
  const nextLook = new Date(task.modificationTime.getTime() + releaseMinutes(task.currentPriority, settings) * 60_000);
  return now >= nextLook ? { event: 'released' } : { event: null, nextLook };
}

/** waitForExhausted, hours. */
export const exhaustedHoursDefault = 48;

/**
 * An exhausted task about which nobody decides is finished with what it has, unless it asked to wait (rule DF).
 */
export function exhaustedExpires(
  task: { readonly status: TaskStatus; readonly stateChangeTime: Date; readonly waitsForever: boolean },
  hours: number,
  now: Date,
): boolean {
  if (task.status !== taskStatus.exhausted || task.waitsForever) return false;
  return now.getTime() - task.stateChangeTime.getTime() > hours * 3_600_000;
}

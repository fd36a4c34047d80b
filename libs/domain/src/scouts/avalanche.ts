import { type TaskStatus, taskStatus } from '../task/task.machine.js';
import { avalancheWalltimeUnit } from './measurement.js';

export interface ScoutingTask {
  readonly status: TaskStatus;
  /** Split rule US is 2: scouts are used and were not measured yet. */
  readonly awaitsScouts: boolean;
  /** Every master file to be used has an outcome. */
  readonly nothingLeft: boolean;
  /** Scout jobs made, and those that finished. */
  readonly scoutJobs: number;
  readonly finishedJobs: number;
  /** JEDI_TASKS.assessmentTime: last look at an early avalanche. */
  readonly assessedAt: Date | null;
  readonly walltimeUnit: string | null;
}

export type AvalancheVerdict =
  | { readonly open: false; readonly reason: string }
  | {
      readonly open: true;
      readonly why: 'forced' | 'nothingLeft' | 'enoughFinished';
      /** Success is not asked for: a person wants it, or a measurement was there before. */
      readonly forced: boolean;
    };

const assessEveryMs = 10 * 60_000;

/**
 * May the rest of the task's jobs be made? Spec: Dynamic Optimization of Task Parameters (half of the scouts);
 * panda-jedi:pandajedi/jedicore/JediDBProxy.py `prepareTasksToBeFinished_JEDI`@42f4bb41 (command, nothing left, ten minutes).
 */
export function judgeAvalanche(task: ScoutingTask, now: Date): AvalancheVerdict {
  const scouting = task.status === taskStatus.scouting || (task.status === taskStatus.ready && task.awaitsScouts);
  if (!scouting) return { open: false, reason: `the task is ${task.status}` };
  if (task.status === taskStatus.scouting && task.walltimeUnit !== null) return { open: true, why: 'forced', forced: true };
  if (task.nothingLeft) return { open: true, why: 'nothingLeft', forced: false };
  const needed = Math.max(1, Math.ceil(task.scoutJobs / 2));
  if (task.status !== taskStatus.scouting || task.finishedJobs < needed) {
    return { open: false, reason: `${task.finishedJobs} of ${task.scoutJobs} scouts finished, ${needed} are needed` };
  }
  if (task.assessedAt !== null && now.getTime() - task.assessedAt.getTime() < assessEveryMs) {
    return { open: false, reason: 'looked at less than 10 minutes ago' };
  }
  return { open: true, why: 'enoughFinished', forced: false };
}

/** Was the avalanche opened by command? */
export function isAvalancheAsked(walltimeUnit: string | null): boolean {
  return walltimeUnit === avalancheWalltimeUnit;
}

export type ScoutOutcome =
  | { readonly event: 'scoutsMeasured' | 'foundExhausted' }
  | { readonly event: 'foundBroken'; readonly reason: string };

/**
 * What becomes of a task whose scouts were measured. `successRate` is split rule SS: finished input files that are needed.
 */
export function scoutOutcome(result: {
  readonly finishedFiles: number;
  readonly successRate: number | null;
  readonly forced: boolean;
  readonly exhausted: boolean;
}): ScoutOutcome {
  const succeeded = result.finishedFiles > 0 && result.finishedFiles >= (result.successRate ?? 0);
  if (!succeeded && !result.forced) {
    const reason = result.successRate === null ? 'no scout jobs succeeded' : 'not enough scout jobs succeeded';
    return { event: 'foundBroken', reason };
  }
  return { event: succeeded && result.exhausted ? 'foundExhausted' : 'scoutsMeasured' };
}

/** Finished jobs after which a task is measured for the second time. */
export const secondMeasurementJobs = 100;
const secondWindowMs = 24 * 3_600_000;
/** Fewer jobs do when the task was asked to be measured again. */
const askedMeasurementJobs = 5;

/**
 * A running task is measured once more when its first 100 jobs after the avalanche have finished, and whenever a new measurement was
 * asked for (walltimeUnit emptied by a retry rule) and a few jobs of the last day are there. Spec: Dynamic Optimization.
 */
export function needsSecondMeasurement(
  task: {
    readonly status: TaskStatus;
    readonly walltimeUnit: string | null;
    readonly finishedJobs: number;
    readonly measuredJobs: number;
    readonly modificationTime: Date;
  },
  now: Date,
): boolean {
  if (task.status !== taskStatus.running) return false;
  if (task.walltimeUnit === null) {
    return task.finishedJobs >= askedMeasurementJobs && now.getTime() - task.modificationTime.getTime() <= secondWindowMs;
  }
  return task.measuredJobs < secondMeasurementJobs && task.finishedJobs >= secondMeasurementJobs;
}

/** Jobs a task will make in all, and those still to be made, if it goes on as its finished jobs did. */
export function expectedJobs(counts: {
  readonly nFiles: number;
  readonly nFilesUsed: number;
  readonly nFilesFinished: number;
  readonly finishedJobs: number;
}): { readonly expectedJobs: number; readonly newJobs: number } {
  if (counts.nFilesFinished === 0) return { expectedJobs: 0, newJobs: 0 };
  const perFile = (files: number) => Math.floor((files * counts.finishedJobs) / counts.nFilesFinished);
  return { expectedJobs: perFile(counts.nFiles), newJobs: perFile(Math.max(0, counts.nFiles - counts.nFilesUsed)) };
}

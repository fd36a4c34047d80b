import { type DatasetProgress, isSettled } from '../dataset/dataset-counters.js';
import { type DatasetState, datasetState } from '../dataset/dataset-type.js';
import { type AvalancheVerdict, judgeAvalanche } from '../scouts/avalanche.js';
import { splitRuleValues } from '../split-rule/split-rule-codes.js';
import { type TaskStatus, taskStatus } from '../task/task.machine.js';
import { finalisableTaskStatuses } from '../task/task-statuses.js';

/** A master dataset of a task, as finalisation looks at it. */
export interface MasterProgress extends DatasetProgress {
  readonly datasetId: number;
  readonly state: DatasetState | null;
  /** When the collection was last looked up. */
  readonly stateCheckTime: Date | null;
  /** It may be looked up again now: the dataset is filled, and no lookup is under way. */
  readonly isReady: boolean;
}

export interface TaskToFinalise {
  readonly status: TaskStatus;
  /** Value of split rule useScout. */
  readonly useScout: number | undefined;
  readonly walltimeUnit: string | null;
  readonly assessedAt: Date | null;
  readonly masters: readonly MasterProgress[];
  readonly liveJobs: number;
  /** Unmerged output files that a merge job must still take. */
  readonly unmerged: number;
  /** Jobs made from master input so far, the input files they took, and those of the jobs that finished. */
  readonly startedJobs: number;
  readonly startedFiles: number;
  readonly finishedJobs: number;
}

export type Finalisation =
  | { readonly kind: 'wait'; readonly reason: string }
  /** Scouts tell enough: measure them and open the avalanche. */
  | { readonly kind: 'measure'; readonly avalanche: Extract<AvalancheVerdict, { open: true }> }
  /** All known input is processed, but these masters may have grown. */
  | { readonly kind: 'lookup'; readonly datasetIds: readonly number[] }
  | { readonly kind: 'settled' }
  | { readonly kind: 'preprocessed'; readonly succeeded: boolean };

/** A growing dataset that was just looked up has nothing new for so long. */
const lookupEveryMs = 60_000;
const statuses: readonly TaskStatus[] = finalisableTaskStatuses;

/**
 * What becomes of a task whose input was processed. Spec: JEDI › Watch Dog, Post Processor;
 * panda-jedi:pandajedi/jedicore/JediDBProxy.py `prepareTasksToBeFinished_JEDI`@42f4bb41.
 */
export function judgeFinalisation(task: TaskToFinalise, now: Date): Finalisation {
  if (!statuses.includes(task.status)) return wait(`the task is ${task.status}`);
  const nothingLeft = task.masters.length > 0 && task.masters.every(isSettled);
  const awaitsScouts = task.useScout === splitRuleValues.useScout.use;
  if (task.status === taskStatus.scouting || (awaitsScouts && task.status === taskStatus.ready && nothingLeft)) {
    const avalanche = judgeAvalanche({ ...task, awaitsScouts, nothingLeft, scoutJobs: scoutJobs(task) }, now);
    return avalanche.open ? { kind: 'measure', avalanche } : wait(avalanche.reason);
  }
  if (!nothingLeft) return wait('input is left');
  if (task.liveJobs > 0) return wait(`${task.liveJobs} jobs are alive`);
  if (task.unmerged > 0) return wait(`${task.unmerged} output files must be merged`);
  if (task.status === taskStatus.preprocessing) {
    return { kind: 'preprocessed', succeeded: task.masters.some(({ nFilesFinished }) => nFilesFinished > 0) };
  }
  return growing(task.masters, now);
}

function wait(reason: string): Finalisation {
  return { kind: 'wait', reason };
}

function growing(masters: readonly MasterProgress[], now: Date): Finalisation {
  const mutable = masters.filter(({ state }) => state === datasetState.mutable);
  if (mutable.length === 0) return { kind: 'settled' };
  const due = mutable.filter(
    ({ isReady, stateCheckTime }) =>
      isReady && (stateCheckTime === null || now.getTime() - stateCheckTime.getTime() >= lookupEveryMs),
  );
  return due.length > 0
    ? { kind: 'lookup', datasetIds: due.map(({ datasetId }) => datasetId) }
    : wait('an input dataset still grows');
}

/** Scout jobs in all: those that exist, and as many as the input set aside for scouts still makes. */
function scoutJobs({ masters, startedJobs, startedFiles }: TaskToFinalise): number {
  const usable = masters.reduce((sum, { nFilesToBeUsed }) => sum + nFilesToBeUsed, 0);
  const perJob = startedJobs > 0 ? startedFiles / startedJobs : 1;
  return startedJobs + Math.ceil(Math.max(0, usable - startedFiles) / perJob);
}

import { datasetState } from '../dataset/dataset-type.js';
import { inputDatasetStatus } from '../dataset/input-dataset.machine.js';
import type { EventsOf } from '../machine/machine.js';
import { type TaskStatus, type taskMachine, taskStatus } from './task.machine.js';
import { hopelessParentStatuses } from './task-statuses.js';

/** A master input dataset as the final status sees it. */
export interface MasterInput {
  readonly status: string;
  /** JEDI_DATASETS.state. */
  readonly state: string | null;
  readonly nFiles: number;
  readonly nFilesFinished: number;
  readonly nFilesFailed: number;
  readonly nEvents: number | null;
  readonly nEventsUsed: number | null;
  /** Of a task without input: its files are counted parts of the work, one for each job. */
  readonly isPseudo?: boolean;
}

export interface ConcludedTask {
  readonly status: TaskStatus;
  readonly masters: readonly MasterInput[];
  /** Status of the parent; null without one, or when the task is its own parent. */
  readonly parentStatus: TaskStatus | null;
  /** JEDI_TASKS.goal in per mille; null = everything. */
  readonly goal: number | null;
  /** Split rule FG: a task that misses its goal failed. */
  readonly failsBelowGoal: boolean;
  /** Split rule UX: a task that misses its goal waits for its user. */
  readonly usesExhausted: boolean;
  /** Hyper-parameter optimisation. */
  readonly isHpo: boolean;
  readonly nEventsFinished: number;
}

type TaskEvent = EventsOf<typeof taskMachine>;
export type ConclusionEvent = Extract<
  TaskEvent,
  'allSucceeded' | 'partlySucceeded' | 'noneSucceeded' | 'goalMissed' | 'concludedBroken' | 'concludedAborted'
>;

export interface Conclusion {
  readonly event: ConclusionEvent;
  /** Per mille of the events, or of the files where files carry no events. */
  readonly completeness: number;
  readonly reason: string;
}

const goalDefault = 1000;
const namedMax = 5;

function sums(masters: readonly MasterInput[]) {
  const counted = masters.filter((d) => d.status !== inputDatasetStatus.removed);
  const sum = (of: (d: MasterInput) => number) => counted.reduce((total, d) => total + of(d), 0);
  return {
    counted,
    nFiles: sum((d) => d.nFiles),
    nFilesFinished: sum((d) => d.nFilesFinished),
    nFilesFailed: sum((d) => d.nFilesFailed),
    nEvents: sum((d) => d.nEvents ?? 0),
    nEventsUsed: sum((d) => d.nEventsUsed ?? 0),
  };
}

/** Processed part of the input in per mille, rounded down; 0 for a task without input. */
export function completenessOf(masters: readonly MasterInput[]): number {
  const s = sums(masters);
  if (s.nEvents > 0) return Math.floor((s.nEventsUsed * 1000) / s.nEvents);
  return s.nFiles > 0 ? Math.floor((s.nFilesFinished * 1000) / s.nFiles) : 0;
}

/** Percentages for JEDI_TASKS.progress and .failureRate: parts of all input files, rounded down, so 100 means all. */
export function progressOf(masters: readonly MasterInput[]): { readonly progress: number; readonly failureRate: number } {
  const { nFiles, nFilesFinished, nFilesFailed } = sums(masters);
  if (nFiles === 0) return { progress: 0, failureRate: 0 };
  const percent = (part: number) => Math.min(100, Math.max(0, Math.floor((part * 100) / nFiles)));
  return { progress: percent(nFilesFinished), failureRate: percent(nFilesFailed) };
}

/** With all input finished, the parent decides: its missing output is missing input of this task. */
function judgeComplete(task: ConcludedTask, masters: readonly MasterInput[]): Pick<Conclusion, 'event' | 'reason'> {
  const { parentStatus } = task;
  if (parentStatus !== null && (hopelessParentStatuses as readonly TaskStatus[]).includes(parentStatus)) {
    return { event: 'noneSucceeded', reason: `all input finished, but the parent task is ${parentStatus}` };
  }
  if (parentStatus !== null && parentStatus !== taskStatus.done) {
    return { event: 'partlySucceeded', reason: `all input finished, but the parent task is only ${parentStatus}` };
  }
  if (parentStatus !== null && masters.some((d) => d.state === datasetState.mutable)) {
    return { event: 'partlySucceeded', reason: 'all known input finished, but a dataset of the parent still grows' };
  }
  return { event: 'allSucceeded', reason: 'all input finished' };
}

function judgeGoal(task: ConcludedTask, completeness: number): Pick<Conclusion, 'event' | 'reason'> | undefined {
  const goal = task.goal ?? goalDefault;
  if (completeness >= goal) return undefined;
  const missed = `${completeness} of 1000 processed, the goal is ${goal}`;
  if (task.usesExhausted && task.status !== taskStatus.passed) return { event: 'goalMissed', reason: missed };
  return task.failsBelowGoal ? { event: 'noneSucceeded', reason: missed } : undefined;
}

/**
 * The event that ends a task in post-processing, as a function of its counters.
 * panda-jedi:pandajedi/jedipprocess/PostProcessorBase.py `getFinalTaskStatus`@42f4bb41. Two differences: a task without any input
 * file has processed nothing, so it failed; and a finished hyper-parameter point counts before the goal is asked for.
 */
export function concludeTask(task: ConcludedTask): Conclusion {
  const completeness = completenessOf(task.masters);
  const { counted, nFiles, nFilesFinished } = sums(task.masters);
  const parts = counted.some(({ isPseudo }) => !isPseudo) || counted.length === 0 ? 'input files' : 'parts';
  const because = (verdict: Pick<Conclusion, 'event' | 'reason'>): Conclusion => ({ ...verdict, completeness });
  if (task.status === taskStatus.tobroken) return because({ event: 'concludedBroken', reason: 'declared broken' });
  if (task.status === taskStatus.toabort) return because({ event: 'concludedAborted', reason: 'aborted' });
  if (task.isHpo && task.nEventsFinished > 0) {
    return because({ event: 'partlySucceeded', reason: `${task.nEventsFinished} points were evaluated` });
  }
  if (nFilesFinished === 0) return because({ event: 'noneSucceeded', reason: `none of ${nFiles} ${parts} finished` });
  if (nFiles === nFilesFinished) return because(judgeComplete(task, counted));
  const partly = { event: 'partlySucceeded', reason: `${nFilesFinished} of ${nFiles} ${parts} finished` } as const;
  return because(judgeGoal(task, completeness) ?? partly);
}

/**
 * The conclusion once the outputs were looked for where they should be: a task whose output is incomplete or corrupt is not done, whatever its
 * jobs said. Spec: JEDI › Post Processor (validates output data).
 */
export function afterValidation(conclusion: Conclusion, defective: readonly string[]): Conclusion {
  if (defective.length === 0 || conclusion.event !== 'allSucceeded') return conclusion;
  const named = defective.slice(0, namedMax).join(', ');
  const more = defective.length > namedMax ? ` and ${defective.length - namedMax} more` : '';
  return {
    ...conclusion,
    event: 'partlySucceeded',
    reason: `all input finished, but output is missing or corrupt: ${named}${more}`,
  };
}

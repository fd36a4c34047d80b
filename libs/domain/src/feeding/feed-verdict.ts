import { WORLD } from '../brokerage/production-job-broker.js';
import type { TaskSpec } from '../task/task-spec.js';

/** What feeding one dataset came to. */
export type DatasetOutcome =
  | {
      readonly kind: 'fed';
      readonly isMaster: boolean;
      readonly files: number;
      readonly isFilled: boolean;
      readonly waitsFor?: string;
    }
  /** Ignored for good: the rule to ignore missing datasets, or a dataset declared missing. */
  | { readonly kind: 'ignored' }
  /** Worth asking again later. */
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'unreadable'; readonly reason: string };

export interface FeedContext {
  readonly task: TaskSpec;
  /** The parent still produces input. */
  readonly parentWorks: boolean;
  /** Task brokerage has to choose where the output is gathered. */
  readonly needsNucleus: boolean;
}

/** What the task does next. */
export type FeedVerdict =
  | { readonly kind: 'generate' }
  | { readonly kind: 'assign' }
  /** `freezes`: the pending time-out runs. */
  | { readonly kind: 'wait'; readonly reason: string; readonly freezes: boolean }
  | { readonly kind: 'refuse'; readonly reason: string };

/** The verdict over all datasets of a task. Spec: JEDI › Contents Feeder. */
export function feedVerdict(outcomes: readonly DatasetOutcome[], context: FeedContext): FeedVerdict {
  const unreadable = outcomes.find((o) => o.kind === 'unreadable');
  if (unreadable) return { kind: 'refuse', reason: unreadable.reason };
  const unavailable = outcomes.find((o) => o.kind === 'unavailable');
  if (unavailable) return { kind: 'wait', reason: unavailable.reason, freezes: true };
  const masters = outcomes.filter((o) => o.kind === 'fed').filter((o) => o.isMaster);
  const short = masters.find((o) => !o.isFilled);
  if (short) return { kind: 'wait', reason: `insufficient inputs are ready. ${short.waitsFor ?? ''}`.trim(), freezes: false };
  if (masters.every((o) => o.files === 0)) return empty(context);
  return context.needsNucleus ? { kind: 'assign' } : { kind: 'generate' };
}

function empty({ task, parentWorks }: FeedContext): FeedVerdict {
  const reason = 'no master input files. input dataset is empty';
  const mayCome = task.splitRule.get('allowEmptyInput') || (parentWorks && task.splitRule.get('noWaitParent'));
  return mayCome ? { kind: 'wait', reason, freezes: true } : { kind: 'refuse', reason };
}

/** Labels whose output is gathered at a nucleus. */
const nucleusLabels: readonly string[] = ['managed', 'test'];

/**
 * Whether task brokerage comes next: no cloud, or the world cloud with an output destination or the nucleus still open; only for production.
 */
export function needsNucleus(task: TaskSpec, outputDestinations: readonly (string | null)[]): boolean {
  if (!nucleusLabels.includes(task.prodSourceLabel)) return false;
  if (task.cloud === null) return true;
  return task.cloud === WORLD && (task.nucleus === null || outputDestinations.some((destination) => !destination));
}

/** Files whose second and third name fields do not occur in all datasets that must agree: they have no counterpart. */
export function inconsistentFiles(datasets: readonly { files: readonly { fileId: number; lfn: string }[] }[]): number[] {
  const indexed = datasets.map(({ files }) => files.map((file) => ({ ...file, index: indexOf(file.lfn) })));
  const sets = indexed.map((files) => new Set(files.map((file) => file.index)));
  return indexed
    .flat()
    .flatMap(({ fileId, index }) => (index === undefined || sets.every((set) => set.has(index)) ? [] : [fileId]));
}

function indexOf(lfn: string): string | undefined {
  const fields = lfn.split('.');
  return fields.length < 3 ? undefined : `${fields[1]}.${fields[2]}`;
}

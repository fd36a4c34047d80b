import { type PatternColumn, patternColumns, type Share, type ShareTree } from './share-tree.js';

/** A task or job as the table of patterns sees it. Jobs have neither campaign nor transPath: those patterns are not asked. */
export interface ShareSubject {
  readonly vo: string | null;
  readonly prodSourceLabel: string | null;
  readonly workingGroup: string | null;
  readonly campaign: string | null;
  readonly processingType: string | null;
  readonly transPath: string | null;
  /** Resource type of the first site the task is bound to. */
  readonly rtype: string | null;
  readonly isEventServiceMerge?: boolean;
}

/** What no leaf claims. */
export const undefinedShare = 'Undefined';
/** Merge jobs of event service may not wait behind the tasks they conclude. */
export const expressShare = 'Express';

/** A missing working group is a blank, so that patterns can ask for its absence; other missing attributes match everything. */
function textOf(subject: ShareSubject, column: PatternColumn): string | null {
  return column === 'workingGroup' ? (subject.workingGroup ?? ' ') : subject[column];
}

function claims(leaf: Share, subject: ShareSubject): boolean {
  if (leaf.row.vo !== null && subject.vo !== null && leaf.row.vo !== subject.vo) return false;
  return patternColumns.every((column) => {
    const text = textOf(subject, column);
    return text === null || (leaf.patterns[column]?.matches(text) ?? true);
  });
}

/**
 * The global share of a task or job: the first leaf in tree order all of whose patterns match at the start.
 * Spec: Computing Resource Allocations › Tagging of tasks and jobs; panda-server:pandaserver/taskbuffer/GlobalShares.py@34d4b8f3.
 */
export function tagShare(tree: ShareTree, subject: ShareSubject): string {
  if (subject.isEventServiceMerge === true && tree.leaves.some((l) => l.name === expressShare)) return expressShare;
  return tree.leaves.find((leaf) => claims(leaf, subject))?.name ?? undefinedShare;
}

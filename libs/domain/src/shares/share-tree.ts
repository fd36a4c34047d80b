import { PandaError } from '../errors/panda-error.js';
import { OperatorPattern, PatternRefused } from '../pattern/operator-pattern.js';

/** A row of GLOBAL_SHARES. Null patterns match everything. */
export interface ShareRow {
  readonly name: string;
  /** Weight among its siblings; operators write percent. */
  readonly value: number;
  /** Null or `root` at the top. */
  readonly parent: string | null;
  readonly prodSourceLabel: string | null;
  readonly workingGroup: string | null;
  readonly campaign: string | null;
  readonly processingType: string | null;
  readonly transPath: string | null;
  readonly rtype: string | null;
  readonly vo: string | null;
  readonly queueId: number | null;
  readonly throttled: string | null;
}

export const patternColumns = ['prodSourceLabel', 'workingGroup', 'campaign', 'processingType', 'transPath', 'rtype'] as const;
export type PatternColumn = (typeof patternColumns)[number];

export interface Share {
  readonly name: string;
  /** Part of all resources in percent; the leaves of a tree sum to 100. */
  readonly percent: number;
  readonly children: readonly Share[];
  readonly row: ShareRow;
  readonly patterns: Readonly<Partial<Record<PatternColumn, OperatorPattern>>>;
}

export interface ShareTree {
  readonly top: readonly Share[];
  /** In tree order: the order in which tagging asks. */
  readonly leaves: readonly Share[];
}

const root = 'root';

/**
 * The tree of global shares with normalised values: a child gets its parent's part × its value / the sum of its siblings' values.
 * Spec: Computing Resource Allocations › Global Shares definition; panda-server:pandaserver/taskbuffer/GlobalShares.py@34d4b8f3.
 * Throws PANDA-CONF-002 for a tree that makes no sense as a whole: nothing of it is used then.
 */
export function shareTree(rows: readonly ShareRow[]): ShareTree {
  checkRows(rows);
  const childrenOf = new Map<string, ShareRow[]>();
  for (const row of rows) {
    const parent = row.parent ?? root;
    childrenOf.set(parent, [...(childrenOf.get(parent) ?? []), row]);
  }
  const grow = (parent: string, percent: number): Share[] => {
    const siblings = childrenOf.get(parent) ?? [];
    const sum = siblings.reduce((total, s) => total + s.value, 0);
    return siblings.map((row) => {
      const own = sum === 0 ? 0 : (percent * row.value) / sum;
      return { name: row.name, percent: own, children: grow(row.name, own), row, patterns: compilePatterns(row) };
    });
  };
  const top = grow(root, 100);
  return { top, leaves: leavesOf(top) };
}

function leavesOf(shares: readonly Share[]): Share[] {
  return shares.flatMap((s) => (s.children.length === 0 ? [s] : leavesOf(s.children)));
}

/** A share of the tree by name, leaf or not. */
export function findShare(tree: ShareTree, name: string): Share | undefined {
  const search = (shares: readonly Share[]): Share | undefined => {
    for (const share of shares) {
      const found = share.name === name ? share : search(share.children);
      if (found) return found;
    }
    return undefined;
  };
  return search(tree.top);
}

function refuse(reason: string, cause?: unknown): never {
  throw new PandaError('PANDA-CONF-002', { reason }, { cause });
}

function checkRows(rows: readonly ShareRow[]): void {
  const parents = new Map<string, string>();
  for (const row of rows) {
    if (row.name === root) refuse(`a share is named '${root}'`);
    if (parents.has(row.name)) refuse(`the share '${row.name}' exists twice`);
    if (!Number.isFinite(row.value) || row.value < 0) refuse(`the value of '${row.name}' is ${row.value}`);
    parents.set(row.name, row.parent ?? root);
  }
  for (const name of parents.keys()) checkAncestors(name, parents);
}

function checkAncestors(name: string, parents: ReadonlyMap<string, string>): void {
  const seen = new Set<string>();
  for (let at = name; at !== root; ) {
    if (seen.has(at)) refuse(`the share '${name}' is its own ancestor`);
    seen.add(at);
    const parent = parents.get(at);
    if (parent === undefined) refuse(`the parent '${at}' does not exist`);
    at = parent;
  }
}

function compilePatterns(row: ShareRow): Share['patterns'] {
  const compiled: Partial<Record<PatternColumn, OperatorPattern>> = {};
  for (const column of patternColumns) {
    const source = row[column];
    if (source === null) continue;
    try {
      compiled[column] = OperatorPattern.compile(source);
    } catch (cause) {
      if (cause instanceof PatternRefused) refuse(`${column} of '${row.name}': ${cause.message}`, cause);
      throw cause;
    }
  }
  return compiled;
}

import type { Share, ShareTree } from './share-tree.js';

/** What a leaf uses: HS06 of its jobs in `executingJobStatuses`, and of its activated ones. */
export interface ShareUsage {
  readonly executing: number;
  readonly queued: number;
}

export interface ShareLoad extends ShareUsage {
  readonly name: string;
  readonly percent: number;
  /** HS06 that belong to the share of all that is executing now. */
  readonly pledged: number;
  /** executing / pledged: below 1 the share is owed something. */
  readonly ratio: number;
  readonly children: readonly ShareLoad[];
}

/** The share that tests use is always served first; panda-server:pandaserver/taskbuffer/OraDBProxy.py `getJobs`@34d4b8f3. */
const alwaysFirst = 'Test';

/** Stands for "owed nothing", so that such a share comes after every other. */
const nothingPledged = 1_000_000;

/** The tree with its load. Usage of names that are not leaves of the tree counts to nobody's target, but to the total. */
export function shareLoads(tree: ShareTree, usage: ReadonlyMap<string, ShareUsage>): ShareLoad[] {
  const total = [...usage.values()].reduce((sum, u) => sum + u.executing, 0);
  const load = (share: Share): ShareLoad => {
    const children = share.children.map(load);
    const own = usage.get(share.name);
    const executing = children.length === 0 ? (own?.executing ?? 0) : sumOf(children, (c) => c.executing);
    const queued = children.length === 0 ? (own?.queued ?? 0) : sumOf(children, (c) => c.queued);
    const pledged = (share.percent / 100) * total;
    const ratio = pledged === 0 ? nothingPledged : executing / pledged;
    return { name: share.name, percent: share.percent, executing, queued, pledged, ratio, children };
  };
  return tree.top.map(load);
}

function sumOf(loads: readonly ShareLoad[], of: (load: ShareLoad) => number): number {
  return loads.reduce((sum, l) => sum + of(l), 0);
}

/**
 * Leaves in the order in which they are served: at each level the branch furthest below its target first, and all leaves of one
 * branch before the next, so that what one share leaves unused goes to its siblings before it goes up.
 * Spec: Computing Resource Allocations › Global Shares definition, Job dispatch; panda-server:…/GlobalShares.py@34d4b8f3.
 * With equal need (nothing runs yet) the larger share comes first, then the order of the tree.
 */
export function leavesByNeed(loads: readonly ShareLoad[]): ShareLoad[] {
  const ordered = [...loads].sort((a, b) => a.ratio - b.ratio || b.percent - a.percent);
  return ordered.flatMap((load) => (load.children.length === 0 ? [load] : leavesByNeed(load.children)));
}

/** Rank of each share for dispatch: 0 first. A share that is not in the map ranks after all others: {@link rankOfUnknown}. */
export function dispatchRanks(loads: readonly ShareLoad[]): ReadonlyMap<string, number> {
  const ranks = new Map(leavesByNeed(loads).map((leaf, i) => [leaf.name, i + 1]));
  ranks.set(alwaysFirst, 0);
  return ranks;
}

/** Rank of jobs whose share is not in the tree (any more). */
export function rankOfUnknown(ranks: ReadonlyMap<string, number>): number {
  return ranks.size + 1;
}

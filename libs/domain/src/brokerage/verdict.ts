import type { Facts } from './filter.js';

export interface FunnelStage {
  readonly code: string;
  readonly in: number;
  readonly out: number;
}

/** All rejections with one code. `nearest` missed by least. */
export interface RejectionGroup {
  readonly code: string;
  readonly tag: string;
  readonly count: number;
  readonly nearest: { readonly queue: string; readonly facts: Facts };
}

export interface ChosenQueue {
  readonly queue: string;
  readonly weight: number;
}

/** The stored story of one brokerage run: compact, renderable, comparable. Spec: Brokerage. */
export interface Verdict {
  readonly broker: string;
  readonly candidates: number;
  readonly preassigned: readonly string[];
  /** Stages that let something go, in order. */
  readonly funnel: readonly FunnelStage[];
  readonly rejected: readonly RejectionGroup[];
  readonly chosen: readonly ChosenQueue[];
}

export interface Rejection {
  readonly queue: string;
  readonly code: string;
  readonly tag: string;
  readonly facts: Facts;
}

/** Groups rejections by code, most frequent first, each with its nearest miss. */
export function groupRejections(rejections: readonly Rejection[]): RejectionGroup[] {
  const groups = new Map<string, { group: RejectionGroup; gap: number }>();
  for (const rejection of rejections) {
    const known = groups.get(rejection.code);
    const gap = gapOf(rejection.facts);
    const nearest =
      known !== undefined && known.gap <= gap ? known.group.nearest : { queue: rejection.queue, facts: rejection.facts };
    const count = (known?.group.count ?? 0) + 1;
    groups.set(rejection.code, {
      group: { code: rejection.code, tag: rejection.tag, count, nearest },
      gap: Math.min(known?.gap ?? Number.POSITIVE_INFINITY, gap),
    });
  }
  return [...groups.values()].map((g) => g.group).sort((a, b) => b.count - a.count || (a.code < b.code ? -1 : 1));
}

/** How far a queue was from passing; rules without numbers are all equally far. */
function gapOf(facts: Facts): number {
  return typeof facts.needs === 'number' && typeof facts.offers === 'number'
    ? Math.abs(facts.needs - facts.offers)
    : Number.MAX_VALUE;
}

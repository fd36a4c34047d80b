import type { Queue } from '../queue/queue.js';
import type { FilterContext, QueueFilter } from './filter.js';
import { type BrokerageRequest, type BrokerageWorld, NO_LOAD } from './request.js';
import type { FunnelStage, Rejection } from './verdict.js';

/** Where the candidates came from: one queue named by the task, several, or all. */
export type Preassignment = 'single' | 'list' | 'none';

export interface FilterRun {
  readonly passed: readonly Queue[];
  readonly rejections: readonly Rejection[];
  readonly funnel: readonly FunnelStage[];
}

export interface RunOptions {
  readonly preassignment: Preassignment;
  /** Leave out what holds only for the moment (hint for task brokerage). */
  readonly withoutTemporary?: boolean;
  /** Explain mode: every filter on every queue, not only until the first rejection. */
  readonly all?: boolean;
}

/** Runs an ordered list of filters over candidates; the order of queues is kept. */
export function runFilters(
  filters: readonly QueueFilter[],
  candidates: readonly Queue[],
  request: BrokerageRequest,
  world: BrokerageWorld,
  options: RunOptions,
): FilterRun {
  const asked = filters.filter((filter) => isAsked(filter, options));
  const rejections: Rejection[] = [];
  const lost = new Map<string, number>();
  const passed = candidates.filter((queue) => {
    const context = { request, queue, world, load: world.loads.get(queue.name) ?? NO_LOAD };
    const found = rejectionsOf(asked, context, options.all ?? false);
    rejections.push(...found);
    const first = found[0];
    if (first !== undefined) lost.set(first.code, (lost.get(first.code) ?? 0) + 1);
    return first === undefined;
  });
  return { passed, rejections, funnel: funnelOf(asked, lost, candidates.length) };
}

function isAsked(filter: QueueFilter, options: RunOptions): boolean {
  if (options.withoutTemporary && filter.isTemporary) return false;
  if (options.preassignment === 'single') return filter.skippedFor === undefined;
  return !(options.preassignment === 'list' && filter.skippedFor === 'list');
}

function rejectionsOf(filters: readonly QueueFilter[], context: FilterContext, all: boolean): Rejection[] {
  const found: Rejection[] = [];
  for (const filter of filters) {
    const judgement = filter.judge(context);
    if (judgement.passed) continue;
    found.push({ queue: context.queue.name, code: filter.code, tag: filter.tag, facts: judgement.facts });
    if (!all) break;
  }
  return found;
}

function funnelOf(filters: readonly QueueFilter[], lost: ReadonlyMap<string, number>, candidates: number): FunnelStage[] {
  let left = candidates;
  return filters.flatMap(({ code }) => {
    const count = lost.get(code) ?? 0;
    if (count === 0) return [];
    const stage = { code, in: left, out: left - count };
    left -= count;
    return [stage];
  });
}

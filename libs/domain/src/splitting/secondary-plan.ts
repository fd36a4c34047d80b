import { filesByRatio } from '../dataset/dataset-attributes.js';
import type { ContentRecord } from '../file/content-record.js';
import type { InputStream } from './input-chunk.js';
import type { InputCursor } from './input-cursor.js';

/** Files [from, to) of a secondary stream that go with the next unit of the master. */
export interface SecondaryPlan {
  readonly stream: number;
  readonly from: number;
  readonly to: number;
  /** The whole dataset goes with every job. */
  readonly isWhole: boolean;
}

export interface SecondaryNeed {
  /** Master files of the job including the next unit. */
  readonly masters: number;
  readonly isFirst: boolean;
  /** Master events of the job including the next unit, where known. */
  readonly events: number;
  /** Boundaries of the next unit; null when boundaries do not matter. */
  readonly boundaries: ReadonlySet<number | null> | null;
  /** Everything of a boundary goes together. */
  readonly takesWholeBoundary: boolean;
  /** Files and events already taken, by stream. */
  readonly taken: readonly number[];
  readonly takenEvents: readonly number[];
}

/** What each secondary stream adds: all at once, a number per job, or by ratio of files or events. */
export function plannedSecondaries(cursor: InputCursor, need: SecondaryNeed): SecondaryPlan[] {
  const plans: SecondaryPlan[] = [];
  for (let stream = 1; stream < cursor.streams.length; stream++) {
    const plan = planOf(cursor, cursor.streams[stream] as InputStream, stream, need);
    if (plan !== undefined && plan.to > plan.from) plans.push(plan);
  }
  return plans;
}

function planOf(
  cursor: InputCursor,
  { dataset, files }: InputStream,
  stream: number,
  need: SecondaryNeed,
): SecondaryPlan | undefined {
  const { noSplit, nFilesPerJob, ratio, eventRatio, reusable } = dataset.attributes;
  if (noSplit) return need.isFirst ? { stream, from: 0, to: files.length, isWhole: true } : undefined;
  if (nFilesPerJob !== undefined && !need.isFirst) return undefined;
  const byEvents = eventRatio !== undefined && need.events > 0;
  const open = byEvents || need.takesWholeBoundary;
  const wanted = nFilesPerJob ?? (open ? files.length : filesByRatio(need.masters, ratio) - (need.taken[stream] ?? 0));
  let from = cursor.at(stream);
  if (reusable && !open && from + wanted > files.length) from = 0;
  const wantedEvents = byEvents ? eventRatio * need.events : Number.POSITIVE_INFINITY;
  let events = need.takenEvents[stream] ?? 0;
  let to = from;
  while (to < files.length && to - from < wanted && events < wantedEvents) {
    const file = files[to] as ContentRecord;
    if (need.boundaries !== null && !need.boundaries.has(file.boundaryId)) break;
    events += file.nEvents ?? 0;
    to += 1;
  }
  return { stream, from, to, isWhole: false };
}

import type { Delivery } from '../bus.js';
import { Unprocessable } from '../failure.js';

/** The ids of nudges, each once. A payload that is no nudge is refused: no repetition makes it one. */
export function nudgedIds(deliveries: readonly Delivery[]): number[] {
  const ids = new Set<number>();
  for (const { envelope } of deliveries) {
    const listed = (envelope.payload as { ids?: unknown } | null)?.ids;
    if (!Array.isArray(listed) || !listed.every(isId))
      throw new Unprocessable('malformed', 'the payload of a nudge is {"ids": [numbers]}');
    for (const id of listed) ids.add(id);
  }
  return [...ids];
}

function isId(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}

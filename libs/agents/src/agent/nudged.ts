import type { Delivery } from '@panda/bus';
import type { Nudge } from '@panda/contracts';

/** The ids deliveries of a nudge announce, each once. A payload that is no nudge announces nothing: the sweep looks anyway. */
export function nudgedIds(deliveries: readonly Delivery[]): number[] {
  const ids = new Set<number>();
  for (const { envelope } of deliveries) {
    const announced = (envelope.payload as Partial<Nudge> | null)?.ids;
    if (Array.isArray(announced)) for (const id of announced) if (Number.isSafeInteger(id)) ids.add(id);
  }
  return [...ids];
}

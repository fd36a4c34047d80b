import type { Machine } from '@panda/domain';
import * as domain from '@panda/domain';

const isMachine = (value: unknown): value is Machine<string, string> => {
  if (typeof value !== 'object' || value === null) return false;
  const { name, states, final, rows } = value as Record<string, unknown>;
  return typeof name === 'string' && [states, final, rows].every(Array.isArray);
};

/** Every state machine the domain exports, by name. */
export function machines(): Machine<string, string>[] {
  return Object.values<unknown>(domain)
    .filter(isMachine)
    .sort((a, b) => a.name.localeCompare(b.name));
}

import { allOperations } from '@panda/contracts';
import type { Handler } from './call.js';

/** Injection token of all handlers. */
export const HANDLERS = Symbol('handlers');

/** Throws unless every operation of the table has exactly one handler: the process refuses to start half wired. */
export function checkHandlers(handlers: readonly Handler[]): readonly Handler[] {
  const handled = handlers.map(({ operation }) => operation.id);
  const missing = allOperations.map(({ id }) => id).filter((id) => !handled.includes(id));
  const repeated = handled.filter((id, i) => handled.indexOf(id) !== i);
  if (missing.length > 0) throw new Error(`operations without a handler: ${missing.join(', ')}`);
  if (repeated.length > 0) throw new Error(`operations with two handlers: ${repeated.join(', ')}`);
  return handlers;
}

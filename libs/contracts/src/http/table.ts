import type { AnyOperation } from './operation.js';
import * as operations from './operations.js';

function isOperation(value: unknown): value is AnyOperation {
  return typeof value === 'object' && value !== null && 'access' in value && 'lane' in value;
}

/** The one table of operations: routes, policies, arguments, documentation and the fitness tests derive from it. */
export const allOperations: readonly AnyOperation[] = Object.values(operations).filter(isOperation);

import { AsyncLocalStorage } from 'node:async_hooks';
import type { LogFacts } from '@panda/domain';

const storage = new AsyncLocalStorage<LogFacts>();

/**
 * Runs `work` with facts (jediTaskID, PandaID, traceId, requestId, …) that every log line below it carries, across awaits.
 * Contexts nest: inner facts are added to outer ones.
 */
export function withFacts<T>(facts: LogFacts, work: () => T): T {
  return storage.run({ ...storage.getStore(), ...facts }, work);
}

/** The facts of the current context. */
export function currentFacts(): LogFacts {
  return storage.getStore() ?? {};
}

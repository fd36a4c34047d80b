import { Clock, Ids, Log, Metrics, Random } from '@panda/domain';

/** Time, ids, log, metrics and randomness as one thing to inject. */
export interface GatewayRuntime {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly random: Random;
}

export const RUNTIME = Symbol('gateway runtime');

export const runtimeProvider = {
  provide: RUNTIME,
  useFactory: (clock: Clock, ids: Ids, log: Log, metrics: Metrics, random: Random): GatewayRuntime => ({
    clock,
    ids,
    log,
    metrics,
    random,
  }),
  inject: [Clock, Ids, Log, Metrics, Random],
};

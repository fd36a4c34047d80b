/** Answers quickly or throws with the reason; asked at each readiness probe, with a time limit. */
export type HealthCheck = () => Promise<void>;

/**
 * Where parts of a service say whether they can work. Readiness = all checks pass and the service is not stopping;
 * liveness asks only whether the event loop turns, so that an outage of the database restarts nobody.
 */
export abstract class Health {
  abstract register(name: string, check: HealthCheck): void;
}

import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Services of the fleet that run as long as the fleet does; `migrate` runs before them, pilots are started by harvester. */
export const serviceNames = [
  'gateway',
  'jedi-task-refiner',
  'jedi-contents-feeder',
  'jedi-task-broker',
  'jedi-job-generator',
  'jedi-post-processor',
  'jedi-task-commando',
  'jedi-watchdog',
  'message-processor',
  'daemon',
  'harvester',
] as const;

export type ServiceName = (typeof serviceNames)[number];

/** Compiled entry point of a service. */
function entryOf(name: ServiceName): string {
  return fileURLToPath(new URL(`../../../${name}/dist/main.js`, import.meta.url));
}

/** A service as the launcher starts it. */
export interface FleetService {
  readonly name: string;
  /** Compiled entry point. */
  readonly entry: string;
  /** Serves the API, and its probes beside it; the others get a port for their probes. */
  readonly servesApi: boolean;
}

/** Each service in a process of its own. */
export function fleetServices(): FleetService[] {
  return serviceNames.map((name) => ({ name, entry: entryOf(name), servesApi: name === 'gateway' }));
}

/** Throws when a service is not compiled: a fleet without one of its services would wait for ever for its part. */
export function requireEntries(services: readonly FleetService[]): void {
  const missing = services.filter(({ entry }) => !existsSync(entry)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`not compiled: ${missing.join(', ')}; run \`npm run compile\``);
}

/** Entry point of the process that runs all services in one. */
export const allInOneEntry = fileURLToPath(new URL('../all-in-one.js', import.meta.url));

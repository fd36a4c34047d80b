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
export function entryOf(name: ServiceName): string {
  return fileURLToPath(new URL(`../../../${name}/dist/main.js`, import.meta.url));
}

/** Entry point of the process that runs all services in one. */
export const allInOneEntry = fileURLToPath(new URL('../all-in-one.js', import.meta.url));

/** Services that may fire events. The name is the app's folder name, the lock owner's prefix and the log field alike. */
export const actors = [
  'gateway',
  'jedi-task-refiner',
  'jedi-contents-feeder',
  'jedi-task-broker',
  'jedi-job-generator',
  'jedi-post-processor',
  'jedi-task-commando',
  'jedi-watchdog',
  'daemon',
  'message-processor',
  'harvester',
] as const;

export type Actor = (typeof actors)[number];

/**
 * Every message of the fleet, declared once. A message is a nudge: it carries ids, never state; the database is the truth.
 * The topology (exchange, queues, dead letters, delay queues), the docs and the producer/consumer fitness test derive from this table.
 */
export interface Topic {
  /** Routing key and message type. */
  readonly name: string;
  /** Services that may publish it. */
  readonly producers: readonly string[];
  /** One queue per consumer: `panda.<consumer>.<topic>`. */
  readonly consumers: readonly string[];
  readonly about: 'tasks' | 'jobs' | 'external';
  readonly doc: string;
}

export const topics = {
  taskSubmitted: topic(
    'task.submitted',
    ['gateway', 'jedi-watchdog', 'jedi-post-processor', 'jedi-task-commando'],
    ['jedi-task-refiner'],
    'tasks',
    'A task waits for refinement (new, or rerefine).',
  ),
  taskRefined: topic(
    'task.refined',
    ['jedi-task-refiner', 'jedi-watchdog', 'jedi-post-processor'],
    ['jedi-contents-feeder'],
    'tasks',
    'A task has datasets to fill.',
  ),
  taskAssigning: topic('task.assigning', ['jedi-contents-feeder'], ['jedi-task-broker'], 'tasks', 'A task waits for a nucleus.'),
  taskReady: topic(
    'task.ready',
    [
      'gateway',
      'jedi-contents-feeder',
      'jedi-task-broker',
      'jedi-task-commando',
      'jedi-watchdog',
      'jedi-post-processor',
      'daemon',
    ],
    ['jedi-job-generator'],
    'tasks',
    'A task has input for which jobs can be made.',
  ),
  jobsReported: topic(
    'jobs.reported',
    ['gateway', 'jedi-task-commando', 'daemon'],
    ['daemon'],
    'jobs',
    'Jobs have an output report, or were ended, and wait for the adder.',
  ),
  taskProgressed: topic(
    'task.progressed',
    ['daemon', 'gateway', 'jedi-job-generator', 'jedi-task-commando', 'jedi-post-processor'],
    ['jedi-watchdog'],
    'tasks',
    'Input of a task was settled: finalise, measure scouts, open the avalanche.',
  ),
  taskPrepared: topic(
    'task.prepared',
    ['jedi-watchdog', 'jedi-task-refiner', 'jedi-task-commando', 'jedi-contents-feeder', 'jedi-post-processor'],
    ['jedi-post-processor'],
    'tasks',
    'A task waits for its final status.',
  ),
  taskCommanded: topic(
    'task.commanded',
    ['gateway', 'daemon', 'jedi-watchdog', 'jedi-post-processor', 'jedi-task-commando'],
    ['jedi-task-commando'],
    'tasks',
    'A command for a task waits, or jobs of a commanded task ended.',
  ),
  ingressMessage: topic(
    'ingress.message',
    ['external'],
    ['message-processor'],
    'external',
    'A message of iDDS, Rucio or another outside system, as published by it.',
  ),
} as const satisfies Record<string, Topic>;

export type TopicKey = keyof typeof topics;

/** Payload of every nudge. */
export interface Nudge {
  /** jediTaskIDs or PandaIDs, by the topic's `about`; at most {@link NUDGE_IDS_MAX}. */
  readonly ids: readonly number[];
}

/** A nudge never grows with the work it announces: 64 KiB of payload holds this many ids comfortably. */
export const NUDGE_IDS_MAX = 1_000;

function topic<const N extends string>(
  name: N,
  producers: readonly string[],
  consumers: readonly string[],
  about: Topic['about'],
  doc: string,
): Topic & { readonly name: N } {
  return { name, producers, consumers, about, doc };
}

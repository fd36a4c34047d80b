import { pickle } from '../wire/pickle/writer.js';
import { harvesters, harvestersOrPilots } from './access.js';
import { maybe, required } from './argument.js';
import { get, legacyPair, legacyPilot, post, statusCodes } from './forms.js';
import { operation } from './operation.js';
import { done, failed, jsonReply } from './reply.js';
import type { Fields } from './task-queries.js';

const harvesterId = required.str({ legacy: 'harvesterID' });
const lane = 'heartbeat' as const;

/** Whether the report was taken, and why not. */
export type Taken = { readonly taken: true } | { readonly taken: false; readonly reason: string };

const pair = (outcome: Taken, text: string): readonly [boolean, string] =>
  outcome.taken ? [true, text] : [false, outcome.reason];
const envelope = (outcome: Taken) => (outcome.taken ? done() : failed(outcome.reason));

export const updateWorkers = operation({
  id: 'harvester.update_workers',
  doc: 'Workers of a Harvester instance; one answer per worker.',
  access: harvesters,
  lane,
  ignoreUnknown: true,
  args: { harvesterId, workers: required.json({ legacy: 'workers' }) },
  legacy: legacyPair('updateWorkers', (stored: readonly boolean[] | null) =>
    stored === null ? [false, 'the Harvester instance is not registered'] : [true, stored],
  ),
  v1: post('harvester/update_workers', (stored: readonly boolean[] | null) =>
    stored === null ? failed('the Harvester instance is not registered') : done(stored),
  ),
});

export const heartbeat = operation({
  id: 'harvester.heartbeat',
  doc: 'A Harvester instance is alive; also its software version.',
  access: harvesters,
  lane,
  ignoreUnknown: true,
  args: { harvesterId, data: required.json({ legacy: 'data' }) },
  legacy: legacyPair('harvesterIsAlive', (outcome: Taken) => pair(outcome, 'succeeded')),
  v1: post('harvester/heartbeat', envelope),
});

export const reportWorkerStatistics = operation({
  id: 'harvester.report_worker_statistics',
  doc: 'Numbers of workers by job type, resource type and state at one queue.',
  access: harvesters,
  lane,
  ignoreUnknown: true,
  args: {
    harvesterId,
    pandaQueue: required.str({ legacy: 'siteName' }),
    statistics: required.json({ legacy: 'paramsList' }),
  },
  legacy: legacyPair(['reportWorkerStats_jobtype', 'reportWorkerStats'], (outcome: Taken) => pair(outcome, 'OK')),
  v1: post('harvester/report_worker_statistics', envelope),
});

export const updateServiceMetrics = operation({
  id: 'harvester.update_service_metrics',
  doc: 'CPU, memory, disk and proxy of the hosts of a Harvester instance.',
  access: harvesters,
  lane,
  ignoreUnknown: true,
  args: { harvesterId, metrics: required.json({ legacy: 'metrics' }) },
  legacy: legacyPair('updateServiceMetrics', (outcome: Taken) => pair(outcome, 'OK')),
  v1: post('harvester/update_service_metrics', envelope),
});

export const addDialogs = operation({
  id: 'harvester.add_dialogs',
  doc: 'Messages from the log of a Harvester instance.',
  access: harvesters,
  lane,
  ignoreUnknown: true,
  args: { harvesterId, dialogs: required.json({ legacy: 'dialogs' }) },
  legacy: legacyPair('addHarvesterDialogs', (outcome: Taken) => pair(outcome, 'OK')),
  v1: post('harvester/add_dialogs', envelope),
});

export const acquireCommands = operation({
  id: 'harvester.acquire_commands',
  doc: 'Commands that wait for a Harvester instance.',
  access: harvesters,
  lane: 'dispatch',
  ignoreUnknown: true,
  args: {
    harvesterId: required.str({ legacy: 'harvester_id' }),
    nCommands: maybe.int(20, { legacy: 'n_commands', min: 1, max: 1_000 }),
    timeout: maybe.int(30, { legacy: 'timeout' }),
  },
  legacy: legacyPilot('getCommands', (commands: readonly Fields[]) => ({ StatusCode: statusCodes.success, Commands: commands })),
  v1: post('harvester/acquire_commands'),
});

export const acknowledgeCommands = operation({
  id: 'harvester.acknowledge_commands',
  doc: 'Commands that a Harvester instance has carried out.',
  access: harvesters,
  lane,
  ignoreUnknown: true,
  args: { commandIds: required.ints({ legacy: 'command_ids' }), timeout: maybe.int(30, { legacy: 'timeout' }) },
  legacy: legacyPilot('ackCommands', () => ({ StatusCode: statusCodes.success })),
  v1: post('harvester/acknowledge_commands', () => done()),
});

export const getWorkerStatistics = operation({
  id: 'harvester.get_worker_statistics',
  doc: 'Numbers of workers by queue, Harvester instance, job type, resource type and state.',
  access: harvestersOrPilots,
  lane: 'query',
  args: {},
  legacy: legacyPair('getWorkerStats', (statistics: Fields) => [true, statistics]),
  v1: get('harvester/get_worker_statistics'),
});

export const getCurrentWorkerId = operation({
  id: 'harvester.get_current_worker_id',
  doc: 'The largest worker id a Harvester instance has reported.',
  access: harvestersOrPilots,
  lane: 'query',
  args: { harvesterId: required.str() },
  v1: get('harvester/get_current_worker_id'),
});

/** Code 0 and what was done, or why not. */
export const setSlots = operation({
  id: 'harvester.set_slots',
  doc: 'Numbers of workers wanted at a queue for a while; zero counts starting jobs instead.',
  access: { roles: ['production', 'admin'] },
  lane: 'submission',
  args: {
    pandaQueue: required.str({ legacy: 'pandaQueueName' }),
    numSlots: required.int({ legacy: 'numSlots', min: 0, max: 1_000_000 }),
    gshare: maybe.str(null, { legacy: 'gshare' }),
    resourceType: maybe.str(null, { legacy: 'resourceType' }),
    validPeriod: maybe.int(null, { legacy: 'validPeriod', min: 1, max: 365, doc: 'Days.' }),
  },
  legacy: {
    methods: ['setNumSlotsForWP'],
    reply: (known: boolean) => jsonReply(known ? [0, 'done'] : [102, 'unknown PanDA queue']),
    refuse: ({ message }) => jsonReply([101, message]),
  },
  v1: post('harvester/set_slots', (known: boolean) => (known ? done() : failed('unknown PanDA queue'))),
});

export const sweepQueue = operation({
  id: 'harvester.sweep_queue',
  doc: 'Tell every Harvester instance of a queue to kill its workers there, by state, computing element and submission host.',
  access: { roles: ['production', 'admin'] },
  lane: 'submission',
  args: {
    pandaQueue: required.str({ legacy: 'panda_queue' }),
    statusList: required.strs({ legacy: 'status_list' }),
    ceList: required.strs({ legacy: 'ce_list' }),
    submissionHostList: required.strs({ legacy: 'submission_host_list' }),
  },
  legacy: legacyPair('sweepPQ', (instances: number) => [
    instances > 0,
    pickle(instances > 0 ? 'OK' : 'no Harvester serves this queue'),
  ]),
  v1: post('harvester/sweep_queue', (instances: number) =>
    instances > 0 ? done(instances) : failed('no Harvester serves this queue'),
  ),
});

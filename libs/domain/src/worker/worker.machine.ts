import { allBut, machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/** HARVESTER_WORKERS.status: words of harvester:pandaharvester/harvestercore/work_spec.py@d561b72. */
const states = ['pending', 'ready', 'submitted', 'idle', 'running', 'finished', 'failed', 'cancelled', 'missed'] as const;
const final = ['finished', 'failed', 'cancelled', 'missed'] as const;
const active = allBut(states, final);

/**
 * A worker is what harvester says it is, until it has ended: a batch system may put a running worker back into its queue, but an
 * ended one never lives again. Reports with an older `lastUpdate` are dropped before the machine is asked.
 */
export const workerMachine = machine({
  name: 'worker',
  states,
  initial: states,
  final,
  rows: [
    row(['pending', 'ready'], 'heldBack', 'pending', 'gateway'),
    row(['pending', 'ready', 'submitted'], 'madeReady', 'ready', 'gateway'),
    row(active, 'submitted', 'submitted', 'gateway', { note: 'also when the batch system queues it again' }),
    row(active, 'idled', 'idle', 'gateway', { note: 'the node is there, no job is running' }),
    row(active, 'started', 'running', 'gateway'),
    row(active, 'finished', 'finished', 'gateway'),
    row(active, 'failed', 'failed', ['gateway', 'daemon']),
    row(active, 'cancelled', 'cancelled', ['gateway', 'daemon']),
    row(active, 'missed', 'missed', ['gateway', 'daemon'], { note: 'harvester found no trace of it' }),
  ],
});

export type WorkerStatus = StatesOf<typeof workerMachine>;
export const workerStatus = namesOf(workerMachine);
export const activeWorkerStatuses: readonly WorkerStatus[] = active;
export const finalWorkerStatuses: readonly WorkerStatus[] = final;

/** The event behind a status that harvester reports. */
export const workerEventOf = {
  pending: 'heldBack',
  ready: 'madeReady',
  submitted: 'submitted',
  idle: 'idled',
  running: 'started',
  finished: 'finished',
  failed: 'failed',
  cancelled: 'cancelled',
  missed: 'missed',
} as const satisfies { readonly [K in WorkerStatus]: string };

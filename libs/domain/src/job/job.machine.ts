import { allBut, machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/** Spec: Basic Concepts › Job; further states from panda-server:pandaserver/taskbuffer/JobSpec.py@34d4b8f3. */
const states = [
  'waiting',
  'pending',
  'defined',
  'assigned',
  'activated',
  'throttled',
  'sent',
  'starting',
  'running',
  'stagein',
  'stageout',
  'holding',
  'transferring',
  'merging',
  'finished',
  'failed',
  'closed',
  'cancelled',
] as const;

const final = ['finished', 'failed', 'closed', 'cancelled'] as const;
const live = allBut(states, final);
/** The payload, or its data movement on the worker node, is under way. */
const onNode = ['running', 'stagein', 'stageout'] as const;
const withPilot = ['sent', 'starting', ...onNode] as const;
const afterPilot = ['holding', 'transferring', 'merging'] as const;
const killers = [
  'gateway',
  'jedi-task-commando',
  'jedi-job-generator',
  'jedi-post-processor',
  'jedi-watchdog',
  'daemon',
] as const;

export const jobMachine = machine({
  name: 'job',
  states,
  initial: ['waiting', 'pending', 'defined', 'assigned', 'activated'],
  final,
  rows: [
    // Setup. Spec: PanDA server › Setupper, Activator.
    row(['waiting', 'pending'], 'setupBegun', 'defined', ['gateway', 'jedi-job-generator', 'daemon']),
    row(['defined'], 'transferNeeded', 'assigned', ['jedi-job-generator', 'daemon'], {
      note: 'input moves to the local storage',
    }),
    row(['defined', 'assigned'], 'inputReady', 'activated', ['gateway', 'jedi-job-generator', 'daemon', 'message-processor']),
    row(['defined', 'assigned'], 'setupFailed', 'failed', ['jedi-job-generator', 'daemon']),
    row(['defined'], 'postponed', 'waiting', ['jedi-job-generator', 'daemon'], { note: 'co-jumbo job waits for its ranges' }),
    row(['assigned', 'activated'], 'rebrokered', 'defined', ['gateway', 'daemon']),

    // Dispatch. Spec: PanDA server › Job Dispatcher.
    row(['activated'], 'throttled', 'throttled', ['jedi-watchdog', 'jedi-task-commando', 'gateway', 'daemon']),
    row(['throttled'], 'unthrottled', 'activated', ['jedi-watchdog', 'jedi-task-commando', 'gateway', 'daemon']),
    row(['activated'], 'handedOut', 'sent', 'gateway'),
    row(['activated'], 'fetched', 'starting', 'gateway', { note: 'push mode: harvester holds the job' }),
    row(['sent'], 'handOutUndone', 'activated', ['gateway', 'daemon'], { note: 'only with proof that no pilot got the job' }),
    row(['starting'], 'pushReturned', 'activated', ['gateway', 'daemon'], { note: 're-brokerage of push jobs' }),

    // What pilots report. Whether a report counts at all: pilot-update.ts.
    row(['sent', 'starting'], 'pilotStarting', 'starting', 'gateway'),
    row(withPilot, 'pilotRunning', 'running', 'gateway'),
    row(withPilot, 'pilotStagingIn', 'stagein', 'gateway'),
    row(withPilot, 'pilotStagingOut', 'stageout', 'gateway'),
    row([...withPilot, 'transferring'], 'pilotHolding', 'holding', 'gateway', { note: 'not the final report' }),
    row(withPilot, 'pilotTransferring', 'transferring', 'gateway'),
    row([...withPilot, 'holding', 'transferring'], 'reported', 'holding', 'gateway', { note: 'the final report is stored' }),

    // Output processing. Spec: PanDA server › Adder, Closer, Finisher.
    row(['holding'], 'outputMoving', 'transferring', 'daemon', { note: 'outputs must move to the final destination' }),
    row(['holding', 'transferring'], 'mergeNeeded', 'merging', 'daemon'),
    row(afterPilot, 'succeeded', 'finished', 'daemon'),
    row(afterPilot, 'outputFailed', 'failed', 'daemon'),

    // Time-outs and kills.
    row(['activated', ...withPilot, 'holding', 'transferring', 'merging'], 'timedOut', 'failed', 'daemon'),
    row(['defined', 'assigned'], 'timedOut', 'failed', 'daemon'),
    row(live, 'closed', 'closed', killers, { note: 'ended by the system' }),
    row(live, 'cancelled', 'cancelled', killers, { note: 'ended by a person or a command' }),
  ],
});

export type JobStatus = StatesOf<typeof jobMachine>;
export const jobStatus = namesOf(jobMachine);

import { allBut, machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/** Spec: JEDI › Internal objects › Dataset; panda-docs:docs/source/architecture/images/jedi_dataset.png@f3f4c38. */
const states = ['defined', 'toupdate', 'pending', 'ready', 'done', 'finished', 'failed', 'broken', 'removed'] as const;
const final = ['done', 'finished', 'failed', 'broken', 'removed'] as const;

export const inputDatasetMachine = machine({
  name: 'inputDataset',
  states,
  initial: ['defined', 'ready'],
  final,
  reopenedBy: ['retried', 'retriedComplete', 'lookupAsked', 'dropped'],
  rows: [
    row(['defined', 'toupdate'], 'filled', 'ready', 'jedi-contents-feeder', { note: 'contents are inserted' }),
    row(['defined'], 'unavailable', 'pending', 'jedi-contents-feeder', { note: 'temporarily' }),
    row(['pending'], 'lookupDue', 'toupdate', ['jedi-contents-feeder', 'jedi-watchdog']),
    row(['defined', 'toupdate', 'pending'], 'unreadable', 'broken', 'jedi-contents-feeder', { note: 'fatal answer of DDM' }),
    row(['defined', 'toupdate'], 'ignored', 'failed', 'jedi-contents-feeder', {
      note: 'rule ignoreMissingInDS and fatal metadata',
    }),
    row(['defined', 'toupdate'], 'missingAccepted', 'finished', 'jedi-contents-feeder', {
      note: 'DDM says missing; the task goes on',
    }),
    row(
      ['ready'],
      'lookupAsked',
      'toupdate',
      ['jedi-watchdog', 'jedi-job-generator', 'jedi-task-commando', 'message-processor'],
      {
        note: 'the dataset may have grown',
      },
    ),
    row(['ready'], 'allProcessed', 'done', ['jedi-watchdog', 'jedi-job-generator', 'jedi-post-processor', 'jedi-task-commando']),
    row(['ready'], 'partlyProcessed', 'finished', [
      'jedi-watchdog',
      'jedi-job-generator',
      'jedi-post-processor',
      'jedi-task-commando',
    ]),
    row(['ready'], 'noneProcessed', 'failed', [
      'jedi-watchdog',
      'jedi-job-generator',
      'jedi-post-processor',
      'jedi-task-commando',
    ]),
    row(['done', 'finished', 'failed'], 'retried', 'ready', ['gateway', 'jedi-task-commando']),
    row(['failed'], 'retriedComplete', 'done', 'jedi-task-commando', { note: 'every file had finished' }),
    row(['done', 'finished', 'failed', 'broken'], 'lookupAsked', 'toupdate', 'jedi-task-commando', {
      note: 'incremental execution',
    }),
    row(allBut(states, ['removed']), 'dropped', 'removed', 'jedi-task-refiner', {
      note: 'the changed parameters do not name it any more',
    }),
  ],
});

export type InputDatasetStatus = StatesOf<typeof inputDatasetMachine>;
export const inputDatasetStatus = namesOf(inputDatasetMachine);

/** The feeder's work list. */
export const feedableDatasetStatuses = ['defined', 'toupdate'] as const satisfies readonly InputDatasetStatus[];
/** No more input comes out of it. */
export const settledInputDatasetStatuses: readonly InputDatasetStatus[] = final;

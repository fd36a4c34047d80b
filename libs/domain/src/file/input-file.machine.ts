import { machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/**
 * Input rows of JEDI_DATASET_CONTENTS. Spec: JEDI › Internal objects › File;
 * panda-docs:docs/source/architecture/images/jedi_file.png@f3f4c38.
 * A row that ran out of attempts stays `ready`: read it with `inputFileOutcome`, never by its status alone.
 */
export const inputFileMachine = machine({
  name: 'inputFile',
  states: [
    'ready',
    'pending',
    'staging',
    'missing',
    'lost',
    'broken',
    'picked',
    'running',
    'merging',
    'partial',
    'finished',
    'failed',
    'cancelled',
  ],
  initial: ['ready', 'pending', 'staging', 'missing'],
  final: ['finished', 'failed', 'lost', 'broken', 'cancelled'],
  reopenedBy: ['retried', 'recoveryAsked', 'reactivated'],
  rows: [
    // Availability.
    row(['staging'], 'stagedIn', 'pending', ['message-processor', 'jedi-task-commando', 'jedi-contents-feeder']),
    row(['pending'], 'bunchReady', 'ready', 'jedi-contents-feeder', { note: 'enough input for a job has arrived' }),
    row(['staging', 'pending', 'ready'], 'stageInFailed', 'missing', ['message-processor', 'jedi-contents-feeder']),
    row(['missing'], 'foundAgain', 'ready', ['jedi-contents-feeder', 'message-processor']),
    row(['ready', 'pending', 'staging'], 'gone', 'lost', 'jedi-contents-feeder', { note: 'not in the new listing of DDM' }),
    row(['ready'], 'foundCorrupted', 'broken', 'jedi-contents-feeder'),

    // Processing.
    row(['ready'], 'picked', 'picked', 'jedi-job-generator'),
    row(['picked'], 'unpicked', 'ready', ['jedi-job-generator', 'jedi-watchdog', 'jedi-task-commando', 'daemon']),
    row(['picked'], 'jobStored', 'running', ['jedi-job-generator', 'gateway']),
    row(['ready'], 'coJumboStored', 'running', ['jedi-job-generator', 'gateway', 'daemon'], {
      note: 'event service: a further consumer',
    }),
    row(['running', 'merging', 'partial'], 'processed', 'finished', 'daemon'),
    row(['running'], 'mergePending', 'merging', 'daemon', { note: 'its job waits for a merge job' }),
    row(['ready', 'running'], 'partlyProcessed', 'partial', 'daemon', { note: 'some of its event chunks finished' }),
    row(['running', 'merging', 'partial'], 'attemptEnded', 'ready', 'daemon', {
      note: 'attemptNr+1; failedAttempt+1 only if the job failed',
    }),
    row(['ready', 'running', 'merging', 'partial'], 'givenUp', 'failed', ['daemon', 'jedi-contents-feeder'], {
      note: 'no further attempt may ever be made',
    }),
    row(['ready', 'pending', 'staging', 'picked', 'running', 'merging'], 'cancelled', 'cancelled', [
      'daemon',
      'jedi-task-commando',
    ]),

    // Commands.
    row(['failed', 'cancelled', 'lost', 'broken', 'missing', 'picked'], 'retried', 'ready', 'jedi-task-commando'),
    row(['finished'], 'recoveryAsked', 'ready', ['daemon', 'jedi-task-commando'], { note: 'its output was lost' }),
    row(['finished', 'failed', 'cancelled', 'lost', 'broken', 'missing'], 'reactivated', 'ready', [
      'gateway',
      'jedi-task-commando',
    ]),
  ],
});

export type InputFileStatus = StatesOf<typeof inputFileMachine>;
export const inputFileStatus = namesOf(inputFileMachine);

/** Counted in nFilesUsed without being settled. */
export const busyInputFileStatuses = ['picked', 'running', 'merging', 'partial'] as const satisfies readonly InputFileStatus[];
/** Not usable yet, or not any more: left out when nFilesToBeUsed is counted at the avalanche. */
export const unusableInputFileStatuses = ['pending', 'staging', 'missing', 'lost'] as const satisfies readonly InputFileStatus[];

import { machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/**
 * Output rows of JEDI_DATASET_CONTENTS. Spec: JEDI › Internal objects › File. Unmerged output (type `trn_*`) goes back to
 * `ready` and is then input of a merge job.
 */
export const outputFileMachine = machine({
  name: 'outputFile',
  states: [
    'defined',
    'running',
    'prepared',
    'ready',
    'picked',
    'merging',
    'finished',
    'failed',
    'cancelled',
    'nooutput',
    'notmerged',
    'lost',
  ],
  initial: ['defined', 'running'],
  final: ['finished', 'failed', 'cancelled', 'nooutput', 'notmerged', 'lost'],
  reopenedBy: ['lostAfterwards'],
  rows: [
    row(['defined'], 'jobStored', 'running', ['jedi-job-generator', 'gateway']),
    row(['running'], 'produced', 'prepared', 'daemon'),
    row(['running', 'prepared'], 'registered', 'finished', 'daemon'),
    row(['running', 'prepared'], 'toBeMerged', 'ready', 'daemon', { note: 'unmerged output of a job in merging' }),
    row(['prepared'], 'mergeStored', 'merging', 'jedi-job-generator'),
    row(['ready'], 'picked', 'picked', 'jedi-job-generator'),
    row(['picked'], 'unpicked', 'ready', ['jedi-job-generator', 'jedi-watchdog', 'jedi-task-commando', 'daemon']),
    row(['picked'], 'mergeStored', 'merging', ['jedi-job-generator', 'gateway']),
    row(['merging'], 'merged', 'finished', 'daemon'),
    row(['merging'], 'mergeAttemptEnded', 'ready', 'daemon'),
    row(['ready', 'merging'], 'mergeGivenUp', 'notmerged', ['daemon', 'jedi-job-generator', 'jedi-task-commando']),
    row(['running', 'prepared', 'merging'], 'notProduced', 'failed', 'daemon'),
    row(['defined', 'running', 'prepared', 'ready', 'picked', 'merging'], 'cancelled', 'cancelled', [
      'daemon',
      'jedi-task-commando',
    ]),
    row(['running', 'prepared'], 'withoutOutput', 'nooutput', 'daemon', { note: 'the job declared that it makes none' }),
    row(['finished'], 'lostAfterwards', 'lost', ['daemon', 'jedi-task-commando'], { note: 'recovery of lost files' }),
  ],
});

export type OutputFileStatus = StatesOf<typeof outputFileMachine>;
export const outputFileStatus = namesOf(outputFileMachine);

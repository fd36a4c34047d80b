import { allBut, machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/**
 * Spec: JEDI › Internal objects › Dataset. `registered`, `finished` and `failed` are states of the program
 * (panda-jedi:pandajedi/jediorder/TaskSetupper.py@42f4bb41) that the chart leaves out.
 */
const states = ['defined', 'registered', 'ready', 'running', 'prepared', 'done', 'finished', 'failed'] as const;
const final = ['done', 'finished', 'failed'] as const;
const open = ['defined', 'registered', 'ready', 'running'] as const;

export const outputDatasetMachine = machine({
  name: 'outputDataset',
  states,
  initial: ['defined'],
  final,
  reopenedBy: ['reopened'],
  rows: [
    row(['defined'], 'registered', 'registered', ['jedi-job-generator', 'daemon'], { note: 'the dataset exists in DDM' }),
    row(['defined', 'registered'], 'opened', 'ready', 'jedi-job-generator', { note: 'jobs may write into it' }),
    row(['defined', 'registered', 'ready'], 'fileAdded', 'running', ['daemon', 'jedi-job-generator']),
    row(open, 'inputSettled', 'prepared', ['jedi-watchdog', 'jedi-job-generator', 'jedi-task-commando', 'jedi-post-processor']),
    row(['prepared'], 'concludedComplete', 'done', 'jedi-post-processor'),
    row(['prepared'], 'concludedPartly', 'finished', 'jedi-post-processor', { note: 'nFiles > nFilesFinished' }),
    row([...open, 'prepared'], 'concludedFailed', 'failed', 'jedi-post-processor', {
      note: 'the task failed, is broken or aborted',
    }),
    row([...final, 'prepared'], 'reopened', 'running', ['jedi-task-commando', 'gateway'], {
      note: 'retry: output is appended to the same collection',
    }),
  ],
});

export type OutputDatasetStatus = StatesOf<typeof outputDatasetMachine>;
export const outputDatasetStatus = namesOf(outputDatasetMachine);
/** Files may still come. */
export const openOutputDatasetStatuses: readonly OutputDatasetStatus[] = allBut(states, final);

import { flag, type OptionRow, text } from './row.js';

/** What a task writes. */
export const outputOptions = [
  text('--outDS', ['OUTPUT'], 'base name of the output collections: user.<nickname>.<text>'),
  text(
    '--outputs',
    ['OUTPUT'],
    'output files of a job, separated by commas; <suffix>:<file> names the collection, * makes a tarball',
  ),
  text('--allowNoOutput', ['OUTPUT', 'JOB'], 'patterns of outputs that a job need not write'),
  flag('--mergeOutput', ['OUTPUT'], 'merge outputs in further jobs'),
  flag('--mergeLog', ['OUTPUT'], 'merge logs too'),
  text('--mergeScript', ['OUTPUT', 'JOB'], 'command that merges %IN into %OUT'),
  { ...text('--nGBPerMergeJob', ['JOB'], 'GB of input of a merge job'), default: 'MAX' },
  text('--destSE', ['OUTPUT'], 'storage the output goes to'),
  text('--spaceToken', ['OUTPUT'], 'space token of the output'),
  flag('--noSeparateLog', ['OUTPUT'], 'jobs write no log collection'),
  flag('--official', ['OUTPUT'], 'official dataset of a group: group.<vo>.<text>; needs its production role'),
  flag('--unlimitNumOutputs', ['OUTPUT'], 'more than 10 outputs of a job'),
  text('--descriptionInLFN', ['OUTPUT'], 'has no effect any more'),
  text('--addNthFieldOfInDSToLFN', ['OUTPUT'], 'these fields of the input dataset name go into the output file names'),
  text('--addNthFieldOfInFileToLFN', ['OUTPUT'], 'these fields of the input file name go into the output file names'),
  flag('--execWithRealFileNames', ['OUTPUT'], 'the command sees the final output names'),
  flag('--allowTaskDuplication', ['OUTPUT'], 'several tasks may write to the same --outDS'),
] as const satisfies readonly OptionRow[];

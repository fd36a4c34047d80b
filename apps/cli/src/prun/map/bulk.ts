import type { InputOutput } from '../submission/submission.js';
import type { JobParameter } from './job-parameter.js';
import { quote } from './python-text.js';
import type { TaskParameters } from './task-parameters.js';

/**
 * The map of one task of a bulk submission: names of the first task replaced by its own, `%DATASET_IN`, `%DATASET_OUT` and
 * `%BULKSEQNUMBER` filled in. panda-client:pandaclient/PsubUtils.py@749e856
 */
export function mapOfBulkTask(first: TaskParameters, task: InputOutput, sequence: number): TaskParameters {
  const outDS = task.outDS.replace(/\/$/, '');
  const before = String(first.taskName).replace(/\/$/, '');
  const rename = (text: string) => text.replaceAll(before, outDS);
  const items = first.jobParameters as readonly JobParameter[];
  return {
    ...first,
    taskName: task.outDS,
    ...(task.inDS === '' ? {} : { dsForIN: task.inDS }),
    ...(first.log === undefined ? {} : { log: renamed(first.log as JobParameter, rename) }),
    ...(first.log_merge === undefined ? {} : { log_merge: renamed(first.log_merge as JobParameter, rename) }),
    jobParameters: items.map((item) => itemOfTask(item, { task, outDS, sequence, oldInput: first.dsForIN, before, rename })),
  };
}

interface Replacement {
  readonly task: InputOutput;
  readonly outDS: string;
  readonly sequence: number;
  readonly oldInput: unknown;
  readonly before: string;
  readonly rename: (text: string) => string;
}

function itemOfTask(item: JobParameter, { task, outDS, sequence, oldInput, before, rename }: Replacement): JobParameter {
  if (typeof item.dataset === 'string') {
    if (item.dataset === oldInput && task.inDS !== '') return { ...item, dataset: task.inDS };
    return item.dataset.startsWith(before) ? renamed(item, rename) : item;
  }
  const value = String(item.value)
    .replaceAll(quote('%DATASET_IN'), quote(task.inDS))
    .replaceAll(quote('%DATASET_OUT'), quote(outDS))
    .replaceAll(quote('%BULKSEQNUMBER'), String(sequence));
  return { ...item, value: rename(value) };
}

function renamed(item: JobParameter, rename: (text: string) => string): JobParameter {
  const texts = Object.entries(item).filter(
    ([key, value]) => ['dataset', 'container', 'value'].includes(key) && typeof value === 'string',
  );
  return { ...item, ...Object.fromEntries(texts.map(([key, value]) => [key, rename(String(value))])) };
}

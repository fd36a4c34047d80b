import { claimedNames, datasetName, type ParameterFault, type TaskParameters } from '@panda/domain';
import type { Identity } from '../auth/caller.js';
import { foreignRefusal, nameRefusal } from '../data/name-rights.js';

/**
 * Names in a valid map that its submitter may not take: datasets are taken as if the caller registered them, files and tasks may have
 * names without a scope. What the stored map of the task (`before`) has was judged then, perhaps for somebody with more rights.
 */
export function nameFaults(map: TaskParameters, caller: Identity, before?: TaskParameters): ParameterFault[] {
  const had = new Set((before ? claimedNames(before) : []).map(({ kind, name }) => `${kind} ${name}`));
  const task = before?.taskName === map.taskName ? null : foreignRefusal(datasetName(String(map.taskName)), caller);
  const claimed = claimedNames(map).filter(({ kind, name }) => !had.has(`${kind} ${name}`));
  return [
    ...(task === null ? [] : [{ key: 'taskName', reason: task }]),
    ...claimed.flatMap(({ key, kind, name }): ParameterFault[] => {
      const refusal = (kind === 'dataset' ? nameRefusal : foreignRefusal)(datasetName(name), caller);
      return refusal === null ? [] : [{ key, reason: `${name.slice(0, 80)}: ${refusal}` }];
    }),
  ];
}

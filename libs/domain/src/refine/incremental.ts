import type { ParameterItem, TaskParameters } from './parameters.js';

/** Keys of the old map that the new run must ask for again. */
const dropped = ['nFiles', 'fixedSandbox'];

/**
 * The map of an incremental execution: new values over old ones, `null` deletes. When a fixed sandbox is given, `-a <archive>` in the
 * command lines and the build archive follow it. Spec: JEDI › Task Commando › incexec.
 */
export function incrementalParameters(old: TaskParameters, changes: TaskParameters): TaskParameters {
  const merged: Record<string, unknown> = { ...old };
  for (const key of dropped) delete merged[key];
  for (const [key, value] of Object.entries(changes)) {
    if (value === null) delete merged[key];
    else merged[key] = value;
  }
  return typeof merged.fixedSandbox === 'string' ? withSandbox(merged, merged.fixedSandbox) : merged;
}

const archive = /(^|\s)-a\s+\S+/;

function withSandbox(map: Record<string, unknown>, sandbox: string): TaskParameters {
  const line = (text: string) => text.replace(archive, `$1-a ${sandbox.replaceAll('$', '$$$$')}`);
  const items = (map.jobParameters as readonly ParameterItem[]).map((item) =>
    item.value === undefined ? item : { ...item, value: line(item.value) },
  );
  const result: Record<string, unknown> = { ...map, jobParameters: items };
  const build = map.buildSpec as TaskParameters | undefined;
  if (build) result.buildSpec = { ...build, archiveName: sandbox };
  const merge = map.mergeSpec as TaskParameters | undefined;
  if (merge && typeof merge.jobParameters === 'string') result.mergeSpec = { ...merge, jobParameters: line(merge.jobParameters) };
  return result;
}

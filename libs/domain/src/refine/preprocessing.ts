import type { DatasetSpec } from '../dataset/dataset-spec.js';
import { splitRuleValues } from '../split-rule/index.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { OutputTemplate } from './output-datasets.js';
import { isGiven, type TaskParameters, Unrefinable } from './parameters.js';

/** Rows of the step that runs before the task: one unit of input that keeps count, and a log. */
export interface PreprocessPlan {
  readonly task: TaskSpec;
  /** One file, `lfn`, usable at once. */
  readonly input: DatasetSpec;
  readonly lfn: string;
  readonly maxAttempt: number;
  readonly log: DatasetSpec;
  readonly template: OutputTemplate;
}

/**
 * The plan of the preprocessing step; undefined when the map has none or it has run. Throws Unrefinable when it has run and left no
 * result: what the task asks for stays unknown. Spec: Basic Concepts › topreprocess.
 */
export function preprocessPlan(
  map: TaskParameters,
  task: TaskSpec,
  preprocessed: TaskParameters | undefined,
  unique: () => string,
): PreprocessPlan | undefined {
  if (!isGiven(map, 'preproSpec') || preprocessed !== undefined) return undefined;
  if (task.splitRule.get('usePrePro') === splitRuleValues.usePrePro.done)
    throw new Unrefinable('the preprocessing job left no JSON object with values for the task');
  const bare = { containerName: null, attributes: null, storageToken: null, destination: null, vo: task.vo };
  const logName = `panda.pp.log.${unique()}.${task.jediTaskId}`;
  return {
    task: { ...task, splitRule: task.splitRule.with('usePrePro', splitRuleValues.usePrePro.toDo) },
    input: { ...bare, datasetName: `panda.pp.in.${unique()}.${task.jediTaskId}`, type: 'pp_input', streamName: null },
    lfn: 'pseudo_lfn',
    maxAttempt: 3,
    log: { ...bare, datasetName: logName, type: 'tmpl_pp_log', streamName: 'PP_LOG' },
    template: { streamName: 'PP_LOG', filenameTemplate: `${logName}._\${SN}.log.tgz`, serialNr: 1, outtype: 'log' },
  };
}

/** Values anywhere in the map that equal a placeholder are replaced by what the preprocessing job found. */
export function withPreprocessResult(map: TaskParameters, result: TaskParameters | undefined): TaskParameters {
  return result === undefined ? map : (replaced(map, result) as TaskParameters);
}

function replaced(value: unknown, result: TaskParameters): unknown {
  if (typeof value === 'string') return Object.hasOwn(result, value) ? result[value] : value;
  if (Array.isArray(value)) return value.map((item) => replaced(item, result));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replaced(inner, result)]));
}

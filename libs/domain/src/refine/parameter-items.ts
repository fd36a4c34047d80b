import { isGiven, isTrue, type ParameterItem, type TaskParameters } from './parameters.js';

/** The marker clients put between groups of items. */
const DELIMITER = '__delimiter__';

const placeholder = (name: string) => `\${${name}}`;

/**
 * All items that may bring a dataset, in the order datasets are numbered: a pseudo input first when there is no input, then the command
 * line, the log or logs, the merged log, and a seed dataset when a seed is asked for.
 * panda-jedi:pandajedi/jedirefine/TaskRefinerBase.py@42f4bb41.
 */
export function datasetItems(map: TaskParameters): readonly ParameterItem[] {
  const line = map.jobParameters as readonly ParameterItem[];
  const items = [...line, ...logItems(map.log), ...logItems(map.log_merge)];
  if (isTrue(map, 'noInput')) items.unshift(templateItem('pseudo_dataset', 'pseudo_input'));
  if (asksForSeed(line)) items.push(templateItem('RNDMSEED', 'random_seed'));
  return items;
}

function logItems(log: unknown): readonly ParameterItem[] {
  if (log === undefined || log === null) return [];
  return (Array.isArray(log) ? log : [log]) as readonly ParameterItem[];
}

function templateItem(dataset: string, param_type: string): ParameterItem {
  return { type: 'template', value: '', dataset, param_type };
}

function asksForSeed(line: readonly ParameterItem[]): boolean {
  return line.some((item) => isNumber(item) && item.value?.includes(placeholder('RNDMSEED')));
}

const isNumber = (item: ParameterItem) => item.type === 'template' && item.param_type === 'number';

/** The text inside the first `${…}` of a value, up to a `/`; null without one. */
export function streamNameOf(value: string | undefined): string | null {
  const found = /\$\{([^}]+)\}/.exec(value ?? '');
  return found?.[1]?.split('/')[0] ?? null;
}

/** Starting values that `number` items carry; they live in the split rule. */
export function numberOffsets(map: TaskParameters): { randomSeed?: number; firstEvent?: number } {
  const offsets: { randomSeed?: number; firstEvent?: number } = {};
  for (const item of map.jobParameters as readonly ParameterItem[]) {
    if (!isNumber(item) || item.hidden === true) continue;
    const offset = Number(item.offset ?? 0);
    if (item.value?.includes(placeholder('RNDMSEED'))) offsets.randomSeed = offset;
    else if (item.value?.includes(placeholder('FIRSTEVENT')) && item.offset !== undefined) offsets.firstEvent = offset;
  }
  return offsets;
}

/**
 * The command line of every job, placeholders unresolved: values joined by a blank unless `padding` is false; hidden items are silent.
 * `printed` gives an item's text: outputs print their stream, not their file name template.
 */
export function jobParametersTemplate(map: TaskParameters, printed: (item: ParameterItem) => string, esMerge: boolean): string {
  let text = '';
  for (const item of map.jobParameters as readonly ParameterItem[]) {
    if (item.value === undefined || item.hidden === true || item.value === DELIMITER) continue;
    const value = printed(item);
    text += item.es_only === true ? `<PANDA_ES_ONLY>${value}</PANDA_ES_ONLY>` : value;
    if (item.padding !== false) text += ' ';
  }
  text = text.slice(0, -1);
  return esMerge ? text + esMergeTail(map) : text;
}

function esMergeTail(map: TaskParameters): string {
  const step = (isGiven(map, 'esmergeSpec') ? map.esmergeSpec : {}) as TaskParameters;
  const path = step.transPath ?? 'UnDefined';
  const line = step.jobParameters ?? 'UnDefined';
  return `<PANDA_ESMERGE_TRF>${path}</PANDA_ESMERGE_TRF><PANDA_ESMERGE_JOBP>${line}</PANDA_ESMERGE_JOBP>`;
}

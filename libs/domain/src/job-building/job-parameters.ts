import type { TaskParameters } from '../refine/parameters.js';
import { hasDynamicEvents } from '../splitting/split-limits.js';
import type { SubChunk, SubChunkInput } from '../splitting/sub-chunk.js';
import type { TaskSpec } from '../task/task-spec.js';
import { serialText } from './output-names.js';
import type { TemplateValues } from './parameter-template.js';

/** Input and output of a job by stream, as command lines name them. */
export interface StreamFiles {
  readonly files: Map<string, readonly string[]>;
  readonly listNames: Map<string, string>;
}

/** Streams of the input: names sorted; merge input is called TRN_ after what it is merged into. */
export function inputStreams(subChunk: SubChunk, task: TaskSpec, parameters: TaskParameters, isMerging: boolean): StreamFiles {
  const files = new Map<string, readonly string[]>();
  const listNames = new Map<string, string>();
  for (const input of subChunk.inputs) {
    const pfns = task.splitRule.get('pfnList') && input.isMaster && input.dataset.isPseudo ? pfnsOf(parameters) : undefined;
    const stream = pfns !== undefined ? 'IN' : `${isMerging ? 'TRN_' : ''}${input.dataset.streamName ?? ''}`;
    const names = input.files.length === 1 ? [(input.files[0] as { lfn: string }).lfn] : sortedNames(input, task, isMerging);
    files.set(stream, pfns === undefined ? names : names.map((name) => pfns[Number.parseInt(name, 10)] ?? name));
    listNames.set(stream, listNameOf(input));
  }
  return { files, listNames };
}

function sortedNames(input: SubChunkInput, task: TaskSpec, isMerging: boolean): readonly string[] {
  const names = input.files.map((file) => file.lfn);
  return (!isMerging && hasDynamicEvents(task) ? [...new Set(names)] : names).sort();
}

function pfnsOf(parameters: TaskParameters): readonly string[] {
  return Array.isArray(parameters.pfnList) ? parameters.pfnList.map(String) : [];
}

function listNameOf({ dataset }: SubChunkInput): string {
  const name = (dataset.containerName || dataset.datasetName).replace(/\/$/, '');
  return name.slice(name.indexOf(':') + 1);
}

/** Numbers of the master's events: where the job starts, how many it has, the number of the first. */
export function eventNumbers(subChunk: SubChunk): { skip: number; max: number; first: number | null } {
  let [max, skip, first]: [number, number | null, number | null] = [0, null, null];
  for (const file of subChunk.inputs.find((input) => input.isMaster)?.files ?? []) {
    first ??= file.firstEvent;
    skip ??= file.startEvent;
    if (file.startEvent !== null && file.endEvent !== null) max += file.endEvent - file.startEvent + 1;
  }
  return { skip: skip ?? 0, max, first };
}

export interface TextValues {
  readonly serialNr: number;
  readonly seed: number | undefined;
  readonly events: ReturnType<typeof eventNumbers>;
  readonly sourceUrl: string | undefined;
  readonly attemptNr: number;
  readonly middleName: string;
  readonly lib: string | undefined;
  readonly segment: { readonly id: number; readonly name: string } | undefined;
}

/** Placeholders that stand for numbers and texts; undefined ones stay as they are. */
export function textValues(values: TextValues): TemplateValues['texts'] {
  const given: [string, string | number | null | undefined][] = [
    ['SN', values.serialNr],
    ['SN/P', serialText(values.serialNr)],
    ['RNDMSEED', values.seed],
    ['MAXEVENTS', values.events.max],
    ['SKIPEVENTS', values.events.skip],
    ['FIRSTEVENT', values.events.first],
    ['SURL', values.sourceUrl],
    ['ATTEMPTNR', values.attemptNr],
    ['LIB', values.lib],
    ['MIDDLENAME', values.middleName],
    ['SEGMENT_ID', values.segment?.id],
    ['SEGMENT_NAME', values.segment?.name],
  ];
  const texts = new Map<string, string>();
  for (const [name, value] of given) if (value !== undefined && value !== null) texts.set(name, String(value));
  return texts;
}

/** Names of merged files inside the command line become the names that jobs really write: `panda.um.…`. */
export function withUnmergedNames(text: string, unmergedLfns: readonly string[]): string {
  let result = text;
  for (const lfn of unmergedLfns) {
    if (lfn.startsWith(UNMERGED)) result = result.replaceAll(lfn.slice(UNMERGED.length), lfn);
  }
  return result.replaceAll(UNMERGED + UNMERGED, UNMERGED);
}

const UNMERGED = 'panda.um.';

/** Steps around the payload ride behind the parameters; the server takes them off again when it hands the job out. */
export function withSteps(line: string, parameters: TaskParameters, transformation: string): string {
  const steps = parameters.multiStepExec;
  if (typeof steps !== 'object' || steps === null) return line;
  const filled = JSON.stringify(steps, (_, value: unknown) =>
    typeof value === 'string' ? value.replaceAll(`\${TRF_ARGS}`, line).replaceAll(`\${TRF}`, transformation) : value,
  );
  return `${line}<MULTI_STEP_EXEC>${filled}</MULTI_STEP_EXEC>`;
}

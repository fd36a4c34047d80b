import { evaluateFormula } from './arithmetic.js';
import { compactList, pythonList, unquoted } from './file-list.js';

/** A placeholder that a job cannot do without has nothing to stand for: the task is broken with this message. */
export class UnresolvedPlaceholder extends Error {
  constructor(readonly placeholder: string) {
    super(`unresolved ${placeholder} when making job parameters`);
    this.name = 'UnresolvedPlaceholder';
  }
}

/** What one job puts into the template. */
export interface TemplateValues {
  /** File names by stream, in the order to print. */
  readonly files: ReadonlyMap<string, readonly string[]>;
  /** Name for the file that lists a stream (`/F`), by stream. */
  readonly listNames: ReadonlyMap<string, string>;
  /** Numbers and texts by placeholder. */
  readonly texts: ReadonlyMap<string, string>;
}

interface Placeholder {
  readonly raw: string;
  readonly name: string;
  readonly streams: readonly string[];
  readonly slice: string | undefined;
  readonly decorators: string;
}

export interface CompiledTemplate {
  /** Throws UnresolvedPlaceholder and FormulaError. */
  render(values: TemplateValues): string;
}

/** Splits a template once; rendering a job is then a walk over its pieces. */
export function compileTemplate(text: string): CompiledTemplate {
  const pieces = text.split(/(\$\{[^}]+\})/).map((piece) => (/^\$\{[^}]+\}$/.test(piece) ? placeholderOf(piece) : piece));
  return {
    render: (values) => pieces.map((piece) => (typeof piece === 'string' ? piece : rendered(piece, values))).join(''),
  };
}

/** `${A,B[0:2]/T}`: streams, the slice of the last one, decorators. */
function placeholderOf(raw: string): Placeholder {
  const name = raw.slice(2, -1);
  const [head = ''] = name.split('/');
  const bracket = head.indexOf('[');
  return {
    raw,
    name,
    streams: (bracket < 0 ? head : head.slice(0, bracket)).split(','),
    slice: bracket < 0 ? undefined : head.slice(bracket),
    decorators: name.slice(head.length),
  };
}

function rendered(placeholder: Placeholder, values: TemplateValues): string {
  const files = filesOf(placeholder, values);
  if (files !== undefined && files.length > 0) return listed(placeholder, files, values);
  const text = values.texts.get(placeholder.name);
  if (text !== undefined) return text;
  if (placeholder.name.startsWith('IN') || placeholder.name === 'SEQNUMBER') throw new UnresolvedPlaceholder(placeholder.raw);
  // Unknown placeholders are for whoever runs the job.
  return placeholder.raw;
}

/** The files a placeholder stands for; undefined when it names no stream of the job, or its slice is no slice. */
function filesOf({ streams, slice }: Placeholder, { files }: TemplateValues): readonly string[] | undefined {
  const lists = streams.flatMap((stream) => files.get(stream) ?? []);
  return slice === undefined ? lists : sliced(lists, slice);
}

const sliceForm = /^\[(-?\d*)(?::(-?\d*))?(?::(-?\d*))?\]$/;

/** Python's slices, and single indices as a list of one. Anything else is no slice. */
function sliced(list: readonly string[], text: string): readonly string[] | undefined {
  const found = sliceForm.exec(text);
  if (!found || found.slice(1).includes('-')) return undefined;
  const [start, stop, step] = found.slice(1);
  if (stop === undefined) return start === '' ? undefined : list.slice(Number(start)).slice(0, 1);
  const by = step === undefined || step === '' ? 1 : Number(step);
  if (by === 0) return undefined;
  const [low, high] = by > 0 ? [0, list.length] : [-1, list.length - 1];
  const bound = (given: string | undefined, absent: number) => {
    if (given === undefined || given === '') return absent;
    const index = Number(given) < 0 ? Number(given) + list.length : Number(given);
    return Math.max(low, Math.min(high, index));
  };
  const [from, to] = by > 0 ? [bound(start, 0), bound(stop, list.length)] : [bound(start, high), bound(stop, -1)];
  const picked: string[] = [];
  for (let i = from; by > 0 ? i < to : i > to; i += by) picked.push(list[i] as string);
  return picked;
}

function listed({ streams, decorators }: Placeholder, files: readonly string[], values: TemplateValues): string {
  const formula = /\/M\[([^\]]+)\]/.exec(decorators)?.[1];
  if (formula !== undefined) return evaluateFormula(formula, files[0] as string);
  if (decorators.includes('/L')) {
    const quoted = decorators.includes('/A') ? files.map((file) => `'${file}'`) : files;
    return quoted.join(decorators.includes('/S') ? ' ' : ',');
  }
  if (decorators.includes('/T')) return pythonList(files);
  if (decorators.includes('/F')) return `tmpin_${values.listNames.get(streams[0] ?? '') ?? ''}`;
  if (decorators.includes('/E')) return unquoted(files.join(','));
  return compactList(files);
}

const esTags = /<PANDA_ES_ONLY>[^<]*<\/PANDA_ES_ONLY>|<PANDA_ESMERGE[^>]*>[^<]*<\/PANDA_ESMERGE[^>]*>/g;

/** Parameters for event service only: kept bare when the job is one, gone otherwise. */
export function withoutEventServiceTags(text: string, isEventService: boolean): string {
  return isEventService ? text.replace(/<\/?PANDA_ES_ONLY>/g, '') : text.replace(esTags, '');
}

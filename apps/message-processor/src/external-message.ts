import { Unprocessable } from '@panda/bus';

const KINDS = ['file', 'collection', 'work'] as const;
const PROCESSES = ['stagein', 'activelearning', 'hyperparameteropt', 'processing'] as const;

/** A file or dataset of a message. */
export interface OutsideItem {
  readonly scope: string | null;
  readonly name: string;
  readonly status: string;
  /** Free text of the process: for points of a search, JSON that names the model. */
  readonly path: string | null;
}

/** A message of iDDS about the work it does for a task. Spec: Message Processor; idds: main/lib/idds/agents/transporter. */
export interface ExternalMessage {
  readonly type: string;
  readonly kind: (typeof KINDS)[number];
  readonly process: (typeof PROCESSES)[number];
  readonly jediTaskId: number;
  readonly relation: string | null;
  readonly items: readonly OutsideItem[];
}

/** Types that are valid, but say nothing to us. */
export interface IgnoredMessage {
  readonly ignored: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the body; types nobody handles come back as ignored. Throws Unprocessable for what no outside system should send. */
export function readExternalMessage(payload: unknown): ExternalMessage | IgnoredMessage {
  const body = objectOf(payload);
  const type = body.msg_type;
  if (typeof type !== 'string' || type === '') throw malformed('the message has no msg_type');
  const [, kind, process] = /^([a-z]+)_([a-z]+)$/.exec(type.toLowerCase()) ?? [];
  if (!isOneOf(KINDS, kind) || !isOneOf(PROCESSES, process)) return { ignored: type };
  const list = kind === 'file' ? body.files : kind === 'collection' ? body.collections : [];
  if (!Array.isArray(list)) throw malformed(`${type} has no list of ${kind}s`);
  return {
    type,
    kind,
    process,
    jediTaskId: taskId(body),
    relation: typeof body.relation_type === 'string' ? body.relation_type : null,
    items: list.map((item) => itemOf(objectOf(item), type)),
  };
}

function itemOf(item: Fields, type: string): OutsideItem {
  const { name, scope, status, path } = item;
  if ((typeof name !== 'string' && typeof name !== 'number') || name === '')
    throw malformed(`${type} holds an item without name`);
  if (typeof status !== 'string') throw malformed(`${type} holds an item without status`);
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null);
  return { name: String(name), scope: text(scope), status, path: text(path) };
}

function taskId({ workload_id: id }: Fields): number {
  const number = typeof id === 'string' && /^\d{1,15}$/.test(id) ? Number(id) : id;
  if (typeof number !== 'number' || !Number.isSafeInteger(number) || number <= 0) throw malformed('workload_id is no task');
  return number;
}

export function objectOf(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw malformed('the message is no JSON object');
}

function isOneOf<const W extends string>(words: readonly W[], word: string | undefined): word is W {
  return words.some((known) => known === word);
}

export function malformed(message: string): Unprocessable {
  return new Unprocessable('malformed', message);
}

import { errorCatalogue, type FactsOf, type FactValue, type PandaErrorCode } from './catalogue.js';
import { type ErrorKind, type ErrorRow, httpStatusOfKind, type LegacyStatusCode, legacyStatusOfKind } from './error-row.js';

export interface PandaErrorOptions {
  readonly cause?: unknown;
  /** Further facts for log and answer that the sentence does not name. */
  readonly more?: Readonly<Record<string, FactValue>>;
}

/** Longest text of one fact, and of the whole sentence, in an answer. */
const factMax = 200;
const sentenceMax = 300;

/**
 * The one error of the fleet. Layers throw it; only the gateway turns it into an answer, and only the agents decide whether to
 * repeat, park or dead-letter.
 */
export class PandaError<C extends PandaErrorCode = PandaErrorCode> extends Error {
  readonly kind: ErrorKind;
  readonly hint: string;
  readonly facts: Readonly<Record<string, FactValue>>;

  constructor(
    readonly code: C,
    facts: FactsOf<C>,
    options: PandaErrorOptions = {},
  ) {
    const row: ErrorRow = errorCatalogue[code];
    const all = { ...(facts as Readonly<Record<string, FactValue>>), ...options.more };
    super(renderSentence(row.sentence, all), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'PandaError';
    this.kind = row.kind;
    this.hint = row.hint;
    this.facts = all;
  }

  /** HTTP status where the error is answered as plain HTTP. */
  get http(): number {
    const row: ErrorRow = errorCatalogue[this.code];
    return row.http ?? httpStatusOfKind[row.kind];
  }

  /** StatusCode of the classic pilot protocol. */
  get legacyStatus(): LegacyStatusCode {
    const row: ErrorRow = errorCatalogue[this.code];
    return row.legacy ?? legacyStatusOfKind[row.kind];
  }
}

/**
 * One line of at most 300 characters. Facts often come from callers: control characters are escaped and long texts are cut, so that
 * no answer and no log line can be forged through them.
 */
export function renderSentence(sentence: string, facts: Readonly<Record<string, FactValue>>): string {
  const rendered = sentence.replace(/\{(\w+)\}/g, (whole, name: string) =>
    Object.hasOwn(facts, name) ? plain(facts[name]) : whole,
  );
  return cut(rendered, sentenceMax);
}

function plain(value: FactValue | undefined): string {
  const escaped = JSON.stringify(String(value)).slice(1, -1).replaceAll('\\"', '"');
  return cut(escaped.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, codePoint), factMax);
}

function codePoint(char: string): string {
  return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function cut(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1)}…`;
}

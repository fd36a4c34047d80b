import { type SplitRuleKey, splitRuleCodes } from './split-rule-codes.js';

/** Width of `jedi_tasks.splitrule`. */
export const SPLIT_RULE_WIDTH = 200;

type KindOf<K extends SplitRuleKey> = (typeof splitRuleCodes)[K]['kind'];

/** What reading a key gives: a claim for flags and switches, a number, the list or the text otherwise. */
export type SplitRuleValue<K extends SplitRuleKey> =
  KindOf<K> extends 'flag' | 'switch'
    ? boolean
    : KindOf<K> extends 'list'
      ? readonly number[] | undefined
      : KindOf<K> extends 'text'
        ? string | undefined
        : number | undefined;

/**
 * The parsed `splitRule` column of a task: immutable, keeps the order and the codes it does not know, so that an older service
 * never loses what a newer one wrote. Column text: `XX=value` joined by commas; a comma list belongs to the code before it.
 */
export class SplitRule {
  static readonly empty = new SplitRule(new Map());

  private constructor(private readonly entries: ReadonlyMap<string, string>) {}

  /** Null and empty give the empty rule; a fragment without `=` continues the list before it. */
  static parse(text: string | null | undefined): SplitRule {
    const entries = new Map<string, string>();
    let last: string | undefined;
    for (const fragment of (text ?? '').split(',')) {
      const at = fragment.indexOf('=');
      if (at > 0) {
        last = fragment.slice(0, at).trim();
        entries.set(last, fragment.slice(at + 1).trim());
      } else if (last !== undefined && fragment.trim() !== '') {
        entries.set(last, `${entries.get(last)},${fragment.trim()}`);
      }
    }
    return new SplitRule(entries);
  }

  get<K extends SplitRuleKey>(key: K): SplitRuleValue<K> {
    const { code, kind } = splitRuleCodes[key];
    return readValue(kind, this.entries.get(code)) as SplitRuleValue<K>;
  }

  /** Whether the code is written, whatever its value. */
  has(key: SplitRuleKey): boolean {
    return this.entries.has(splitRuleCodes[key].code);
  }

  /** A rule with `key` set, in its old place when it was there. Throws RangeError when the value does not fit the code's kind. */
  with(key: SplitRuleKey, value: number | boolean | string | readonly number[]): SplitRule {
    const { code, kind } = splitRuleCodes[key];
    return new SplitRule(new Map(this.entries).set(code, writeValue(key, kind, value)));
  }

  without(key: SplitRuleKey): SplitRule {
    const entries = new Map(this.entries);
    entries.delete(splitRuleCodes[key].code);
    return new SplitRule(entries);
  }

  toString(): string {
    return [...this.entries].map(([code, value]) => `${code}=${value}`).join(',');
  }
}

function readValue(kind: string, raw: string | undefined): unknown {
  switch (kind) {
    case 'flag':
      return raw !== undefined;
    case 'switch':
      return raw === '1';
    case 'text':
      return raw;
    case 'list':
      return raw === undefined ? undefined : raw.split(',').map(Number);
    default:
      return raw === undefined || !/^-?\d+$/.test(raw) ? undefined : Number(raw);
  }
}

const forms: Record<string, RegExp> = {
  flag: /^\d+$/,
  switch: /^[01]$/,
  count: /^\d+$/,
  signed: /^-?\d+$/,
  list: /^-?\d+(,-?\d+)*$/,
  text: /^[^,=]+$/,
};

function writeValue(key: string, kind: string, value: number | boolean | string | readonly number[]): string {
  const text = typeof value === 'boolean' ? String(Number(value)) : String(value);
  if (!forms[kind]?.test(text)) throw new RangeError(`${key}: '${text.slice(0, 40)}' is not a ${kind}`);
  return text;
}

/** Help groups of prun. Feature CLIENT-12. */
export const optionGroups = [
  'PRINT',
  'PRUN',
  'CONFIG',
  'INPUT',
  'OUTPUT',
  'JOB',
  'BUILD',
  'SUBMIT',
  'EVTFILTER',
  'EXPERT',
  'CONTAINERJOB',
] as const;
export type OptionGroup = (typeof optionGroups)[number];

/** One option of the real prun: its spellings, the name its value is kept under, its default. panda-client:pandaclient/PrunScript.py@749e856 */
export interface OptionRow {
  readonly flags: readonly string[];
  /** Also the name in `--loadJson` and `--dumpJson` files. */
  readonly dest: string;
  /** `text` and `integer` take a value; `list` takes one each time it is given; `flag` takes none. */
  readonly kind: 'text' | 'integer' | 'flag' | 'list';
  readonly default?: string | number | boolean;
  /** Value of a flag when it is given; true unless said otherwise. */
  readonly given?: boolean;
  readonly groups: readonly OptionGroup[];
  /** Absent: the option works but is not shown. */
  readonly help?: string;
}

type ValueOf<R extends OptionRow> = R['kind'] extends 'flag'
  ? boolean
  : R['kind'] extends 'list'
    ? readonly string[]
    : R['kind'] extends 'integer'
      ? R extends { default: number }
        ? number
        : number | undefined
      : R extends { default: string }
        ? string
        : string | undefined;

/** The values of a table's options by their names. */
export type ValuesOf<T extends readonly OptionRow[]> = { -readonly [R in T[number] as R['dest']]: ValueOf<R> };

type NameOf<F extends string> = F extends `--${infer N}` ? N : F extends `-${infer N}` ? N : F;

/** An option with a text; empty when not given. */
export function text<const F extends string>(flag: F, groups: readonly OptionGroup[], help?: string) {
  return { ...row(flag, groups, help), kind: 'text', default: '' } as const;
}

/** An option with a text, undefined when not given. */
export function optionalText<const F extends string>(flag: F, groups: readonly OptionGroup[], help?: string) {
  return { ...row(flag, groups, help), kind: 'text' } as const;
}

export function integer<const F extends string>(flag: F, fallback: number, groups: readonly OptionGroup[], help?: string) {
  return { ...row(flag, groups, help), kind: 'integer', default: fallback } as const;
}

/** An option with a whole number, undefined when not given. */
export function optionalInteger<const F extends string>(flag: F, groups: readonly OptionGroup[], help?: string) {
  return { ...row(flag, groups, help), kind: 'integer' } as const;
}

export function flag<const F extends string>(name: F, groups: readonly OptionGroup[], help?: string) {
  return { ...row(name, groups, help), kind: 'flag' } as const;
}

export function list<const F extends string>(name: F, groups: readonly OptionGroup[], help?: string) {
  return { ...row(name, groups, help), kind: 'list' } as const;
}

function row<const F extends string>(flag: F, groups: readonly OptionGroup[], help: string | undefined) {
  const dest = flag.replace(/^--?/, '') as NameOf<F>;
  return { flags: [flag] as readonly string[], dest, groups, ...(help === undefined ? {} : { help }) };
}

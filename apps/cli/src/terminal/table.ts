import Table from 'cli-table3';

export interface Column<T> {
  readonly head: string;
  readonly value: (row: T) => unknown;
  readonly right?: boolean;
  /** Paints a finished cell. */
  readonly paint?: (text: string, row: T) => string;
}

const NO_LINES = Object.fromEntries(
  ['top', 'bottom', 'left', 'right', 'mid']
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat('middle')
    .map((name) => [name, '']),
);

/** Aligned columns without lines, good for reading and for `awk`; the last column is not padded. */
export function table<T>(columns: readonly Column<T>[], rows: readonly T[]): string {
  const sheet = new Table({
    head: columns.map(({ head }) => head),
    colAligns: columns.map(({ right }) => (right ? 'right' : 'left')),
    chars: NO_LINES,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 2 },
  });
  for (const row of rows) sheet.push(columns.map(({ value, paint }) => painted(cell(value(row)), row, paint)));
  return sheet
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}

/** Attributes of one object, a line each; those without a value are left out. */
export function facts(pairs: readonly (readonly [string, unknown])[]): string {
  const shown = pairs.map(([name, value]) => [name, cell(value)] as const).filter(([, text]) => text !== '');
  const width = Math.max(0, ...shown.map(([name]) => name.length));
  return shown.map(([name, text]) => `${name.padEnd(width)}  ${text}`).join('\n');
}

function painted<T>(text: string, row: T, paint: Column<T>['paint']): string {
  return paint === undefined ? text : paint(text, row);
}

export function cell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '' : value.toISOString().slice(0, 19).replace('T', ' ');
  return printable(typeof value === 'object' ? JSON.stringify(value) : String(value));
}

/** Names and messages come from other people: control characters could move the cursor or forge a line. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is taken out
  return text.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, ' ');
}

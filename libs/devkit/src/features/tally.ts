import type { TestOutcome } from '../suite/results.js';
import type { FeatureRow } from './rows.js';

export interface GroupTally {
  group: string;
  total: number;
  proven: number;
  information: number;
  open: number;
}

export interface Tally {
  groups: GroupTally[];
  /** Proven rows with the tests that prove them. */
  proofs: Map<string, string[]>;
  /** Row-like IDs in test titles that no row has: a typing error would else silently prove nothing. */
  unknown: string[];
}

const ROW_ID = /\b[A-Z][A-Za-z]*(?:-[A-Za-z]+)*-\d+\b/g;

/** A row is proven when a test whose title carries its ID ran and passed, and no such test failed. */
export function tally(rows: readonly FeatureRow[], outcomes: readonly TestOutcome[]): Tally {
  const known = new Map(rows.map((row) => [row.id, row]));
  const groups = new Set(rows.map((row) => row.group));
  const passed = new Map<string, string[]>();
  const failed = new Set<string>();
  const unknown = new Set<string>();
  for (const outcome of outcomes) {
    for (const id of outcome.title.match(ROW_ID) ?? []) {
      if (!known.has(id)) {
        if (groups.has(id.slice(0, id.lastIndexOf('-')))) unknown.add(id);
      } else if (outcome.status === 'passed') passed.set(id, [...(passed.get(id) ?? []), outcome.title]);
      else if (outcome.status === 'failed') failed.add(id);
    }
  }
  const proofs = new Map([...passed].filter(([id]) => !failed.has(id)));
  return { groups: [...groups].map((group) => count(group, rows, proofs)), proofs, unknown: [...unknown].sort() };
}

function count(group: string, rows: readonly FeatureRow[], proofs: ReadonlyMap<string, unknown>): GroupTally {
  const own = rows.filter((row) => row.group === group);
  const proven = own.filter((row) => proofs.has(row.id)).length;
  const information = own.filter((row) => row.kind === 'information' && !proofs.has(row.id)).length;
  return { group, total: own.length, proven, information, open: own.length - proven - information };
}

/** The closing line of the table. */
export function sum(groups: readonly GroupTally[]): GroupTally {
  const add = (key: 'total' | 'proven' | 'information' | 'open') => groups.reduce((total, group) => total + group[key], 0);
  return { group: 'all', total: add('total'), proven: add('proven'), information: add('information'), open: add('open') };
}

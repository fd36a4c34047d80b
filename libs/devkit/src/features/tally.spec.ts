import { describe, expect, it } from '@jest/globals';
import { featureRows, parseRows } from './rows.js';
import { sum, tally } from './tally.js';

const rows = parseRows(
  [
    'id\tgroup\tkind\tfeature',
    'PRIO-01\tPRIO\tcheck\ta',
    'PRIO-02\tPRIO\tcheck\tb',
    'CLI-prun-01\tCLI-prun\tcheck\tc',
    'DB-02\tDB\tinformation\td',
  ].join('\n'),
);
const passed = (title: string) => ({ title, status: 'passed' as const });
const failed = (title: string) => ({ title, status: 'failed' as const });

describe('the features table', () => {
  it('counts a row as proven only by a test that ran and passed', () => {
    const { groups } = tally(rows, [
      passed('PRIO-01 sorts'),
      failed('PRIO-02 sorts'),
      { title: 'CLI-prun-01 submits', status: 'skipped' },
    ]);
    expect(groups).toEqual([
      { group: 'PRIO', total: 2, proven: 1, information: 0, open: 1 },
      { group: 'CLI-prun', total: 1, proven: 0, information: 0, open: 1 },
      { group: 'DB', total: 1, proven: 0, information: 1, open: 0 },
    ]);
    expect(sum(groups)).toEqual({ group: 'all', total: 4, proven: 1, information: 1, open: 2 });
  });

  it('does not call a row proven while another test of it fails', () => {
    expect(tally(rows, [passed('PRIO-01 sorts'), failed('PRIO-01 sorts equals')]).proofs.has('PRIO-01')).toBe(false);
  });

  it('takes several rows from one title, whatever stands around them', () => {
    const { proofs } = tally(rows, [passed('priorities › PRIO-01, PRIO-02: and (CLI-prun-01) too')]);
    expect([...proofs.keys()]).toEqual(['PRIO-01', 'PRIO-02', 'CLI-prun-01']);
  });

  it('reports an ID of a known group that no row has', () => {
    expect(tally(rows, [passed('PRIO-07 sorts'), passed('an error PANDA-TASK-004')]).unknown).toEqual(['PRIO-07']);
  });

  it('refuses rows that are broken, foreign to their group or there twice', () => {
    const head = 'id\tgroup\tkind\tfeature\n';
    expect(() => parseRows(`${head}PRIO-01\tPRIO\tmaybe\ta`)).toThrow(/line 2/);
    expect(() => parseRows(`${head}PRIO-01\tDB\tcheck\ta`)).toThrow(/group DB/);
    expect(() => parseRows(`${head}PRIO-01\tPRIO\tcheck\ta\nPRIO-01\tPRIO\tcheck\ta`)).toThrow(/twice/);
  });

  it('holds the whole specification: 896 rows in 63 groups', () => {
    const all = featureRows();
    expect(all).toHaveLength(896);
    expect(new Set(all.map((row) => row.group)).size).toBe(63);
  });
});

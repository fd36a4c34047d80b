/** `npm run coverage:features [-- --json] [-- --open <group>]`: how many rows of the specification are proven by tests. */
import { featureRows } from '../features/rows.js';
import { type GroupTally, sum, tally } from '../features/tally.js';
import { fingerprint } from '../repository/files.js';
import { PROJECTS } from '../suite/projects.js';
import { areFresh, outcomes } from '../suite/results.js';
import { runTests } from '../suite/run-tests.js';

function table(groups: readonly GroupTally[]): string {
  const columns = ['total', 'proven', 'information', 'open'] as const;
  const width = Math.max(...groups.map((group) => group.group.length), 'group'.length);
  const head = `${'group'.padEnd(width)} ${columns.map((column) => column.padStart(11)).join(' ')}`;
  const line = (group: GroupTally) =>
    `${group.group.padEnd(width)} ${columns.map((column) => String(group[column]).padStart(11)).join(' ')}`;
  return [head, ...groups.map(line), line(sum(groups))].join('\n');
}

if (!areFresh(fingerprint())) {
  console.error('no results of these sources in coverage/: running all tests');
  await runTests(PROJECTS);
}
const rows = featureRows();
const result = tally(rows, outcomes());
for (const id of result.unknown) console.error(`a test title names ${id}, which is no row of docs/reference/features.tsv`);

const listed = process.argv.indexOf('--open');
if (process.argv.includes('--json')) {
  console.log(JSON.stringify({ groups: result.groups }));
} else if (listed > 0) {
  const group = process.argv[listed + 1];
  for (const row of rows.filter((one) => one.group === group && one.kind === 'check' && !result.proofs.has(one.id))) {
    console.log(`${row.id}\t${row.feature}`);
  }
} else {
  console.log(table(result.groups));
}

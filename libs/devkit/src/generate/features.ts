import { featureRows } from '../features/rows.js';
import { type GeneratedFile, page, table } from './document.js';

/** docs/reference/features.md: the rows of features.tsv to read. */
export function featuresFile(): GeneratedFile {
  const rows = featureRows();
  const groups = [...new Set(rows.map((row) => row.group))];
  const sections = groups.map((group) => {
    const own = rows.filter((row) => row.group === group);
    return `## ${group}\n\n${table(
      ['row', 'feature'],
      own.map((row) => [row.id, row.kind === 'information' ? `${row.feature} *(information)*` : row.feature]),
    )}`;
  });
  const body = `What the PanDA documentation of 22 November 2021 describes, as ${rows.length} rows that can be checked. A row is proven by a test
that carries its ID in the title, runs and passes: \`npm run coverage:features\` counts them, \`npm run coverage:features -- --open SHARES\`
lists what is open in a group.

${sections.join('\n\n')}`;
  return page('docs/reference/features.md', 'Features of the specification', body);
}

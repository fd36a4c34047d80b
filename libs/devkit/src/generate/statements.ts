import { allStatements } from '@panda/database';
import { code, type GeneratedFile, page, table } from './document.js';

type Declared = ReturnType<typeof allStatements>[number];

/** Cuts the indentation that the SQL has in the source. */
function outdented(text: string): string {
  const lines = text.split('\n');
  const indents = lines
    .slice(1)
    .filter((line) => line.trim())
    .map((line) => line.length - line.trimStart().length);
  const margin = indents.length > 0 ? Math.min(...indents) : 0;
  return [lines[0] ?? '', ...lines.slice(1).map((line) => line.slice(margin))].join('\n');
}

function section(statement: Declared): string {
  const params = statement.params.map((name, index) => `$${index + 1} = ${name}`).join(', ');
  return `## ${statement.name}\n\n${params ? `Parameters: ${params}.\n\n` : ''}\`\`\`sql\n${outdented(statement.text)}\n\`\`\``;
}

/** docs/reference/statements/: every named SQL statement, one page per aggregate. */
export function statementFiles(): GeneratedFile[] {
  const aggregates = new Map<string, Declared[]>();
  for (const statement of allStatements().toSorted((a, b) => a.name.localeCompare(b.name))) {
    const aggregate = statement.name.includes('.') ? statement.name.replace(/\..*$/, '') : 'operations';
    aggregates.set(aggregate, [...(aggregates.get(aggregate) ?? []), statement]);
  }
  const index = table(
    ['aggregate', 'statements'],
    [...aggregates].map(([name, all]) => [`[${name}](${name}.md)`, all.map((one) => code(one.name)).join(', ')]),
  );
  const pages = [...aggregates].map(([name, all]) =>
    page(`docs/reference/statements/${name}.md`, `SQL of ${name}`, all.map(section).join('\n\n')),
  );
  return [page('docs/reference/statements/README.md', 'SQL statements', index), ...pages];
}

import { type Access, type AnyOperation, type Argument, type ArgumentTable, allOperations, snakeCase } from '@panda/contracts';
import { code, type GeneratedFile, page, table } from './document.js';

function whoMay({ roles, ownerOf, groupProduction, perObject }: Access): string {
  if (roles.length === 0) return 'anybody';
  const also = [ownerOf ? `the ${ownerOf}’s owner` : '', groupProduction ? 'production of its working group' : ''].filter(
    Boolean,
  );
  return [...roles, ...also].join(', ') + (perObject ? '; judged for each object' : '');
}

type Rows = readonly (readonly string[])[];

const meaningOf = ({ type, required, fallback, doc }: Argument<unknown>): string[] => [
  type,
  required ? 'yes' : '',
  fallback === undefined || fallback === null ? '' : code(JSON.stringify(fallback)),
  doc ?? '',
];

function argumentRows(args: ArgumentTable): string {
  const rows: Rows = Object.entries(args).map(([name, argument]) => [
    code(snakeCase(name)),
    code(argument.legacy),
    ...meaningOf(argument),
  ]);
  if (rows.length === 0) return 'No arguments.';
  return table(['v1 name', 'classic name', 'type', 'required', 'default', 'meaning'], rows);
}

/** An upload has parts of a multipart body instead of arguments. */
function partRows(fields: ArgumentTable = {}): string {
  const rows: Rows = Object.entries(fields).map(([name, field]) => [code(name), ...meaningOf(field)]);
  const file = [code('file'), 'bytes', 'yes', '', 'The content; the last part.'];
  return `Parts of the \`multipart/form-data\` body:\n\n${table(['part', 'type', 'required', 'default', 'meaning'], [...rows, file])}`;
}

function section(operation: AnyOperation): string {
  const forms = [
    operation.v1 ? `${operation.v1.verb} \`/api/v1/${operation.v1.path}\`` : '',
    ...(operation.legacy?.methods ?? []).map((method) => `\`/server/panda/${method}\``),
  ].filter(Boolean);
  const facts = `${forms.join(' · ')}\n\nWho may: ${whoMay(operation.access)}. Lane: ${operation.lane}.`;
  const input = operation.upload === true ? partRows(operation.fields) : argumentRows(operation.args as ArgumentTable);
  return `### ${operation.id}\n\n${operation.doc}\n\n${facts}\n\n${input}`;
}

/** docs/reference/api.md: every operation of the gateway in both dialects. */
export function operationsFile(): GeneratedFile {
  const groups = new Map<string, AnyOperation[]>();
  for (const operation of allOperations) {
    const group = operation.id.split('.')[0] ?? operation.id;
    groups.set(group, [...(groups.get(group) ?? []), operation]);
  }
  const sections = [...groups]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([group, operations]) => `## ${group}\n\n${operations.map(section).join('\n\n')}`);
  const body = `One table of operations, two dialects: \`/api/v1\` answers in an envelope \`{success, message, data}\`; the classic
\`/server/panda\` answers as each method always did. Neither has logic of its own.

${sections.join('\n\n')}`;
  return page('docs/reference/api.md', 'Operations of the gateway', body);
}

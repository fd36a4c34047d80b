import { allKeys, allOperationalKeys } from '@panda/config';
import { root } from '../repository/root.js';
import { code, type GeneratedFile, page, table } from './document.js';

type Entry = ReturnType<typeof allKeys>[number];

function byComponent(): [string, Entry[]][] {
  const sections = new Map<string, Entry[]>();
  for (const entry of allKeys()) sections.set(entry.component, [...(sections.get(entry.component) ?? []), entry]);
  return [...sections];
}

/** A default as an operator reads it: paths of this checkout are paths of any installation. */
const shown = (fallback: string): string => fallback.replaceAll(root, '<installation>');

function defaultOf({ key }: Entry): string {
  if (key.fallback !== undefined) return code(shown(key.fallback));
  return key.required ? '**required**' : '';
}

function limitsOf({ key: { schema } }: Entry): string {
  if (schema.enum) return schema.enum.join(', ');
  const limits = [
    schema.minimum === undefined ? '' : `≥ ${schema.minimum}`,
    schema.maximum === undefined ? '' : `≤ ${schema.maximum}`,
  ];
  return limits.filter(Boolean).join(', ');
}

function deployment(): string {
  return byComponent()
    .map(([component, entries]) => {
      const rows = entries.map((entry) => [
        code(entry.key.env) + (entry.key.aliases.length > 0 ? ` (also ${entry.key.aliases.map(code).join(', ')})` : ''),
        entry.key.secret ? `${entry.key.kind}, secret` : entry.key.kind,
        defaultOf(entry),
        limitsOf(entry),
        entry.key.doc,
      ]);
      return `### ${component}\n\n${table(['key', 'type', 'default', 'limits', 'meaning'], rows)}`;
    })
    .join('\n\n');
}

function operational(): string {
  const rows = allOperationalKeys().map((key) => [
    key.app,
    key.component,
    code(key.name),
    key.type,
    key.fallback === undefined ? 'off' : code(JSON.stringify(key.fallback)),
    key.unit ?? '',
    key.readBy,
    key.doc,
  ]);
  return table(['app', 'component', 'key', 'type', 'default', 'unit', 'read by', 'meaning'], rows);
}

/** docs/reference/configuration.md */
export function configurationFile(): GeneratedFile {
  const body = `Two registries. **Deployment keys** are environment variables, read once at boot; a process with a bad one refuses to
start and names every violation. A secret may also be given as a file, \`<KEY>_FILE\`. **Operational keys** are rows of the
\`config\` table, changed on a running system.

## Deployment keys

${deployment()}

## Operational keys

${operational()}`;
  return page('docs/reference/configuration.md', 'Configuration', body);
}

/** deploy/.env.example: every deployment key, commented out where it has a default. */
export function envExample(): GeneratedFile {
  const sections = byComponent().map(([component, entries]) => {
    const lines = entries.map(({ key }) => {
      const assignment = `${key.env}=${key.secret ? '' : shown(key.fallback ?? '')}`;
      return `# ${key.doc}${key.secret ? ` Secret; or ${key.env}_FILE.` : ''}\n${key.required ? '' : '#'}${assignment}`;
    });
    return `# --- ${component}\n${lines.join('\n')}`;
  });
  const head = '# Every deployment key with its default. Made by `npm run gen`; copy it to .env and change the copy.';
  return { path: 'deploy/.env.example', text: `${head}\n\n${sections.join('\n\n')}\n` };
}

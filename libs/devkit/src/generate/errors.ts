import {
  brokerageErrorCode,
  ddmErrorCode,
  type ErrorRow,
  errorCatalogue,
  httpStatusOfKind,
  jobDispatcherErrorCode,
  killCodes,
  legacyStatusOfKind,
  pilotErrors,
  supErrorCode,
  taskBufferErrorCode,
} from '@panda/domain';
import { code, type GeneratedFile, page, table } from './document.js';

function catalogue(): string {
  const groups = new Map<string, [string, ErrorRow][]>();
  for (const [id, row] of Object.entries<ErrorRow>(errorCatalogue)) {
    const group = id.split('-')[1] ?? '';
    groups.set(group, [...(groups.get(group) ?? []), [id, row]]);
  }
  return [...groups]
    .map(([group, rows]) => {
      const body = rows.map(([id, row]) => [
        code(id),
        row.kind,
        String(row.http ?? httpStatusOfKind[row.kind]),
        String(row.legacy ?? legacyStatusOfKind[row.kind]),
        row.sentence,
        row.hint,
      ]);
      return `### ${group}\n\n${table(['code', 'kind', 'HTTP', 'StatusCode', 'sentence', 'what to do'], body)}`;
    })
    .join('\n\n');
}

const numbers = (codes: Readonly<Record<string, number>>): string =>
  table(
    ['code', 'name'],
    Object.entries(codes)
      .sort(([, a], [, b]) => a - b)
      .map(([name, number]) => [String(number), name]),
  );

/** The error columns of a job that servers write. */
function columns(): string {
  const byColumn = { taskBufferErrorCode, jobDispatcherErrorCode, ddmErrorCode, brokerageErrorCode, supErrorCode };
  return `## Numbers in the columns of a job\n\n${Object.entries(byColumn)
    .map(([column, codes]) => `### ${column}\n\n${numbers(codes)}`)
    .join('\n\n')}`;
}

/** docs/reference/errors.md */
export function errorsFile(): GeneratedFile {
  const kills = Object.entries(killCodes).map(([number, row]) => [number, row.name, row.event, row.atOnce ? 'yes' : '']);
  const body = `What the fleet answers when it refuses or fails, and the numbers it writes into jobs. Codes and numbers are never used again for
something else.

## Answers

${catalogue()}

${columns()}

### pilotErrorCode

${table(
  ['code', 'name', 'message'],
  Object.entries(pilotErrors).map(([name, { code: number, message }]) => [String(number), name, message]),
)}

## Codes of killJobs

${table(['code', 'name', 'event', 'without asking the pilot'], kills)}`;
  return page('docs/reference/errors.md', 'Errors', body);
}

/** A file that is made from the code and committed, so that a reader finds it and a review shows what changed. */
export interface GeneratedFile {
  /** Relative to the repository. */
  path: string;
  text: string;
}

const NOTE = 'Made by `npm run gen` from the code; change the code, not this file.';

/** A generated page: title, where it comes from, body. */
export function page(path: string, title: string, body: string): GeneratedFile {
  return { path, text: `# ${title}\n\n${NOTE}\n\n${body.trim()}\n` };
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---').join('|')}|`, ...rows.map(line)].join('\n');
}

/** `text` as code, or nothing. */
export const code = (text: string | undefined): string => (text === undefined || text === '' ? '' : `\`${text}\``);

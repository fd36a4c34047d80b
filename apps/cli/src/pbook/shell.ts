import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Book } from './book.js';
import { bookCommands } from './command-table.js';
import { shown } from './literal.js';
import { runStatement, sayWrong } from './run-statement.js';
import { readStatements, type Statement } from './statement-reader.js';

const HISTORY_MAX = 1_024;

/** The prompt: one line after the other until Ctrl+D, with completion and the history of earlier sessions. Feature CLI-pbook-01 */
export async function runShell(book: Book): Promise<void> {
  const { terminal } = book;
  const historyFile = join(book.session.directory, '.history');
  const reader = createInterface({
    input: terminal.input,
    output: terminal.output,
    prompt: '>>> ',
    terminal: terminal.isTty,
    history: readHistory(historyFile),
    historySize: HISTORY_MAX,
    completer: (line: string) => completions(line),
  });
  reader.on('SIGINT', () => {
    terminal.out('\nKeyboardInterrupt (Ctrl+D ends pbook)');
    reader.prompt();
  });
  reader.prompt();
  for await (const line of reader) {
    if (/^\s*(quit|exit)(\(\))?\s*$/.test(line)) break;
    if (line.trim() !== '') keep(historyFile, line);
    await runLine(book, line);
    reader.prompt();
  }
  reader.close();
  terminal.out('');
}

async function runLine(book: Book, line: string): Promise<void> {
  for (const statement of statementsOf(book, line)) {
    const { value } = await runStatement(book, statement);
    if (value !== undefined) book.terminal.out(shown(value));
  }
}

function statementsOf(book: Book, line: string): Statement[] {
  try {
    return readStatements(line);
  } catch (error) {
    sayWrong(book, error);
    return [];
  }
}

function completions(line: string): [string[], string] {
  const word = /[A-Za-z_]\w*$/.exec(line)?.[0] ?? '';
  const found = bookCommands.map(({ name }) => name).filter((name) => word !== '' && name.startsWith(word));
  return [found.length === 1 && word === line ? [`${found[0]}(`] : found, word];
}

/** Newest first, as the reader wants it. */
function readHistory(path: string): string[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .slice(-HISTORY_MAX)
      .reverse();
  } catch {
    // No history yet, or not readable: a session works without it.
    return [];
  }
}

function keep(path: string, line: string): void {
  // A secret must not outlive the session on disk.
  if (/set_secret/.test(line)) return;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    appendFileSync(path, `${line}\n`, { mode: 0o600 });
  } catch {
    // A read-only home only costs the history.
  }
}

import { failureOf } from '../terminal/failure.js';
import { ArgumentError, bind } from './arguments.js';
import type { Book } from './book.js';
import type { Result } from './command.js';
import { commandNamed } from './command-table.js';
import { type Statement, StatementError } from './statement-reader.js';

/** Runs one statement. What goes wrong is said, never thrown: a session goes on after it. */
export async function runStatement(book: Book, { name, args, named }: Statement): Promise<Result> {
  const command = commandNamed(name);
  if (command === undefined) {
    book.error(`function ${name} is undefined; help() lists what there is`);
    return { ok: false };
  }
  try {
    return await command.run(book, bind(name, command.parameters, args, named));
  } catch (error) {
    sayWrong(book, error);
    return { ok: false };
  }
}

export function sayWrong(book: Pick<Book, 'error'>, error: unknown): void {
  for (const line of linesOf(error)) book.error(line);
}

function linesOf(error: unknown): string[] {
  if (error instanceof ArgumentError) return [error.message];
  if (error instanceof StatementError) return [`${error.message}, at character ${error.at + 1}`];
  const { message, code, hint } = failureOf(error);
  return [`${message}${code === undefined ? '' : ` (${code})`}`, ...(hint === undefined ? [] : [hint])];
}

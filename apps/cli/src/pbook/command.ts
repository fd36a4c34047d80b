import type { BoundArguments } from './arguments.js';
import type { Book } from './book.js';

/** What a command did: its value at the prompt, and whether batch mode ends well. */
export interface Result {
  /** Shown at the prompt unless undefined. */
  readonly value?: unknown;
  readonly ok: boolean;
  /** The value is data to be printed as JSON in batch mode. */
  readonly isData?: boolean;
}

export interface BookCommand {
  readonly name: string;
  /** Names of the values, in the order of positional ones. */
  readonly parameters: readonly string[];
  readonly help: string;
  readonly examples: readonly string[];
  /** Works without a credential. */
  readonly anonymous?: boolean;
  run(book: Book, args: BoundArguments): Promise<Result>;
}

export function verdict(answers: readonly boolean[]): Result {
  return { value: answers, ok: answers.every((answer) => answer) };
}

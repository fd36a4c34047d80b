import { printable } from '../terminal/table.js';
import type { Terminal } from '../terminal/terminal.js';

/** What prun says while it works. Scripts look for `new jediTaskID=<n>` in it, hence on standard output. Feature CLIENT-14 */
export interface Messages {
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
  /** Only with --verbose. */
  detail(text: string): void;
}

export function messagesOn(terminal: Terminal, verbose: boolean): Messages {
  const say = (level: string) => (text: string) => terminal.out(`${level} : ${printable(text)}`);
  return { info: say('INFO'), warn: say('WARNING'), error: say('ERROR'), detail: verbose ? say('DEBUG') : () => undefined };
}

/** The same on standard error, for commands whose standard output is the result. */
export function notesOn(terminal: Terminal, verbose: boolean): Messages {
  const note = (text: string) => terminal.note(printable(text));
  return { info: note, warn: (text) => terminal.warn(text), error: note, detail: verbose ? note : () => undefined };
}

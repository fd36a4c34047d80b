import type { Literal } from './literal.js';

/** `retry(789, newOpts={'nFilesPerJob': 3})`: a command with values, nothing that could compute. */
export interface Statement {
  readonly name: string;
  readonly args: readonly Literal[];
  readonly named: Readonly<Record<string, Literal>>;
}

export class StatementError extends Error {
  constructor(
    message: string,
    /** Where in the text, from 0. */
    readonly at: number,
  ) {
    super(message);
    this.name = 'StatementError';
  }
}

const WORDS: Readonly<Record<string, Literal>> = { None: null, True: true, False: false };

/** Nesting of values; deeper ones are an attack or a mistake. */
const DEPTH_MAX = 20;

/** Reads statements separated by `;` or line ends. The real tool evaluates what is typed; this one only reads it. */
export function readStatements(text: string): Statement[] {
  return new Reader(text).statements();
}

class Reader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  statements(): Statement[] {
    const statements: Statement[] = [];
    for (this.blanks(true); this.at < this.text.length; this.separator()) statements.push(this.statement());
    return statements;
  }

  private statement(): Statement {
    const name = this.word('a command');
    this.blanks();
    if (!this.take('(')) return { name, args: [], named: {} };
    const args: Literal[] = [];
    const named: Record<string, Literal> = {};
    this.items(')', () => {
      const key = this.keyword();
      if (key !== undefined) named[key] = this.value();
      else if (Object.keys(named).length > 0) throw this.wrong('a value without a name follows one with a name');
      else args.push(this.value());
    });
    return { name, args, named };
  }

  private separator(): void {
    this.blanks();
    if (this.at < this.text.length && !/[;\n\r#]/.test(this.text[this.at] ?? '')) throw this.wrong('more text than one command');
    this.blanks(true);
  }

  private value(): Literal {
    this.blanks();
    if (++this.depth > DEPTH_MAX) throw this.wrong('values are nested too deeply');
    const value = this.bareValue();
    this.depth--;
    return value;
  }

  private bareValue(): Literal {
    const char = this.text[this.at] ?? '';
    if (char === "'" || char === '"') return this.string(char);
    if (this.take('[')) return this.list(']');
    if (this.take('(')) return this.list(')');
    if (this.take('{')) return this.dictionary();
    const number = /^[+-]?\d[\d_]*(\.\d+)?/.exec(this.text.slice(this.at))?.[0];
    if (number !== undefined) return this.number(number);
    const start = this.at;
    const word = this.word('a value');
    if (Object.hasOwn(WORDS, word)) return WORDS[word] as Literal;
    // help(show): the name of a command stands for itself.
    if (!this.text.slice(this.at).trimStart().startsWith('(')) return word;
    throw new StatementError('a command cannot be a value', start);
  }

  private number(text: string): number {
    const value = Number(text.replaceAll('_', ''));
    if (!text.includes('.') && !Number.isSafeInteger(value)) throw this.wrong('the number is too large');
    this.at += text.length;
    return value;
  }

  private string(quote: string): string {
    const start = this.at++;
    let value = '';
    for (; this.at < this.text.length; this.at++) {
      const char = this.text[this.at] as string;
      if (char === quote) {
        this.at++;
        return value;
      }
      if (char === '\n') break;
      value += char === '\\' ? unescaped(this.text[++this.at] ?? '') : char;
    }
    throw new StatementError('the text has no end', start);
  }

  private list(close: string): Literal[] {
    const items: Literal[] = [];
    this.items(close, () => items.push(this.value()));
    return items;
  }

  private dictionary(): Literal {
    const pairs: [string, Literal][] = [];
    this.items('}', () => {
      const key = this.value();
      if (typeof key !== 'string') throw this.wrong('a name in quotes is missing');
      this.blanks();
      if (!this.take(':')) throw this.wrong("':' is missing");
      pairs.push([key, this.value()]);
    });
    return Object.fromEntries(pairs);
  }

  /** Comma-separated items up to `close`; a comma may stand after the last. */
  private items(close: string, item: () => void): void {
    for (this.blanks(true); !this.take(close); this.blanks(true)) {
      item();
      this.blanks(true);
      if (!this.take(',') && this.text[this.at] !== close) throw this.wrong(`',' or '${close}' is missing`);
    }
  }

  private keyword(): string | undefined {
    const found = /^([A-Za-z_]\w*)\s*=(?!=)/.exec(this.text.slice(this.at));
    if (!found) return undefined;
    this.at += found[0].length;
    return found[1];
  }

  private word(wanted: string): string {
    const found = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at))?.[0];
    if (found === undefined) throw this.wrong(`${wanted} is missing`);
    this.at += found.length;
    return found;
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at++;
    return true;
  }

  private blanks(acrossLines = false): void {
    const pattern = acrossLines ? /^(?:[\s;]|#[^\n]*)*/ : /^[ \t]*/;
    this.at += pattern.exec(this.text.slice(this.at))?.[0].length ?? 0;
  }

  private wrong(message: string): StatementError {
    return new StatementError(message, this.at);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', '\\': '\\', "'": "'", '"': '"' };

/** Unknown escapes stay as they are, as in Python. */
function unescaped(char: string): string {
  return ESCAPES[char] ?? `\\${char}`;
}

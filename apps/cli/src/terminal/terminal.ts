import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import pc from 'picocolors';
import { printable } from './table.js';

type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };
type InputStream = Readable & { readonly isTTY?: boolean };

export interface Streams {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
}

/** The user's terminal. Results go to standard output, everything about them to standard error. */
export class Terminal {
  /** Colours only where a human looks, and not where NO_COLOR is set. */
  readonly colours: ReturnType<typeof pc.createColors>;

  constructor(private readonly streams: Streams) {
    this.colours = pc.createColors(this.isTty && pc.isColorSupported);
  }

  static ofProcess(): Terminal {
    return new Terminal(process);
  }

  get isTty(): boolean {
    return this.streams.stdout.isTTY === true;
  }

  get output(): OutputStream {
    return this.streams.stdout;
  }

  get errors(): OutputStream {
    return this.streams.stderr;
  }

  get input(): InputStream {
    return this.streams.stdin;
  }

  out(text: string): void {
    this.streams.stdout.write(`${text}\n`);
  }

  /** One JSON document, machine-readable whatever else happens on standard error. */
  json(value: unknown): void {
    this.out(JSON.stringify(value, null, 2));
  }

  note(text: string): void {
    this.streams.stderr.write(`${text}\n`);
  }

  warn(text: string): void {
    this.note(`${this.colours.yellow('warning:')} ${printable(text)}`);
  }

  /** Yes or no; undefined where nobody can answer. */
  async confirm(question: string): Promise<boolean | undefined> {
    if (this.streams.stdin.isTTY !== true) return undefined;
    const reader = createInterface({ input: this.streams.stdin, output: this.streams.stderr });
    try {
      return /^y(es)?$/i.test((await reader.question(`${question} [y/N] `)).trim());
    } finally {
      reader.close();
    }
  }
}

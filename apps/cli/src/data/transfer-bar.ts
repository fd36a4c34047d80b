import { SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal/terminal.js';

export interface TransferBar {
  total(files: number): void;
  step(): void;
  stop(): void;
}

/** A bar for people; nothing where nobody looks. */
export function transferBar(terminal: Terminal, files: number): TransferBar | undefined {
  if (!terminal.isTty) return undefined;
  const bar = new SingleBar({
    format: '{bar}  {value}/{total} files',
    stream: terminal.errors as NodeJS.WritableStream,
    barsize: 30,
    clearOnComplete: true,
  });
  bar.start(files, 0);
  return { total: (n) => bar.setTotal(n), step: () => bar.increment(), stop: () => bar.stop() };
}

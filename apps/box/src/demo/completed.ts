import { readFile, writeFile } from 'node:fs/promises';
import type { BoxOptions } from '../launch/options.js';

/** What a box remembers of a demonstration that came to its end. */
export interface CompletedDemo {
  /** Their jediTaskIDs, in the order of submission. */
  readonly tasks: readonly number[];
}

export async function rememberDemo(file: string, demo: CompletedDemo): Promise<void> {
  await writeFile(file, `${JSON.stringify(demo)}\n`);
}

/** Undefined where no demonstration was completed; a file that a crash cut short counts as none. */
export async function completedDemo(file: string): Promise<CompletedDemo | undefined> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as CompletedDemo;
  } catch {
    return undefined;
  }
}

/** A start shows the demonstration once; a check (`--exit-when-done`) and who asks for it get it again. */
export function isDemoWanted({ demo, exitWhenDone }: Pick<BoxOptions, 'demo' | 'exitWhenDone'>, isCompleted: boolean): boolean {
  return demo ?? (exitWhenDone || !isCompleted);
}

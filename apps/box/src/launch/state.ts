import { readFile, rename, writeFile } from 'node:fs/promises';

/** What a running box writes down for the next one: ports, so that addresses stay, and process ids, so that none is left over. */
export interface BoxState {
  readonly launcherPid: number;
  readonly ports: Readonly<Record<string, number>>;
  /** Process id → entry point, to recognise a process before it is signalled. */
  readonly processes: Readonly<Record<string, string>>;
}

export async function readState(file: string): Promise<BoxState | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as BoxState;
  } catch {
    return undefined; // cut short by a crash: as if it were the first start
  }
}

export async function writeState(file: string, state: BoxState): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(state, null, 2)}\n`);
  await rename(`${file}.new`, file);
}

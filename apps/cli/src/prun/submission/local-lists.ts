import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { accepted, type Outcome, refused } from '../outcome.js';

/** Largest list or JSON file that is read into memory. */
const LIST_MAX_BYTES = 64 * 1024 * 1024;

/** Files of this machine that options name. */
export interface LocalFiles {
  text(path: string): Outcome<string>;
}

export function localFilesIn(directory: string): LocalFiles {
  return { text: (path) => textOf(resolve(directory, path), path) };
}

function textOf(file: string, path: string): Outcome<string> {
  try {
    const content = readFileSync(file);
    return content.length > LIST_MAX_BYTES
      ? refused(`${path} is larger than ${LIST_MAX_BYTES} bytes`)
      : accepted(content.toString('utf8'));
  } catch (error) {
    return refused(`cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}

/** Lines without blanks around them; empty ones are left out. */
export function linesOf(files: LocalFiles, path: string): Outcome<readonly string[]> {
  const text = files.text(path);
  if (!text.ok) return text;
  return accepted(
    text.value
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  );
}

/** The same without comments. */
export function entriesOf(files: LocalFiles, path: string): Outcome<readonly string[]> {
  const lines = linesOf(files, path);
  return lines.ok ? accepted(lines.value.filter((line) => !line.startsWith('#'))) : lines;
}

export function jsonOf(files: LocalFiles, path: string): Outcome<unknown> {
  const text = files.text(path);
  if (!text.ok) return text;
  try {
    return accepted(JSON.parse(text.value));
  } catch (error) {
    return refused(`${path} is no JSON: ${(error as Error).message}`);
  }
}

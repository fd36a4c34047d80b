import type { Literal } from './literal.js';
import type { Statement } from './statement-reader.js';

/** Batch mode: `pbook kill 123,456 soft=True`. A comma makes a list, `=` a named value. panda-client:pandaclient/PBookScript.py@749e856 */
export function readWords(words: readonly string[]): Statement {
  const [name = '', ...rest] = words;
  const args: Literal[] = [];
  const named: Record<string, Literal> = {};
  for (const word of rest) {
    const at = word.indexOf('=');
    if (at > 0) named[word.slice(0, at)] = literal(word.slice(at + 1));
    else args.push(literal(word));
  }
  return { name, args, named };
}

function literal(word: string): Literal {
  if (word.includes(',')) {
    const items = word.split(',');
    return items.every(isInteger) ? items.map(Number) : items;
  }
  if (word === 'None') return null;
  if (word === 'True') return true;
  if (word === 'False') return false;
  return isInteger(word) ? Number(word) : word.replace(/^(['"])(.*)\1$/, '$2');
}

function isInteger(word: string): boolean {
  return /^\s*[+-]?\d{1,15}\s*$/.test(word);
}

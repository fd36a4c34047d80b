import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { dictionary, quote } from './python-text.js';

/** What the worker node's Python makes of a text. */
function python(expression: string, input: string): unknown {
  const script = `import ast, json, sys, urllib.parse; text = sys.stdin.buffer.read().decode(); print(json.dumps(${expression}))`;
  return JSON.parse(execFileSync('python3', ['-c', script], { input, encoding: 'utf8' }));
}

describe('Python', () => {
  it('reads a dictionary as it was meant', () => {
    const entries: [string, string][] = [
      ["it's", 'a"b'],
      ['both\'"', 'back\\slash'],
      ['line\nend', 'tab\t'],
      ['é', '\u0000\u007f\u00a0'],
    ];
    expect(python('ast.literal_eval(text)', dictionary(entries))).toEqual(Object.fromEntries(entries));
  });

  it('quotes a text the same way', () => {
    const text = 'aZ09_.-~/ !"#$%&\'()*+,:;<=>?@[\\]^`{|}é€😀';
    expect(python('urllib.parse.quote(text)', text)).toBe(quote(text));
  });
});

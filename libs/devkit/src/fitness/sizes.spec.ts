import { describe, expect, it } from '@jest/globals';
import { isNode, isTest, type Node, type Source, sources, walk } from './source.js';

const FILE_LINES_MAX = 500;
const TEST_FILE_LINES_MAX = 1_000;
const FUNCTION_LINES_MAX = 70;

/**
 * The ratchet: what is longer than allowed today, with the reason. The lists may only shrink: an entry that is no longer
 * too long must be removed, and nothing new may be too long.
 */
const LONG_FILES: Record<string, string> = {};
const LONG_FUNCTIONS: Record<string, string> = {};

const FUNCTIONS = new Set([
  'FunctionDeclaration',
  'FunctionExpression',
  'ArrowFunctionExpression',
  'ClassMethod',
  'Constructor',
  'PrivateMethod',
]);

function nameOf(node: Node, parent: Node | undefined): string {
  for (const named of [node.identifier, node.key, parent?.id, parent?.key]) if (isNode(named)) return String(named.value);
  return 'a function';
}

function longFunctions(source: Source): string[] {
  const found: string[] = [];
  walk(source.tree, (node, ancestors) => {
    if (!FUNCTIONS.has(node.type)) return;
    const lines = source.endLineOf(node) - source.lineOf(node) + 1;
    if (lines > FUNCTION_LINES_MAX) found.push(`${source.path} ${nameOf(node, ancestors.at(-1))} (${lines} lines)`);
  });
  return found;
}

const withoutCount = (found: string) => found.replace(/ \(\d+ lines\)$/, '');

describe('sizes', () => {
  const longFiles = sources()
    .filter((source) => source.lines > (isTest(source.path) ? TEST_FILE_LINES_MAX : FILE_LINES_MAX))
    .map((source) => `${source.path} (${source.lines} lines)`);

  it('of files allow reading them in one sitting', () => {
    expect(longFiles.filter((found) => !(withoutCount(found) in LONG_FILES))).toEqual([]);
  });

  const longOnes = sources()
    .filter((source) => !isTest(source.path))
    .flatMap(longFunctions);

  it('of functions fit a screen', () => {
    expect(longOnes.filter((found) => !(withoutCount(found) in LONG_FUNCTIONS))).toEqual([]);
  });

  it('on the ratchet are still too long', () => {
    const known = new Set([...longFiles, ...longOnes].map(withoutCount));
    expect([...Object.keys(LONG_FILES), ...Object.keys(LONG_FUNCTIONS)].filter((entry) => !known.has(entry))).toEqual([]);
  });
});

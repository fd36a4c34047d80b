/** TypeScript sources as syntax trees, for the fitness tests: rules about code are checked on what it says, not on its text. */
import { parseSync } from '@swc/core';
import { filesIn, read } from '../repository/files.js';

/** A node of SWC's tree; only what all kinds have in common is typed, the rest is looked at by the rule that needs it. */
export interface Node {
  type: string;
  /** Some kinds (a property `key: value`) have none of their own: see {@link spanOf}. */
  span?: { start: number; end: number };
  [field: string]: unknown;
}

export interface Import {
  specifier: string;
  /** True for `import type`, which leaves nothing behind at run time. */
  typeOnly: boolean;
}

export interface Source {
  path: string;
  lines: number;
  tree: Node;
  imports: Import[];
  /** Line of a node, from 1. */
  lineOf(node: Node): number;
  endLineOf(node: Node): number;
}

export const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

/** Where a node stands: its own span, else that of its first part that has one. */
function spanOf(node: Node): { start: number; end: number } {
  if (node.span) return node.span;
  const parts = Object.values(node).filter(isNode);
  return { start: Math.min(...parts.map((part) => spanOf(part).start)), end: Math.max(...parts.map((part) => spanOf(part).end)) };
}

/** Calls `visit` for each node below `node`, itself included, with its ancestors, nearest last. */
export function walk(node: Node, visit: (node: Node, ancestors: readonly Node[]) => void, ancestors: Node[] = []): void {
  visit(node, ancestors);
  ancestors.push(node);
  const descend = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(descend);
    else if (isNode(value)) walk(value, visit, ancestors);
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(descend); // wrappers such as arguments
  };
  for (const [field, value] of Object.entries(node)) if (field !== 'span') descend(value);
  ancestors.pop();
}

const textOf = (node: unknown): string => (isNode(node) && node.type === 'StringLiteral' ? String(node.value) : '');

function importsOf(tree: Node): Import[] {
  const found: Import[] = [];
  walk(tree, (node) => {
    const isStatic = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration'].includes(node.type);
    if (isStatic && textOf(node.source)) found.push({ specifier: textOf(node.source), typeOnly: node.typeOnly === true });
    if (node.type === 'CallExpression' && isNode(node.callee) && node.callee.type === 'Import') {
      const [first] = node.arguments as { expression: unknown }[];
      if (textOf(first?.expression)) found.push({ specifier: textOf(first?.expression), typeOnly: false });
    }
  });
  return found;
}

export function parse(path: string, text: string): Source {
  const tree = parseSync(text, { syntax: 'typescript', decorators: true, target: 'es2022' }) as unknown as Node;
  const bytes = Buffer.from(text);
  const starts = [0];
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) starts.push(at + 1);
  // SWC counts bytes from 1.
  const lineAt = (position: number) => {
    const later = starts.findIndex((start) => start > position - 1);
    return later < 0 ? starts.length : later;
  };
  return {
    path,
    lines: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    tree,
    imports: importsOf(tree),
    lineOf: (node) => lineAt(spanOf(node).start),
    endLineOf: (node) => lineAt(spanOf(node).end - 1),
  };
}

/** Conformance suites are tests that run once per implementation; `src/testing` is what several tests of a package share. */
export const isTest = (path: string): boolean => /\.(spec|e2e|conformance)\.ts$|\/src\/testing\//.test(path);

let cache: Source[] | undefined;

/** All TypeScript sources of the workspace, tests included. */
export function sources(): Source[] {
  cache ??= ['apps', 'libs', 'test-e2e']
    .flatMap((folder) => filesIn(folder))
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => parse(path, read(path)));
  return cache;
}

/** Sources that run in production: no tests, no test support, no tools. */
export function productionSources(): Source[] {
  return sources().filter(({ path }) => !isTest(path) && !/^(libs\/(testing|devkit)|test-e2e)\//.test(path));
}

import { posix } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { filesIn, read } from '../repository/files.js';
import { isNode, isTest, type Source, sources, walk } from './source.js';

/** Names that say nothing about what is inside (house style, "Names"). */
const EMPTY_NAMES = new Set([
  'util',
  'utils',
  'common',
  'helper',
  'helpers',
  'misc',
  'manager',
  'managers',
  'data',
  'info',
  'shared',
  'stuff',
]);

/** Where such a word is the field's own, with the reason. */
const MEANT: { path: RegExp; reason: string }[] = [
  { path: /\/data(\/|\.command\.ts|\.ts)/, reason: 'the data group of the API: panda data put, get, ls' },
];

/** Files nobody imports by name, with the reason. */
const LOADED_OTHERWISE: { path: RegExp; reason: string }[] = [
  { path: /\/src\/index\.ts$/, reason: 'the face of a package' },
  { path: /^apps\/[^/]+\/src\/main\.ts$/, reason: 'the program the image starts' },
  { path: /\.(spec|e2e)\.ts$/, reason: 'found by jest' },
];

const all = sources();
const paths = new Set(all.map(({ path }) => path));
const asTypeScript = (path: string) => path.replace(/\.js$/, '.ts');

/** Files that a source names: its imports, and relative paths in strings (workers, `new URL('./x.js', import.meta.url)`). */
function targetsOf(source: Source, options: { runTimeOnly: boolean }): string[] {
  const relative = source.imports.filter(({ typeOnly }) => !(options.runTimeOnly && typeOnly)).map(({ specifier }) => specifier);
  if (!options.runTimeOnly) {
    walk(source.tree, (node) => {
      if (node.type === 'StringLiteral' && isNode(node)) relative.push(String(node.value));
    });
  }
  return relative
    .filter((specifier) => /^\.{1,2}\//.test(specifier))
    .map((specifier) => asTypeScript(posix.join(posix.dirname(source.path), specifier)))
    .filter((path) => paths.has(path));
}

function cycles(): string[] {
  const targets = new Map(all.map((source) => [source.path, targetsOf(source, { runTimeOnly: true })]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: string[]): void => {
    if (trail.includes(path)) found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
    if (done.has(path) || trail.includes(path)) return;
    for (const next of targets.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of targets.keys()) visit(path, []);
  return found;
}

describe('the tree', () => {
  it('has no folder or file whose name says nothing', () => {
    const words = (path: string) => path.split('/').map((part) => part.replace(/\..*$/, ''));
    const empty = [...paths].filter((path) => words(path).some((word) => EMPTY_NAMES.has(word)));
    expect(empty.filter((path) => !MEANT.some((waiver) => waiver.path.test(path)))).toEqual([]);
  });

  it('names files in kebab-case, filters of brokerage by their code', () => {
    const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*\.ts$/;
    expect([...paths].filter((path) => !path.endsWith('.filter.ts') && !kebab.test(posix.basename(path)))).toEqual([]);
  });

  it('has no file that nothing refers to', () => {
    const programs = ['package.json', '.ci/run', ...filesIn('apps').filter((path) => /^apps\/[^/]+\/bin\//.test(path))]
      .map(read)
      .join('\n');
    const started = (path: string) => programs.includes(path.replace(/^.*\/src\//, '/dist/').replace(/\.ts$/, '.js'));
    const named = new Set(
      all.flatMap((source) => targetsOf(source, { runTimeOnly: false }).filter((path) => path !== source.path)),
    );
    const orphans = [...paths].filter(
      (path) => !named.has(path) && !LOADED_OTHERWISE.some((rule) => rule.path.test(path)) && !started(path),
    );
    expect(orphans).toEqual([]);
  });

  it('has no production file that only tests refer to', () => {
    const namedBy = (among: readonly Source[]) => new Set(among.flatMap((source) => targetsOf(source, { runTimeOnly: false })));
    const byProduction = namedBy(all.filter(({ path }) => !isTest(path)));
    const byTests = namedBy(all.filter(({ path }) => isTest(path)));
    const isSupport = (path: string) =>
      /^(libs\/(testing|devkit)|test-e2e)\/|\/src\/test(ing|-builders)\//.test(path) ||
      LOADED_OTHERWISE.some((rule) => rule.path.test(path));
    expect([...byTests].filter((path) => !byProduction.has(path) && !isSupport(path))).toEqual([]);
  });

  it('has no cyclic imports', () => {
    expect(cycles()).toEqual([]);
  });
});

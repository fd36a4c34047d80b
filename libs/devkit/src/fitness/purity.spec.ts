import { describe, expect, it } from '@jest/globals';
import { isNode, type Node, productionSources, type Source, sources, walk } from './source.js';

/** Files that read the environment themselves, with the reason. */
const MAY_READ_ENVIRONMENT: Record<string, string> = {
  'libs/config/src/environment.ts': 'the one reader, which everything else asks',
};

/** Pure functions from elsewhere that the domain may use, with the reason. */
const PURE: Record<string, string> = {
  'node:crypto': 'digests: md5 of scope and name gives the path of a replica; what is random there is caught below',
  re2js: 'regular expressions of operators and users, in linear time',
};

const name = (value: unknown) => (isNode(value) && value.type === 'Identifier' ? String(value.value) : '');

/** `file:line` of each node for which `wanted` holds. */
function places(among: readonly Source[], wanted: (node: Node) => boolean): string[] {
  return among.flatMap((source) => {
    const found: string[] = [];
    walk(source.tree, (node) => {
      if (wanted(node)) found.push(`${source.path}:${source.lineOf(node)}`);
    });
    return found;
  });
}

describe('pure parts', () => {
  it('read the environment in one place', () => {
    const readers = places(
      productionSources(),
      (node) => node.type === 'MemberExpression' && name(node.object) === 'process' && name(node.property) === 'env',
    ).filter((place) => !((place.split(':')[0] as string) in MAY_READ_ENVIRONMENT));
    expect(readers).toEqual([]);
  });

  it('have no forwardRef, which hides a cycle', () => {
    expect(places(sources(), (node) => node.type === 'CallExpression' && name(node.callee) === 'forwardRef')).toEqual([]);
  });

  const domain = sources().filter(({ path }) => path.startsWith('libs/domain/src/') && !path.endsWith('.spec.ts'));

  it('of the domain have no type any, with or without a reason', () => {
    expect(places(domain, (node) => node.type === 'TsKeywordType' && node.kind === 'any')).toEqual([]);
  });

  it('of the domain import nothing but themselves', () => {
    const outward = domain.flatMap((source) =>
      source.imports
        .filter(({ specifier }) => !specifier.startsWith('.') && !(specifier in PURE))
        .map(({ specifier }) => `${source.path} → ${specifier}`),
    );
    expect(outward).toEqual([]);
  });

  it('of the domain take time and chance as arguments', () => {
    const ambient = places(domain, (node) => {
      if (node.type === 'CallExpression') return ['randomUUID', 'randomBytes'].includes(name(node.callee));
      if (node.type === 'NewExpression') return name(node.callee) === 'Date' && !(node.arguments as unknown[] | null)?.length;
      if (node.type !== 'MemberExpression') return false;
      const member = `${name(node.object)}.${name(node.property)}`;
      return ['Date.now', 'Math.random', 'performance.now', 'crypto.randomUUID'].includes(member);
    });
    expect(ambient).toEqual([]);
  });
});

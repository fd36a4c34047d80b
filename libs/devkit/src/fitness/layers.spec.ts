import { builtinModules } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { type Package, packages, thirdParty } from '../repository/packages.js';
import { isTest, type Source, sources } from './source.js';

/** Which layers a layer may import; the arrow of docs/adr/0001-layers.md. Not listed: not allowed. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  domain: [],
  contract: ['domain', 'contract'],
  plugin: ['domain'],
  database: ['domain', 'contract'],
  adapter: ['domain', 'contract', 'database'],
  bus: ['domain', 'contract', 'database'],
  runtime: ['domain', 'contract'],
  agents: ['domain', 'contract', 'database', 'bus', 'runtime'],
  app: ['domain', 'contract', 'plugin', 'database', 'adapter', 'bus', 'runtime', 'agents', 'tool'],
  tool: ['domain', 'contract', 'plugin', 'database', 'adapter', 'bus', 'runtime', 'agents', 'tool', 'testing'],
  testing: ['domain', 'contract', 'plugin', 'database', 'adapter', 'bus', 'runtime', 'agents', 'tool', 'testing', 'app'],
};
/** Libraries with one owner: everybody else goes through the owner's interface. */
const OWNERS: Record<string, readonly string[]> = {
  // Before there is a schema: local-postgres asks a server it has started whether it answers, the box creates its database.
  pg: ['libs/database', 'libs/local-postgres', 'apps/box'],
  'pg-cursor': ['libs/database'],
  'pg-copy-streams': ['libs/database'],
  typeorm: ['libs/database'],
  '@nestjs/typeorm': ['libs/database'],
  amqplib: ['libs/bus'],
  'amqp-connection-manager': ['libs/bus'],
};
/** Apps that import other apps: the box runs them all in one process. */
const MAY_IMPORT_APPS = new Set(['@panda/box']);

const all = packages();
const byName = new Map(all.map((one) => [one.name, one]));
const ownerOf = (source: Source): Package => {
  const found = all.find((one) => source.path.startsWith(`${one.folder}/`));
  if (!found) throw new Error(`${source.path} is in no package`);
  return found;
};
const packageName = (specifier: string) =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
const foreign = (source: Source) =>
  source.imports
    .map(({ specifier }) => specifier)
    .filter((specifier) => !specifier.startsWith('.') && !specifier.startsWith('node:'));
/** Imports that break a rule, as `file → specifier`. */
const offences = (broken: (source: Source, name: string) => boolean) =>
  sources().flatMap((source) =>
    foreign(source)
      .filter((specifier) => broken(source, packageName(specifier)))
      .map((specifier) => `${source.path} → ${specifier}`),
  );

describe('the layers', () => {
  it('import only inwards', () => {
    const broken = all.flatMap((one) =>
      one.dependencies
        .filter((name) => {
          const target = byName.get(name);
          if (!target) return true;
          if (target.layer === 'app' && one.layer === 'app') return !MAY_IMPORT_APPS.has(one.name);
          return !MAY_IMPORT[one.layer]?.includes(target.layer);
        })
        .map((name) => `${one.name} → ${name}`),
    );
    expect(broken).toEqual([]);
  });

  it('import only workspace packages that their package.json declares', () => {
    const isDeclared = (source: Source, name: string) => {
      const owner = ownerOf(source);
      const supportsTests = isTest(source.path) && byName.get(name)?.layer !== 'app';
      return name === owner.name || owner.dependencies.includes(name) || supportsTests;
    };
    expect(offences((source, name) => name.startsWith('@panda/') && !isDeclared(source, name))).toEqual([]);
  });

  it('declare no workspace package that they do not import', () => {
    // The box starts the other apps as processes of their own: it needs them built.
    const isStarted = (one: Package, name: string) => MAY_IMPORT_APPS.has(one.name) && byName.get(name)?.layer === 'app';
    const imported = new Map(all.map((one) => [one.name, new Set<string>()]));
    for (const source of sources())
      for (const name of foreign(source)) imported.get(ownerOf(source).name)?.add(packageName(name));
    const idle = all.flatMap((one) =>
      one.dependencies
        .filter((name) => !imported.get(one.name)?.has(name) && !isStarted(one, name))
        .map((name) => `${one.name} → ${name}`),
    );
    expect(idle).toEqual([]);
  });

  it('declare the same packages to npm and to the compiler', () => {
    const folders = (one: Package) => one.dependencies.map((name) => byName.get(name)?.folder ?? name).sort();
    const disagreeing = all.filter((one) => folders(one).join() !== [...one.references].sort().join());
    expect(disagreeing.map((one) => ({ name: one.name, npm: folders(one), compiler: one.references }))).toEqual([]);
  });

  it('never reach into the inside of another package', () => {
    const deep = sources().flatMap((source) =>
      foreign(source)
        .filter((specifier) => specifier.startsWith('@panda/') && specifier !== packageName(specifier))
        .map((specifier) => `${source.path} → ${specifier}`),
    );
    expect(deep).toEqual([]);
  });

  it('use third-party packages that the root declares, in production none that are for development', () => {
    const { production, development } = thirdParty();
    const tooling = (source: Source) => isTest(source.path) || ['testing', 'tool'].includes(ownerOf(source).layer);
    const isKnown = (source: Source, name: string) => production.has(name) || (development.has(name) && tooling(source));
    expect(offences((source, name) => !name.startsWith('@panda/') && !isKnown(source, name))).toEqual([]);
  });

  it('name Node’s own modules with node:', () => {
    expect(offences((_, name) => builtinModules.includes(name))).toEqual([]);
  });

  it('leave the database driver to libs/database and the broker’s to libs/bus', () => {
    const trespass = (source: Source, name: string) => {
      const owner = ownerOf(source);
      return OWNERS[name]?.includes(owner.folder) === false && !isTest(source.path) && owner.layer !== 'testing';
    };
    expect(offences(trespass)).toEqual([]);
  });

  it('keep test support and tools out of what runs', () => {
    const banned = new Set(['@panda/testing', '@panda/devkit']);
    const running = (source: Source) => !isTest(source.path) && !['testing', 'tool'].includes(ownerOf(source).layer);
    expect(offences((source, name) => running(source) && banned.has(name))).toEqual([]);
  });
});

/** The workspace as its package.json and tsconfig.json files declare it. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { read } from './files.js';
import { root } from './root.js';

export interface Package {
  name: string;
  /** Folder, relative to the repository. */
  folder: string;
  layer: string;
  /** Workspace packages it declares to use. */
  dependencies: string[];
  /** Folders its tsconfig.json refers to. */
  references: string[];
}

interface Manifest {
  name: string;
  dependencies?: Record<string, string>;
  nx?: { tags?: string[] };
}

function packageAt(folder: string): Package {
  const manifest = JSON.parse(read(`${folder}/package.json`)) as Manifest;
  const tsconfig = JSON.parse(read(`${folder}/tsconfig.json`)) as { references?: { path: string }[] };
  const layer = manifest.nx?.tags?.find((tag) => tag.startsWith('layer:'))?.slice('layer:'.length);
  if (!layer) throw new Error(`${folder}/package.json has no nx tag layer:…`);
  return {
    name: manifest.name,
    folder,
    layer,
    dependencies: Object.keys(manifest.dependencies ?? {}).filter((name) => name.startsWith('@panda/')),
    references: (tsconfig.references ?? []).map(({ path }) => join(folder, path)),
  };
}

/** All packages of the workspace. */
export function packages(): Package[] {
  const nested = ['apps', 'libs'].flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`));
  return [...nested, 'test-e2e'].filter((folder) => existsSync(join(root, folder, 'package.json'))).map(packageAt);
}

/** Third-party packages of the root package.json, the only place that declares them. */
export function thirdParty(): { production: Set<string>; development: Set<string> } {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
  const names = (field: string) => Object.keys(manifest[field] ?? {});
  return {
    production: new Set([...names('dependencies'), ...names('optionalDependencies')]),
    development: new Set(names('devDependencies')),
  };
}

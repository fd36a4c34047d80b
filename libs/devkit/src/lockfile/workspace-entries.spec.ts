import { describe, expect, it } from '@jest/globals';
import type { Lockfile } from './complete-lock.js';
import { type Manifest, withWorkspace, workspaceChanges } from './workspace-entries.js';

const manifests = new Map<string, Manifest>([
  ['', { name: 'fleet', version: '1.0.0', dependencies: { b: '2.0.0', a: '1.0.0' } }],
  ['libs/one', { name: '@x/one', version: '1.0.0', dependencies: { '@x/two': '*' } }],
  ['libs/two', { name: '@x/two', version: '1.0.0', dependencies: {} }],
]);
const lock: Lockfile = {
  lockfileVersion: 3,
  packages: {
    '': { name: 'fleet', version: '1.0.0', workspaces: ['libs/*'], dependencies: { a: '1.0.0' } },
    'libs/gone': { name: '@x/gone', version: '1.0.0' },
    'libs/one': { name: '@x/one', version: '1.0.0' },
    'node_modules/@x/gone': { resolved: 'libs/gone', link: true },
    'node_modules/@x/one': { resolved: 'libs/one', link: true },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  },
};

describe('the workspace in the lock', () => {
  const complete = withWorkspace(lock, manifests);

  it('repeats what each package.json says, with dependencies sorted', () => {
    expect(complete.packages['']).toEqual({
      name: 'fleet',
      version: '1.0.0',
      workspaces: ['libs/*'],
      dependencies: { a: '1.0.0', b: '2.0.0' },
    });
    expect(complete.packages['libs/one']).toEqual({ name: '@x/one', version: '1.0.0', dependencies: { '@x/two': '*' } });
  });

  it('links new packages and forgets those that are gone', () => {
    expect(complete.packages['node_modules/@x/two']).toEqual({ resolved: 'libs/two', link: true });
    expect(Object.keys(complete.packages)).not.toEqual(expect.arrayContaining(['libs/gone']));
    expect(complete.packages).not.toHaveProperty(['node_modules/@x/gone']);
  });

  it('leaves everything else as it is, and nothing to change a second time', () => {
    expect(complete.packages['node_modules/a']).toEqual(lock.packages['node_modules/a']);
    expect(workspaceChanges(complete, manifests).size).toBe(0);
  });
});

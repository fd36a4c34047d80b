// One configuration, three projects: unit (pure, fast), int (PostgreSQL, RabbitMQ, real files), e2e (whole fleets, compiled).
// ESM mode on sources: no build is needed for unit and int. docs: docs/how-to/write-a-test.md
import { readdirSync } from 'node:fs';

const packages = ['apps', 'libs'].flatMap((dir) => readdirSync(new URL(dir, import.meta.url)).map((name) => [name, dir]));
const sources = Object.fromEntries(packages.map(([name, dir]) => [`^@panda/${name}$`, `<rootDir>/${dir}/${name}/src/index.ts`]));

const base = {
  rootDir: '.',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  modulePathIgnorePatterns: ['/dist/'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript', decorators: true },
          target: 'es2022',
          keepClassNames: true,
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        },
        module: { type: 'es6' },
        sourceMaps: 'inline',
        swcrc: false,
      },
    ],
  },
};
const fromSources = { moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', ...sources } };

export default {
  maxWorkers: 2,
  testTimeout: 30_000, // the first test of a run may have to build the template database, on a busy machine
  workerIdleMemoryLimit: '700MB',
  // On a busy machine freeing some hundred MB takes longer than the half second jest allows before it calls that a leak; a real
  // one, a socket or a timer, still lasts longer than this.
  workerGracefulExitTimeout: 10_000,
  projects: [
    {
      ...base,
      ...fromSources,
      displayName: 'unit',
      testMatch: ['**/src/**/*.spec.ts'],
      testPathIgnorePatterns: ['/dist/', '\\.int\\.spec\\.ts$', '\\.agent\\.spec\\.ts$'],
    },
    {
      ...base,
      ...fromSources,
      displayName: 'int',
      testMatch: ['**/src/**/*.int.spec.ts', '**/src/**/*.agent.spec.ts'],
      testPathIgnorePatterns: ['/dist/'],
    },
    {
      ...base,
      moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
      displayName: 'e2e',
      testMatch: ['<rootDir>/test-e2e/**/*.e2e.ts'],
      testPathIgnorePatterns: ['/dist/'],
    },
  ],
};

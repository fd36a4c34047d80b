import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { fleetServices } from './services.js';

const apps = fileURLToPath(new URL('../../../', import.meta.url));
/** Programs that end by themselves or that others start. */
const NO_SERVICES = ['box', 'cli', 'migrate', 'pilot'];
const services = readdirSync(apps).filter((name) => !NO_SERVICES.includes(name) && existsSync(`${apps}${name}/src/main.ts`));

describe('the services of a fleet', () => {
  it('are all there are: each program that runs for ever has its process', () => {
    expect(
      fleetServices()
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(services.toSorted());
  });

  it('are all in the box, too', () => {
    const box = readFileSync(fileURLToPath(new URL('../all-in-one.ts', import.meta.url)), 'utf8');
    expect(services.filter((name) => !box.includes(`from '@panda/${name}'`))).toEqual([]);
  });

  it('have one among them that serves the API', () => {
    expect(
      fleetServices()
        .filter(({ servesApi }) => servesApi)
        .map(({ name }) => name),
    ).toEqual(['gateway']);
  });
});

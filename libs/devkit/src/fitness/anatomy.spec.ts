import { describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { filesIn, read } from '../repository/files.js';

const apps = filesIn('apps');
/** Services that are written: they have a program. Box, cli, migrate and pilot are no services and are built otherwise. */
const services = [...new Set(apps.map((path) => path.split('/')[1] as string))].filter(
  (app) => apps.includes(`apps/${app}/src/main.ts`) && !['box', 'cli', 'migrate', 'pilot'].includes(app),
);
const consumers = services.filter((app) => Object.values(topics).some((topic) => topic.consumers.some((name) => name === app)));
const sourcesOf = (app: string) => apps.filter((path) => path.startsWith(`apps/${app}/src/`));
const statements = (text: string) => text.split('\n').filter((line) => line.trim() !== '' && !/^\s*(\/\/|\/?\*)/.test(line));

describe('every service', () => {
  it.each(services)('%s has a program of a few lines that runs it under its own name', (app) => {
    const main = read(`apps/${app}/src/main.ts`);
    expect(statements(main).length).toBeLessThanOrEqual(8);
    expect(main).toMatch(/\brun(Agent|Service)\(/);
    expect(main).toContain(`'${app}'`);
  });

  it.each(services)('%s shows its module to the box', (app) => {
    expect(read(`apps/${app}/src/index.ts`)).toMatch(/export \{[^}]*Module[^}]*\} from '\.\/\S+\.module\.js';/);
  });

  it.each(services)('%s declares its keys in a file of their own', (app) => {
    expect(sourcesOf(app).some((path) => path.endsWith('.config.ts'))).toBe(true);
  });

  it.each(consumers)('%s hears its messages in a consumer and is tested on a database', (app) => {
    const names = sourcesOf(app);
    for (const role of ['.consumer.ts', '.agent.spec.ts']) expect(names.filter((path) => path.endsWith(role))).not.toEqual([]);
  });
});

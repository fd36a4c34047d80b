import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { packages } from '../repository/packages.js';
import { root } from '../repository/root.js';
import { isNode, productionSources, type Source, walk } from './source.js';

const sources = productionSources();
const declared = Object.entries(topics);
const apps = packages().filter(({ layer }) => layer === 'app');
/** An app whose service is written; one that is only a name in the workspace neither sends nor hears. */
const isBuilt = (app: string) => existsSync(join(root, 'apps', app, 'src', 'main.ts'));
const appOf = (source: Source) => /^apps\/([^/]+)\//.exec(source.path)?.[1];

/** Files that mention `topics.<key>`. */
function usersOf(key: string): Source[] {
  return sources.filter((source) => {
    let uses = false;
    walk(source.tree, (node) => {
      if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property)) return;
      if (node.object.value === 'topics' && node.property.value === key) uses = true;
    });
    return uses;
  });
}
const isConsumer = (source: Source) => source.path.endsWith('.consumer.ts');

describe('every message', () => {
  it('comes from and goes to services that exist', () => {
    const names = new Set([...apps.map(({ folder }) => folder.slice('apps/'.length)), 'external']);
    const strange = declared.flatMap(([key, topic]) =>
      [...topic.producers, ...topic.consumers].filter((service) => !names.has(service)).map((service) => `${key}: ${service}`),
    );
    expect(strange).toEqual([]);
  });

  it('is sent by some code', () => {
    const unsent = declared
      .filter(
        ([, topic]) =>
          topic.producers.some((service) => service !== 'external') && topic.producers.every((service) => isBuilt(service)),
      )
      .filter(([key]) => !usersOf(key).some((source) => !isConsumer(source)))
      .map(([key]) => key);
    expect(unsent).toEqual([]);
  });

  it('is heard by each of its consumers', () => {
    const unheard = declared.flatMap(([key, topic]) =>
      topic.consumers
        .filter((service) => isBuilt(service) && !usersOf(key).some((source) => appOf(source) === service))
        .map((service) => `${service} does not use topics.${key}`),
    );
    expect(unheard).toEqual([]);
  });

  it('is sent by no service that the topology does not know as its producer', () => {
    const foreign = declared.flatMap(([key, topic]) =>
      usersOf(key)
        .filter((source) => !isConsumer(source))
        .filter(
          (source) =>
            appOf(source) !== undefined && ![...topic.producers, ...topic.consumers].some((name) => name === appOf(source)),
        )
        .map((source) => `${source.path} uses topics.${key}`),
    );
    expect(foreign).toEqual([]);
  });
});

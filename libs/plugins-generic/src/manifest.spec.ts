import { describe, expect, it } from '@jest/globals';
import { genericJobBroker, productionJobBroker, refineTask } from '@panda/domain';
import { genericPlugins, genericSelections, pluginRegistry, plugins } from './manifest.js';
import { kindNames, type PluginKind } from './plugin-kinds.js';
import { PluginConfigurationError, PluginRegistry, parseSelections, UndefinedPlugin } from './registry.js';

const kinds = Object.keys(kindNames) as PluginKind[];

describe('plug-ins', () => {
  it('JEDI-core-03 each kind is served for everybody without any configuration', () => {
    for (const kind of kinds) expect(plugins.resolve('anyvo', 'anylabel', kind)).toBeDefined();
    expect(plugins.resolve('wlcg', 'user', 'refiner').refine).toBe(refineTask);
    expect(plugins.resolve('wlcg', 'user', 'jobBroker')).toBe(genericJobBroker);
  });

  it('two VOs may have different plug-ins', () => {
    const registry = pluginRegistry('atlas:managed|test:jobBroker:production');
    expect(registry.resolve('atlas', 'managed', 'jobBroker')).toBe(productionJobBroker);
    expect(registry.resolve('atlas', 'test', 'jobBroker')).toBe(productionJobBroker);
    expect(registry.resolve('atlas', 'user', 'jobBroker')).toBe(genericJobBroker);
    expect(registry.resolve('cms', 'managed', 'jobBroker')).toBe(genericJobBroker);
  });

  it('the VO decides before the label, the label before the subtype', () => {
    const named = (name: string) => ({ kind: 'jobBroker' as const, name, plugin: { ...genericJobBroker, name } });
    const registry = new PluginRegistry(
      ['vo', 'label', 'subtype', 'all'].map(named),
      parseSelections('atlas::jobBroker:vo,:managed:jobBroker:label,atlas:test:jobBroker:subtype:special,::jobBroker:all'),
    );
    const name = (vo: string, label: string, subtype?: string) => registry.resolve(vo, label, 'jobBroker', subtype).name;
    expect(name('atlas', 'managed')).toBe('vo');
    expect(name('cms', 'managed')).toBe('label');
    expect(name('atlas', 'test', 'special')).toBe('subtype');
    expect(name('atlas', 'test', 'other')).toBe('vo');
    expect(name('cms', 'user')).toBe('all');
  });

  it('says what is undefined in the words operators know', () => {
    const empty = new PluginRegistry(genericPlugins, []);
    expect(() => empty.resolve('atlas', 'user', 'refiner')).toThrow(UndefinedPlugin);
    expect(() => empty.resolve('atlas', 'user', 'refiner')).toThrow('task refiner is undefined for vo=atlas sourceLabel=user');
  });

  it('refuses configuration that selects nothing, with all faults at once', () => {
    expect(() => pluginRegistry('a:b:jobBroker:nobody,a:b:refiner:nobody')).toThrow(
      "plug-ins: there is no job broker 'nobody'; there is no task refiner 'nobody'",
    );
    for (const text of ['a:b', 'a:b:unknownKind:x', 'a:b:refiner:x:y:z', 'a:b:__proto__:x']) {
      expect(() => parseSelections(text)).toThrow(PluginConfigurationError);
    }
  });

  it('every plug-in of the manifest has a name of its own in its kind', () => {
    const names = genericPlugins.map((entry) => `${entry.kind} ${entry.name}`);
    expect(new Set(names).size).toBe(names.length);
    expect(genericSelections.map((s) => s.kind).sort()).toEqual([...kinds].sort());
  });

  it('temporary datasets of the machinery have a lifetime, results have none', () => {
    const { lifetimeDays, registersDatasets } = plugins.resolve('wlcg', 'user', 'taskSetupper');
    expect(registersDatasets).toBe(true);
    expect([lifetimeDays({ name: 'panda.um.x', type: 'trn_output' }), lifetimeDays({ name: 'user.x', type: 'output' })]).toEqual([
      14,
      undefined,
    ]);
  });
});

import {
  brokerTask,
  datasetLookups,
  genericJobBroker,
  productionJobBroker,
  refineTask,
  splitInput,
  throttleAnalysis,
  throttleGeneric,
  throttleProduction,
} from '@panda/domain';
import type { PluginKind } from './plugin-kinds.js';
import { ANY, type PluginEntry, PluginRegistry, type PluginSelection, parseSelections } from './registry.js';
import { catalogueSetupper, genericSetupper } from './setuppers.js';

/** Every plug-in of this library. To add one: its file and one line here. */
export const genericPlugins: readonly PluginEntry[] = [
  { kind: 'refiner', name: 'generic', plugin: { lookups: datasetLookups, refine: refineTask } },
  { kind: 'taskBroker', name: 'generic', plugin: { broker: brokerTask } },
  { kind: 'jobThrottler', name: 'generic', plugin: { looksAt: 'queue', throttle: throttleGeneric } },
  { kind: 'jobThrottler', name: 'analysis', plugin: { looksAt: 'queue', throttle: throttleAnalysis } },
  { kind: 'jobThrottler', name: 'production', plugin: { looksAt: 'jobs', throttle: throttleProduction } },
  { kind: 'jobBroker', name: 'generic', plugin: genericJobBroker },
  { kind: 'jobBroker', name: 'production', plugin: productionJobBroker },
  { kind: 'jobSplitter', name: 'generic', plugin: { split: splitInput } },
  { kind: 'taskSetupper', name: 'none', plugin: genericSetupper },
  { kind: 'taskSetupper', name: 'generic', plugin: catalogueSetupper },
];

/** The generic plug-in of each kind serves everybody whom configuration gives nobody else. */
export const genericSelections: readonly PluginSelection[] = (
  ['refiner', 'taskBroker', 'jobThrottler', 'jobBroker', 'jobSplitter', 'taskSetupper'] satisfies PluginKind[]
).map((kind) => ({ vo: ANY, label: ANY, subtype: ANY, kind, name: 'generic' }));

/** The plug-ins of a deployment: the generic ones, other libraries' manifests, and what configuration selects of them. */
export function pluginRegistry(configured = '', others: readonly PluginEntry[] = []): PluginRegistry {
  return new PluginRegistry([...genericPlugins, ...others], [...genericSelections, ...parseSelections(configured)]);
}

/** The plug-ins without any configuration. */
export const plugins = pluginRegistry();

import { type DatasetLookup, type DatasetName, type Ddm, datasetName, type FoundDatasets, lookupKey } from '@panda/domain';

/** Asks data management for every name a task reads; a name nobody knows gets an empty answer. Throws DdmError when it cannot say. */
export async function lookUp(ddm: Ddm, lookups: readonly DatasetLookup[]): Promise<FoundDatasets> {
  const found = new Map<string, readonly string[]>();
  for (const lookup of lookups) {
    const name = datasetName(lookup.name);
    const datasets = lookup.expand ? await ddm.members(name) : await ddm.describe([name]);
    found.set(
      lookupKey(lookup),
      datasets.map((dataset) => (lookup.expand ? textOf(dataset) : lookup.name)),
    );
  }
  return found;
}

/** The scope is written only where the naming convention does not give it. */
function textOf({ scope, name }: DatasetName): string {
  return datasetName(name).scope === scope ? name : `${scope}:${name}`;
}

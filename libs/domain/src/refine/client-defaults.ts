import { isGiven, objectOf, type ParameterItem, type TaskParameters } from './parameters.js';

/** Where the fleet serves transforms from, `scheme://host:port`. */
export interface RefineDefaults {
  readonly serverUrl: string;
}

/** Placeholder of the cache server's address. */
const SOURCE_URL = `\${SURL}`;
const CLOUD_WIDTH = 10;
const run = { athena: 'runAthena-00-00-12', cont: 'runcontainer', other: 'runGen-00-00-02' };
const build = { athena: 'buildJob-00-00-03', other: 'buildGen-00-00-01' };
const prepro = { evp: 'preEvtPick-00-00-01', grl: 'preGoodRunList-00-00-01' };
const merge = 'runMerge-00-00-02';

/**
 * The map with what a client leaves to the server: transforms by processing type, `${SURL}` replaced in the item values, the cloud of
 * the working group, the image of `--containerImage`. The result is stored as the task's parameters.
 * panda-jedi:pandajedi/jedirefine/{GenTaskRefiner,AtlasAnalTaskRefiner}.py@42f4bb41.
 */
export function withClientDefaults(map: TaskParameters, defaults: RefineDefaults): TaskParameters {
  const url = (name: string) => `${defaults.serverUrl.replace(/\/+$/, '')}/trf/user/${name}`;
  const kinds = String(map.processingType ?? '').split('-');
  const is = (kind: string) => kinds.includes(kind);
  const result: Record<string, unknown> = { ...map, jobParameters: withSourceUrl(map) };
  if (!isGiven(map, 'cloud') && typeof map.workingGroup === 'string' && map.workingGroup.length <= CLOUD_WIDTH) {
    result.cloud = map.workingGroup;
  }
  if (!isGiven(map, 'transPath')) result.transPath = url(is('athena') ? run.athena : is('cont') ? run.cont : run.other);
  setStepPath(result, 'buildSpec', url(is('athena') ? build.athena : build.other));
  setStepPath(result, 'mergeSpec', url(merge));
  setStepPath(result, 'preproSpec', is('evp') ? url(prepro.evp) : is('grl') ? url(prepro.grl) : null);
  if (!isGiven(map, 'container_name')) {
    const image = imageOf(result.jobParameters as readonly ParameterItem[]);
    if (image !== undefined) result.container_name = image;
  }
  return result;
}

function withSourceUrl(map: TaskParameters): readonly ParameterItem[] {
  const items = map.jobParameters as readonly ParameterItem[];
  const source = map.sourceURL;
  if (typeof source !== 'string') return items.map((item) => ({ ...item }));
  return items.map((item) =>
    item.value === undefined ? { ...item } : { ...item, value: item.value.replaceAll(SOURCE_URL, source) },
  );
}

function setStepPath(map: Record<string, unknown>, key: string, path: string | null): void {
  const step = objectOf(map, key);
  if (step !== null && path !== null && !isGiven(step, 'transPath')) map[key] = { ...step, transPath: path };
}

function imageOf(items: readonly ParameterItem[]): string | undefined {
  for (const item of items) {
    const found = /--containerImage\s+(\S+)/.exec(item.value ?? '');
    if (found) return found[1];
  }
  return undefined;
}

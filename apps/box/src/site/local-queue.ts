import { cpus, freemem, totalmem } from 'node:os';

export const LOCAL_QUEUE = 'LOCAL';
export const LOCAL_SITE = 'LOCAL';
export const LOCAL_ENDPOINT = 'LOCAL_DISK';
export const LOCAL_HARVESTER = 'box';

/** Resources of this machine that pilots may use. */
export interface Machine {
  readonly cores: number;
  readonly memoryMb: number;
}

export function thisMachine(): Machine {
  const memoryMb = Math.floor(Math.max(totalmem() / 2, freemem()) / 2 ** 20);
  return { cores: cpus().length, memoryMb };
}

/** SCHEDCONFIG_JSON of the one queue of a box: takes everything, reads and writes the storage on this disk. Spec: Information system. */
export function localQueue(machine: Machine): Record<string, unknown> {
  const tools = ['cp'];
  const storages = [LOCAL_ENDPOINT];
  const activities = ['pr', 'pw', 'pl', 'read_lan', 'write_lan', 'es_events', 'es_failover'];
  const forAll = <T>(value: T) => Object.fromEntries(activities.map((activity) => [activity, value]));
  return {
    nickname: LOCAL_QUEUE,
    panda_resource: LOCAL_QUEUE,
    siteid: LOCAL_QUEUE,
    atlas_site: LOCAL_SITE,
    gstat: LOCAL_SITE,
    cloud: 'WORLD',
    state: 'ACTIVE',
    status: 'online',
    type: 'unified',
    vo_name: 'wlcg',
    resource_type: 'GRID',
    pilot_manager: 'Harvester',
    harvester: LOCAL_HARVESTER,
    capability: 'ucore',
    corecount: machine.cores,
    maxrss: machine.memoryMb,
    minrss: 0,
    maxtime: 86_400,
    mintime: 0,
    timefloor: 5,
    maxwdir: 10_000,
    maxinputsize: 10_000,
    fairsharepolicy: '',
    params: {},
    copytools: { cp: { setup: '' } },
    acopytools: forAll(tools),
    astorages: forAll(storages),
    appdir: '',
    // A laptop has less than the 200 GB that the grid wants free at a storage endpoint.
    catchall: 'skip_RSE_check',
    environ: '',
    container_options: '',
    container_type: '',
    is_cvmfs: false,
    direct_access_lan: false,
    direct_access_wan: false,
  };
}

/** Harvester's configuration of the queue: so many pilots at most as there are cores, started when jobs wait. */
export function localHarvesterQueue(machine: Machine): Record<string, unknown> {
  return {
    [LOCAL_QUEUE]: {
      prodSourceLabel: 'unified',
      maxWorkers: Math.max(2, machine.cores),
      maxNewWorkersPerCycle: Math.max(2, machine.cores),
      runMode: 'self',
      submitter: { name: 'LocalProcessSubmitter' },
      monitor: { name: 'LocalProcessMonitor' },
      sweeper: { name: 'LocalProcessSweeper' },
    },
  };
}

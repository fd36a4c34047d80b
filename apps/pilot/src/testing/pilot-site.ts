import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Variables } from '@panda/config';
import { type Clock, replicaPath } from '@panda/domain';
import { launchPilot } from '../launch.js';
import { readOptions } from '../options/options.js';
import { type PilotConfig, pilotKeys } from '../pilot.config.js';
import type { Pilot } from '../pilot.js';
import { PilotLog } from '../process/pilot-log.js';
import { DocumentedServer } from './documented-server.js';

export const QUEUE = 'TEST_PQ';
export const STORAGE = 'LOCAL_DISK';
export const SCOPE = 'user.alice';

/** Periods short enough for a test, everything else as delivered. */
const QUICK: Partial<PilotConfig> = {
  heartbeat: 100,
  debugHeartbeat: 50,
  monitorTick: 20,
  memoryPeriod: 50,
  diskPeriod: 50,
  killFilePeriod: 50,
  loopingPeriod: 50,
  killGrace: 500,
  getJobPause: 20,
  reportPauseMax: 100,
  transferPause: 10,
  freeSpaceStartMb: 1,
  freeSpaceRunMb: 1,
};

/** A site with one queue and one storage on disk, a documented server, and pilots in this process. */
export class PilotSite {
  readonly log: string[] = [];
  private readonly giveUp = new AbortController();

  private constructor(
    readonly root: string,
    readonly server: DocumentedServer,
  ) {}

  static async open(): Promise<PilotSite> {
    const site = new PilotSite(mkdtempSync(join(tmpdir(), 'pilot-site-')), await DocumentedServer.open());
    site.server.queueData = queueRecord();
    site.server.storageData = storageRecord(site.storageDir);
    mkdirSync(site.home);
    return site;
  }

  get home(): string {
    return join(this.root, 'home');
  }

  get storageDir(): string {
    return join(this.root, 'se');
  }

  /** Puts a replica into the storage. */
  store(lfn: string, text: string, scope = SCOPE): void {
    const path = join(this.storageDir, replicaPath(scope, lfn));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  /** Content of a replica; undefined when there is none. */
  stored(lfn: string, scope = SCOPE): string | undefined {
    const path = this.storedPath(lfn, scope);
    return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
  }

  storedPath(lfn: string, scope = SCOPE): string {
    return join(this.storageDir, replicaPath(scope, lfn));
  }

  pilot(options: readonly string[] = [], config: Partial<PilotConfig> = {}, variables?: Variables, clock?: Clock): Pilot {
    const log = PilotLog.open({ write: (line) => void this.log.push(line) }, { debug: true });
    const argv = ['--pilot-user', 'generic', '-q', QUEUE, '-j', 'user', '--url', this.server.url, '-v', '1', ...options];
    const values = pilotKeys.with({ home: this.home, ...QUICK, ...config });
    return launchPilot({
      options: readOptions(argv),
      config: values,
      log,
      giveUp: this.giveUp.signal,
      ...(variables === undefined ? {} : { variables }),
      ...(clock === undefined ? {} : { clock }),
    });
  }

  /** What lies in the pilot's home beside caches and lists. */
  leftovers(): string[] {
    const expected = new Set([
      'heartbeat.json',
      'queuedata.json',
      'agis_ddmendpoints.agis.ALL.json',
      'pandaIDs.out',
      'pilot_jobs',
    ]);
    return readdirSync(this.home).filter((name) => !expected.has(name));
  }

  spooled(): string[] {
    const dir = join(this.home, 'pilot_jobs');
    return existsSync(dir) ? readdirSync(dir) : [];
  }

  async close(): Promise<void> {
    this.giveUp.abort();
    await this.server.close();
    rmSync(this.root, { recursive: true, force: true });
  }
}

export function queueRecord(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    nickname: QUEUE,
    panda_resource: QUEUE,
    atlas_site: 'TEST_SITE',
    type: 'unified',
    status: 'online',
    state: 'ACTIVE',
    catchall: '',
    container_type: '',
    acopytools: { pr: ['file'], pw: ['file'], pl: ['file'] },
    astorages: { pr: [STORAGE], pw: [STORAGE], pl: [STORAGE], read_lan: [STORAGE], write_lan: [STORAGE] },
    params: {},
    maxwdir: 20_000,
    maxinputsize: 14_336,
    maxrss: 8_000,
    maxtime: 172_800,
    timefloor: 0,
    corecount: 1,
    ...changes,
  };
}

export function storageRecord(dir: string): Record<string, unknown> {
  const protocol = [{ id: 1, endpoint: 'file://localhost', path: `${dir}/` }];
  const arprotocols = { read_lan: protocol, write_lan: protocol, pr: protocol, pw: protocol, pl: protocol };
  return {
    [STORAGE]: {
      id: 1,
      name: STORAGE,
      state: 'ACTIVE',
      site: 'TEST_SITE',
      type: 'DATADISK',
      is_deterministic: true,
      arprotocols,
    },
  };
}

let lastId = 1_000;

/** A job dictionary as the server hands it out: `command` runs through runGen; outputs and inputs as given. */
export function jobRecord(serverUrl: string, command: string, changes: Record<string, unknown> = {}): Record<string, unknown> {
  const pandaId = ++lastId;
  return {
    PandaID: pandaId,
    attemptNr: 1,
    taskID: 42,
    jobsetID: 7,
    prodSourceLabel: 'user',
    processingType: 'panda-client-1.4.93-jedi-run',
    prodUserID: 'alice',
    transformation: `${serverUrl}/trf/user/runGen-00-00-02`,
    jobPars: `-j "" -r . -p "${encodeURIComponent(command)}" -o "{}"`,
    inFiles: '',
    outFiles: `log.${pandaId}.tgz`,
    logFile: `log.${pandaId}.tgz`,
    logGUID: 'log-guid',
    scopeLog: SCOPE,
    scopeOut: '',
    realDatasets: 'ds.log/',
    ddmEndPointOut: STORAGE,
    coreCount: 1,
    maxWalltime: 0,
    maxCpuCount: 0,
    ...changes,
  };
}

/** Fields of a job with one output `lfn`, made by the payload under `local`. */
export function withOutput(job: Record<string, unknown>, command: string, local: string, lfn: string): Record<string, unknown> {
  const log = String(job.logFile);
  return {
    ...job,
    jobPars: `-j "" -r . -p "${encodeURIComponent(command)}" -o "{'${local}': '${lfn}'}"`,
    outFiles: `${lfn},${log}`,
    scopeOut: SCOPE,
    realDatasets: 'ds.out/,ds.log/',
    ddmEndPointOut: `${STORAGE},${STORAGE}`,
  };
}

/** Adds one input to a job. */
export function withInput(job: Record<string, unknown>, lfn: string, size: number, checksum: string): Record<string, unknown> {
  const jobPars = String(job.jobPars).replace('-r .', `-r . -i "['${lfn}']"`);
  const file = {
    inFiles: lfn,
    scopeIn: SCOPE,
    GUID: 'guid',
    fsize: String(size),
    checksum,
    ddmEndPointIn: STORAGE,
    realDatasetsIn: 'ds.in/',
  };
  return { ...job, ...file, jobPars };
}

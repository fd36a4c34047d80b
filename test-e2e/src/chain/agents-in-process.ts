import type { Type } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { attachBus, busKeys } from '@panda/bus';
import { environment } from '@panda/config';
import { DdmRepository, databaseKeys, SiteRepository } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName, type TaskParameters } from '@panda/domain';
import { Log } from '@panda/runtime';
import { aQueue, pg, RecordingLog, type TestDatabase } from '@panda/testing';

export const QUEUE = 'QUEUE_A';
const ENDPOINT = 'SITE_A_DATADISK';
/** Sweeps come once an hour: only messages bring work forward. */
const seldom = {
  PANDA_TASKREFINER_SWEEP: '1h',
  PANDA_CONFEEDER_SWEEP: '1h',
  PANDA_JOBGEN_SWEEP: '1h',
  PANDA_WATCHDOG_SWEEP: '1h',
};

/** Agents as their modules wire them, in one process over one bus, with a site of one queue. */
export class AgentsInProcess {
  private constructor(
    readonly db: TestDatabase,
    readonly ddm: CatalogDdm,
    readonly app: NestFastifyApplication,
  ) {}

  static async start(modules: readonly Type[]): Promise<AgentsInProcess> {
    const db = await pg();
    await new SiteRepository(db.database).register({
      site: 'SITE_A',
      endpoint: { name: ENDPOINT, baseUrl: 'file:///nowhere', spaceGb: 100_000 },
      harvester: 'harvester_a',
      queue: { name: QUEUE, data: { ...(aQueue(QUEUE).columns.data as object), status: 'online' } },
    });
    Object.assign(environment(), seldom);
    const module = await Test.createTestingModule({ imports: [...modules] })
      .overrideProvider(Log)
      .useValue(new RecordingLog())
      .overrideProvider(databaseKeys.token)
      .useValue(databaseKeys.with({ url: db.url }))
      .overrideProvider(busKeys.token)
      .useValue(busKeys.with({ driver: 'postgres', poll: 25, relayPoll: 25 }))
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await attachBus(app);
    await app.init();
    return new AgentsInProcess(db, new CatalogDdm(new DdmRepository(db.database)), app);
  }

  async stop(): Promise<void> {
    await this.app.close();
    await this.db.close();
  }

  async rows(sql: string): Promise<Record<string, unknown>[]> {
    return (await this.db.database.pool.query(sql)).rows;
  }

  /** Reads until the answer is as expected; the test's own time limit ends a wait in vain. */
  async becomes(sql: string, wanted: object[]): Promise<void> {
    for (;;) {
      const answer = await this.rows(sql);
      if (JSON.stringify(answer) === JSON.stringify(wanted)) return;
      await new Promise((resolve) => setTimeout(resolve, 20)); // polls what agents write
    }
  }

  /** A dataset of the catalogue with files of these names. */
  async dataset(name: string, lfns: readonly string[]): Promise<void> {
    const wanted = datasetName(name);
    await this.ddm.register([wanted]);
    const files = lfns.map((lfn) => ({ scope: wanted.scope, lfn, size: 1_000, guid: `guid-${lfn}` }));
    await this.ddm.addFiles(wanted, ENDPOINT, files);
  }
}

/** The map of a user's task without scouts, one file a job, as panda-client sends it. */
export function mapOf(name: string, own: TaskParameters): TaskParameters {
  const log = `${name}.log`;
  return {
    taskName: `${name}/`,
    vo: 'wlcg',
    userName: 'alice',
    taskType: 'anal',
    taskPriority: 1000,
    architecture: '',
    transUses: '',
    transHome: null,
    transPath: 'http://gateway/trf/runGen',
    processingType: 'panda-client-2.0.2-jedi-run',
    prodSourceLabel: 'user',
    skipScout: true,
    nFilesPerJob: 1,
    log: {
      dataset: `${log}/`,
      container: `${log}/`,
      type: 'template',
      param_type: 'log',
      value: `${log}.$JEDITASKID.\${SN}.log.tgz`,
    },
    ...own,
  };
}

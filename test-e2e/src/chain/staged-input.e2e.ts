import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { attachBus, BusClient, busKeys } from '@panda/bus';
import { environment } from '@panda/config';
import { topics } from '@panda/contracts';
import { DdmRepository, databaseKeys, SiteRepository } from '@panda/database';
import { CatalogDdm } from '@panda/ddm-catalog';
import { datasetName, type TaskParameters } from '@panda/domain';
import { JediContentsFeederModule } from '@panda/jedi-contents-feeder';
import { JediJobGeneratorModule } from '@panda/jedi-job-generator';
import { MessageProcessorModule } from '@panda/message-processor';
import { Log } from '@panda/runtime';
import { aQueue, aRefinedTask, pg, RecordingLog, type TestDatabase } from '@panda/testing';
import { lastValueFrom } from 'rxjs';

const QUEUE = 'QUEUE_A';
const ENDPOINT = 'SITE_A_DATADISK';
const TASK = 1;
const FILES = 8;

/** Feeder, generator and message processor over one bus. Their sweeps come once an hour: only messages bring work forward. */
describe('input that arrives while its task has jobs', () => {
  let db: TestDatabase;
  let ddm: CatalogDdm;
  let app: NestFastifyApplication;

  beforeAll(async () => {
    db = await pg();
    ddm = new CatalogDdm(new DdmRepository(db.database));
    await new SiteRepository(db.database).register({
      site: 'SITE_A',
      endpoint: { name: ENDPOINT, baseUrl: 'file:///nowhere', spaceGb: 100_000 },
      harvester: 'harvester_a',
      queue: { name: QUEUE, data: { ...(aQueue(QUEUE).columns.data as object), status: 'online' } },
    });
    Object.assign(environment(), { PANDA_CONFEEDER_SWEEP: '1h', PANDA_JOBGEN_SWEEP: '1h', PANDA_JOBGEN_HOLD: '1h' });
    const module = await Test.createTestingModule({
      imports: [JediContentsFeederModule, JediJobGeneratorModule, MessageProcessorModule],
    })
      .overrideProvider(Log)
      .useValue(new RecordingLog())
      .overrideProvider(databaseKeys.token)
      .useValue(databaseKeys.with({ url: db.url }))
      .overrideProvider(busKeys.token)
      .useValue(busKeys.with({ driver: 'postgres', poll: 25, relayPoll: 25 }))
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await attachBus(app);
    await app.init();
  }, 60_000);
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  const rows = async (sql: string) => (await db.database.pool.query(sql)).rows as Record<string, unknown>[];
  /** Reads until the answer is as expected; the test's own time limit ends a wait in vain. */
  const becomes = async (sql: string, wanted: object[]) => {
    for (;;) {
      const answer = await rows(sql);
      if (JSON.stringify(answer) === JSON.stringify(wanted)) return;
      await new Promise((resolve) => setTimeout(resolve, 20)); // polls what other agents write
    }
  };
  const lfn = (i: number) => `input.${String(i).padStart(3, '0')}.root`;
  const available = (from: number, to: number) => ({
    msg_type: 'file_stagein',
    request_id: 1,
    workload_id: TASK,
    relation_type: 'output',
    files: Array.from({ length: to - from }, (_, i) => ({
      scope: 'user.bob',
      name: lfn(from + i),
      path: '',
      status: 'Available',
    })),
  });
  const tell = (message: object) =>
    lastValueFrom(app.get(BusClient).emit(topics.ingressMessage.name, message), { defaultValue: undefined });
  const taskIs = (status: string) => becomes(`select status from doma_panda.jedi_tasks where jeditaskid = ${TASK}`, [{ status }]);
  const jobsAre = (count: number) =>
    becomes(`select count(*)::int as jobs from doma_panda.jobs where jeditaskid = ${TASK} and computingsite = '${QUEUE}'`, [
      { jobs: count },
    ]);

  it('makes jobs of what is there, and of the rest as soon as a message says that it has come', async () => {
    const input = datasetName('user.bob.in');
    await ddm.register([input]);
    const files = Array.from({ length: FILES }, (_, i) => ({ scope: 'user.bob', lfn: lfn(i), size: 1_000, guid: `guid-${i}` }));
    await ddm.addFiles(input, ENDPOINT, files);
    await aRefinedTask(db.database, ddm, TASK, onTape);

    await taskIs('pending');
    expect(
      await rows(`select status, count(*)::int as n from doma_panda.jedi_dataset_contents where type = 'input' group by 1`),
    ).toEqual([{ status: 'staging', n: FILES }]);

    await tell(available(0, FILES / 2));
    await jobsAre(FILES / 2);
    await taskIs('running');

    await tell(available(FILES / 2, FILES));
    await jobsAre(FILES);
    await taskIs('running');
    expect(
      await rows(
        `select nfiles::int, nfilestobeused::int, nfilesused::int, state from doma_panda.jedi_datasets where type = 'input'`,
      ),
    ).toEqual([{ nfiles: FILES, nfilestobeused: FILES, nfilesused: FILES, state: 'closed' }]);
  }, 60_000);
});

const onTape: TaskParameters = {
  taskName: 'user.alice.tape/',
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
  inputPreStaging: true,
  skipScout: true,
  nFilesPerJob: 1,
  nChunksToWait: 1,
  log: {
    dataset: 'user.alice.tape.log/',
    container: 'user.alice.tape.log/',
    type: 'template',
    param_type: 'log',
    value: 'user.alice.tape.log.$JEDITASKID.${SN}.log.tgz',
  },
  jobParameters: [{ type: 'template', param_type: 'input', value: '-i "${IN/T}"', dataset: 'user.bob.in', expand: true }],
};

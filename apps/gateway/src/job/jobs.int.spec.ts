import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { jobInstance, type PyInstance, PyTuple, pickle, readJobInstances, unpickle } from '@panda/contracts';
import { aJob, aJobFile, aQueue, insertRows } from '@panda/testing';
import { classic, countRows, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let alice: { token: string };
let bob: { token: string };
let production: { token: string; origin: string };

beforeAll(async () => {
  gateway = await startGateway();
  alice = { token: await gateway.issuer.token() };
  bob = { token: await gateway.issuer.token({ sub: 'bob', name: 'Bob Builder' }) };
  production = {
    token: await gateway.issuer.token({ sub: 'prod', name: 'Prod User', groups: ['wlcg', 'wlcg/production'] }),
    origin: 'wlcg:production',
  };
  await insertRows(gateway.database, aQueue('QUEUE_A'));
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  await gateway.database.pool.query(
    'delete from doma_panda.jobs; delete from doma_panda.job_files; delete from panda_ops.outbox',
  );
});

const mine = (id: number) => aJob(id).with({ produsername: 'Alice Example' });
const rowsOf = async (sql: string) => (await gateway.database.pool.query(sql)).rows as Record<string, unknown>[];
const read = (text: string) => unpickle(Buffer.from(text, 'latin1'));
const ids = (...list: number[]) => ({ ids: pickle(list) });

describe('job descriptions', () => {
  it('API-client-15 API-client-14 come as records the classic client unpickles, in the order of the ids', async () => {
    await insertRows(gateway.database, mine(5_000_000_001), aJobFile(1).ofJob(5_000_000_001).with({ lfn: 'x.root' }));
    for (const [method, sent] of [
      ['getJobStatus', {}],
      ['getFullJobStatus', alice],
    ] as const) {
      const [missing, job] = read((await classic(gateway, method, ids(7, 5_000_000_001), sent)).text) as unknown as [
        null,
        PyInstance,
      ];
      expect(missing).toBeNull();
      expect([job.module, job.name]).toEqual(['pandaclient.JobSpec', 'JobSpec']);
      const [record] = readJobInstances([job]);
      expect(record?.attributes).toMatchObject({ PandaID: 5_000_000_001, jobStatus: 'activated', prodUserName: 'Alice Example' });
      expect(record?.files).toMatchObject([{ lfn: 'x.root' }]);
    }
  });

  it('v1 gives every attribute, datetimes marked, files inside', async () => {
    await insertRows(gateway.database, mine(1), aJobFile(1).ofJob(1));
    const { data } = (await v1Post(gateway, 'job/get_description', { job_ids: [1, 2] }, alice)).json() as {
      data: (Record<string, unknown> | null)[];
    };
    expect(data[0]).toMatchObject({
      PandaID: 1,
      creationTime: { __datetime__: '2026-01-01T00:00:00' },
      cpuConsumptionUnit: null,
      Files: [{ lfn: 'file.1' }],
    });
    expect(data[1]).toBeNull();
  });

  it('I36 a pickle with code is refused and nothing runs', async () => {
    const before = await countRows(gateway);
    for (const evil of ["cos\nsystem\n(S'touch /tmp/pwned'\ntR.", '(lcbuiltins\neval\n(V1\ntRa.', '(lp0\nL1L\na']) {
      const answer = await classic(gateway, 'killJobs', { ids: evil }, alice);
      expect([evil, answer.status >= 400 || answer.text.startsWith('(I')]).toEqual([evil, true]);
    }
    expect(await countRows(gateway)).toEqual(before);
  });
});

describe('killJobs', () => {
  it('API-client-23 BASIC-52 kills own jobs: waiting ones at once, running ones through their pilot', async () => {
    await insertRows(
      gateway.database,
      mine(1),
      mine(2).inStatus('running'),
      aJob(3).with({ produsername: 'Bob Builder' }),
      mine(4).inStatus('finished'),
    );
    expect(read((await classic(gateway, 'killJobs', ids(1, 2, 3, 4, 99), alice)).text)).toEqual([
      true,
      true,
      false,
      false,
      false,
    ]);
    expect(await rowsOf('select pandaid, jobstatus, commandtopilot from doma_panda.jobs order by pandaid')).toEqual([
      { pandaid: 1, jobstatus: 'cancelled', commandtopilot: null },
      { pandaid: 2, jobstatus: 'running', commandtopilot: 'tobekilled' },
      { pandaid: 3, jobstatus: 'activated', commandtopilot: null },
      { pandaid: 4, jobstatus: 'finished', commandtopilot: null },
    ]);
  });

  it('the production role kills users’ jobs with the codes made for that only', async () => {
    await insertRows(gateway.database, mine(1), mine(2).inStatus('running'));
    expect((await v1Post(gateway, 'job/kill', { job_ids: [1, 2] }, production)).json()).toMatchObject({ data: [false, false] });
    expect((await v1Post(gateway, 'job/kill', { job_ids: [1, 2], code: 9 }, production)).json()).toMatchObject({
      data: [true, true],
    });
    expect(await rowsOf('select distinct jobstatus from doma_panda.jobs')).toEqual([{ jobstatus: 'cancelled' }]);
  });
});

describe('setDebugMode', () => {
  const debug = async (id: number, on: boolean, sent = alice as object) =>
    (await classic(gateway, 'setDebugMode', { pandaID: String(id), modeOn: on ? 'True' : 'False' }, sent)).text;

  it('speaks to the user in the texts of the original', async () => {
    await insertRows(gateway.database, ...[1, 2, 3, 4].map((id) => mine(id).inStatus('running')));
    expect(await debug(1, true)).toBe('Succeeded');
    expect(await debug(1, true)).toBe('Already set accordingly');
    expect(await debug(99, true)).toBe('PandaID=99 not found in active DB');
    expect(await debug(1, true, bob)).toBe('Permission denied. Not the owner or production role');
    await debug(2, true);
    await debug(3, true);
    expect(await debug(4, true)).toContain('limit on the maximum number of debug');
    expect(await rowsOf('select specialhandling, commandtopilot from doma_panda.jobs where pandaid = 1')).toEqual([
      { specialhandling: 'debug', commandtopilot: 'debug' },
    ]);
    expect(await debug(1, false)).toBe('Succeeded');
    expect(await debug(1, true, {})).toBe('ERROR: SSL connection is required');
  });
});

describe('submitJobs', () => {
  const record = (changes: Record<string, unknown> = {}) => ({
    attributes: {
      jobName: 'j',
      prodSourceLabel: 'user',
      computingSite: 'QUEUE_A',
      transformation: 'http://x/y',
      jobParameters: '-p "a; rm -rf /"',
      coreCount: 1,
      minRamCount: 1000,
      jobDefinitionID: 5,
      prodUserName: 'Somebody Else',
      jediTaskID: 77,
      ...changes,
    },
    files: [{ lfn: 'o', type: 'output', dataset: 'user.alice.d', destinationDBlock: 'user.alice.d' }],
  });
  const submit = (sent: object, ...records: ReturnType<typeof record>[]) =>
    classic(gateway, 'submitJobs', { jobs: pickle(records.map(jobInstance)) }, sent);

  it('stores ready-made jobs under the name of the caller', async () => {
    const [answer] = read((await submit(alice, record())).text) as [PyTuple];
    expect(answer.items[1]).toBe(5);
    expect(
      await rowsOf(
        'select jobstatus, produsername, computingsite, jeditaskid, resource_type, jobdefinitionid from doma_panda.jobs',
      ),
    ).toEqual([
      {
        jobstatus: 'activated',
        produsername: 'Alice Example',
        computingsite: 'QUEUE_A',
        jeditaskid: null,
        resource_type: 'SCORE',
        jobdefinitionid: 5,
      },
    ]);
    expect(
      await rowsOf('select jobparameters from doma_panda.job_params where pandaid in (select pandaid from doma_panda.jobs)'),
    ).toEqual([{ jobparameters: '-p "a; rm -rf /"' }]);
    expect(await rowsOf('select lfn, type from doma_panda.job_files')).toEqual([{ lfn: 'o', type: 'output' }]);
  });

  it('PRIO-01 PRIO-03 PRIO-04 ranks jobs by the active jobs of their user, official ones by those of the group, merge and test jobs before all', async () => {
    await rowsOf('delete from doma_panda.jobs');
    const priorities = async (sent: object, ...records: ReturnType<typeof record>[]) => {
      const [answer] = read((await submit(sent, ...records)).text) as [PyTuple];
      expect(answer).toBeDefined();
      const rows = await rowsOf('select currentpriority as p, assignedpriority as a from doma_panda.jobs order by pandaid');
      for (const { p, a } of rows) expect(p).toBe(a);
      return rows.slice(-records.length).map(({ p }) => p);
    };
    const many = (n: number, changes = {}) => Array.from({ length: n }, () => record(changes));
    const task = await priorities(alice, ...many(100));
    expect([task.slice(0, 5), task.slice(5, 6), task.slice(95)]).toEqual([
      [1000, 1000, 1000, 1000, 1000],
      [999],
      [981, 981, 981, 981, 981],
    ]);
    expect(await priorities(alice, ...many(6))).toEqual([980, 980, 980, 980, 980, 979]);
    const official = { workingGroup: 'phys-higgs' };
    expect(await priorities(production, ...many(6, official))).toEqual([1000, 1000, 1000, 1000, 1000, 999]);
    expect(await priorities(production, ...many(5))).toEqual([1000, 1000, 1000, 1000, 1000]); // the group's do not count for the user
    expect(await priorities(production, record(official))).toEqual([999]);
    expect(
      await priorities(
        alice,
        record({ processingType: 'usermerge' }),
        record({ processingType: 'gangarobot' }),
        record({ processingType: 'hammercloud' }),
        record({ prodSourceLabel: 'panda' }),
        record({ assignedPriority: 9000, specialHandling: 'express' }),
      ),
    ).toEqual([5000, 4000, 4000, 2000, 979]);
    await rowsOf('delete from doma_panda.jobs');
  });

  it('refuses the whole list when one job cannot be taken', async () => {
    const before = await countRows(gateway);
    for (const bad of [
      { prodSourceLabel: 'managed' },
      { prodSourceLabel: 'ddm' },
      { computingSite: 'NOWHERE' },
      { transformation: 'NULL' },
    ]) {
      expect((await submit(alice, record(), record(bad))).text).toMatch(/^ERROR: /);
    }
    expect((await submit({}, record())).text).toBe('False');
    expect((await v1Post(gateway, 'job/submit', { jobs: '[]' }, alice)).json()).toMatchObject({
      success: false,
      message: 'No jobs were submitted',
    });
    expect((await v1Post(gateway, 'job/submit', { jobs: '{"a":1}' }, alice)).json()).toMatchObject({ success: false });
    expect(await countRows(gateway)).toEqual(before);
  });
});

describe('outputs of submitted jobs', () => {
  const job = (changes: object, file: object) => ({
    attributes: { prodSourceLabel: 'user', computingSite: 'QUEUE_A', transformation: 'http://x/y', ...changes },
    files: [{ lfn: 'o', type: 'output', dataset: 'user.alice.d', destinationDBlock: 'user.alice.d', ...file }],
  });
  const submit = async (sent: object, changes: object, file: object) =>
    (await classic(gateway, 'submitJobs', { jobs: pickle([jobInstance(job(changes, file))]) }, sent)).text;

  it.each([
    ['a dataset of the job', { destinationDBlock: 'user.root.secret' }, {}],
    ['a dataset of a file', {}, { destinationDBlock: 'user.root.secret' }],
    ['the other dataset of a file', {}, { dataset: 'user.root.secret' }],
    ['a dataset nobody owns', {}, { dataset: 'mc23.secret' }],
    ['a file name', {}, { lfn: 'user.root.x' }],
    ['a log', {}, { type: 'log', lfn: 'group.higgs.log' }],
    ['a path', {}, { lfn: '../x' }],
  ])('%s in the scope of somebody else is refused, and nothing is stored', async (_, changes, file) => {
    const before = await countRows(gateway);
    expect(await submit(alice, changes, file)).toMatch(/^ERROR: (destinationDBlock|lfn) /);
    expect(await countRows(gateway)).toEqual(before);
  });

  it('inputs may be anybody’s, and production writes everywhere', async () => {
    const input = { type: 'input', lfn: 'user.root.x', dataset: 'user.root.y' };
    expect(read(await submit(alice, { destinationDBlock: 'user.alice.z' }, input))).toHaveLength(1);
    expect(read(await submit(production, {}, { dataset: 'mc23.x', lfn: 'mc23.x._1' }))).toHaveLength(1);
  });
});

describe('job metadata', () => {
  it('API-client-19 gives the reports of finished jobs, JSON objects only', async () => {
    await insertRows(
      gateway.database,
      mine(1).ofTask(9).inStatus('finished'),
      mine(2).ofTask(9).inStatus('finished'),
      mine(3).ofTask(9).inStatus('failed'),
    );
    await rowsOf(
      `insert into doma_panda.job_metadata (pandaid, metadata) values (1, '{"a": 1}'), (2, 'not json'), (3, '{"b": 2}')`,
    );
    expect((await classic(gateway, 'getUserJobMetadata', { jediTaskID: '9' }, alice)).json()).toEqual({ '1': { a: 1 } });
    expect((await v1Get(gateway, 'job/get_metadata_for_analysis_jobs?task_id=8', alice)).json()).toEqual({
      success: true,
      message: 'No metadata found',
      data: {},
    });
  });
});

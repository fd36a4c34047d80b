import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { aJob, aJobFile, aQueue, insertRows } from '@panda/testing';
import { classic, countRows, raw, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let token: string;
let pilot: { token: string; origin: string };

beforeAll(async () => {
  gateway = await startGateway();
  token = await gateway.issuer.token();
  pilot = {
    token: await gateway.issuer.token({
      sub: 'panda-robot',
      azp: 'panda-robot',
      aud: 'panda-robot',
      groups: ['wlcg', 'wlcg/pilot'],
    }),
    origin: 'wlcg.pilot',
  };
  await insertRows(gateway.database, aQueue('QUEUE_A'), aQueue('QUEUE_B'));
}, 60_000);
afterAll(() => gateway.close());
beforeEach(async () => {
  await gateway.database.pool.query(
    'delete from doma_panda.jobs; delete from doma_panda.job_files; delete from panda_ops.handout; delete from doma_panda.job_output_report; delete from doma_panda.job_params',
  );
});

const rowsOf = async (sql: string, ...values: unknown[]) =>
  (await gateway.database.pool.query(sql, values)).rows as Record<string, unknown>[];
const ask = {
  siteName: 'QUEUE_A',
  computingElement: 'QUEUE_A',
  prodSourceLabel: 'user',
  node: 'node1',
  mem: '24105.6',
  diskSpace: '20000',
};
const json = { headers: { accept: 'application/json' } };

describe('getJob', () => {
  it('hands a job out once, with what the pilot reads, and records the hand-out', async () => {
    await insertRows(
      gateway.database,
      aJob(1003).with({ produserid: 'alice' }),
      aJobFile(1).ofJob(1003).with({ lfn: 'in.root', fsize: 5, md5sum: 'ad:3a010613', dataset: 'user.alice:in' }),
      aJobFile(2).ofJob(1003).with({ lfn: 'out.root', type: 'output', scope: 'user.alice' }),
      aJobFile(3).ofJob(1003).with({ lfn: 'x.log.tgz', type: 'log', scope: 'user.alice', guid: 'log-guid' }),
    );
    await rowsOf('insert into doma_panda.job_params (pandaid, jobparameters) values (1003, \'-p "a > b; c"\')');
    const job = (await classic(gateway, 'getJob', ask, { ...pilot, ...json })).json();
    expect(job).toMatchObject({
      StatusCode: 0,
      PandaID: 1003,
      jobPars: '-p "a > b; c"',
      inFiles: 'in.root',
      checksum: 'ad:3a010613',
      outFiles: 'out.root,x.log.tgz',
      logFile: 'x.log.tgz',
      scopeOut: 'user.alice',
      scopeLog: 'user.alice',
      coreCount: 1,
      attemptNr: 1,
    });
    expect(await rowsOf('select jobstatus from doma_panda.jobs where pandaid = 1003')).toEqual([{ jobstatus: 'sent' }]);
    expect(await rowsOf('select attemptnr, node from panda_ops.handout where pandaid = 1003')).toEqual([
      { attemptnr: 1, node: 'node1' },
    ]);
    expect((await classic(gateway, 'getJob', ask, { ...pilot, ...json })).json()).toEqual({
      StatusCode: 20,
      errorDialog: 'no jobs in PanDA',
    });
  });

  it('answers a query string to a pilot that asks for no JSON', async () => {
    await insertRows(gateway.database, aJob(1));
    const answer = await classic(gateway, 'getJob', ask, pilot);
    expect(answer.headers.get('content-type')).toContain('text/plain');
    expect(new URLSearchParams(answer.text).get('PandaID')).toBe('1');
    expect((await classic(gateway, 'getJob', ask, pilot)).text).toBe('StatusCode=20&errorDialog=no+jobs+in+PanDA');
  });

  it('reads gzip JSON without Content-Encoding, as the pilot of 2026 sends it', async () => {
    await insertRows(gateway.database, aJob(1));
    const body = gzipSync(
      JSON.stringify({ ...ask, diskSpace: 20_000, cpu: 2445.4, mem: 24_105.6, allowOtherCountry: false, somethingNew: [1] }),
    );
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${pilot.token}`, origin: pilot.origin };
    const answer = await raw(gateway, '/server/panda/getJob', { method: 'POST', body, headers });
    expect(answer.json()).toMatchObject({ StatusCode: 0, PandaID: 1 });
  });

  it('gives forty concurrent pilots forty different jobs, the best first', async () => {
    await insertRows(gateway.database, ...Array.from({ length: 50 }, (_, i) => aJob(100 + i).withPriority(1_000 + i)));
    const answers = await Promise.all(Array.from({ length: 40 }, () => classic(gateway, 'getJob', ask, { ...pilot, ...json })));
    const ids = answers.map((answer) => (answer.json() as { PandaID: number }).PandaID);
    expect(new Set(ids).size).toBe(40);
    expect(Math.min(...ids)).toBe(110);
    expect(await rowsOf('select count(*)::int as n from panda_ops.handout')).toEqual([{ n: 40 }]);
  });

  it('BASIC-58 BASIC-63 SERVER-modules-06 serves the share furthest below its target first, and by priority only inside a share', async () => {
    const job = (id: number, share: string) => aJob(id).withShare(share);
    const running = Array.from({ length: 30 }, (_, i) => job(500 + i, 'Production').inStatus('running'));
    const waiting = Array.from({ length: 5 }, (_, i) => job(600 + i, 'Production').withPriority(9_000));
    const late = [job(700, 'User Analysis').withPriority(10), job(701, 'User Analysis').withPriority(20)];
    await insertRows(gateway.database, ...running, ...waiting, ...late);
    const started = await startGateway({}, false, gateway); // reads the order of the shares now
    try {
      const handedOut: number[] = [];
      for (const _ of [1, 2, 3, 4]) {
        const answer = await classic(started, 'getJob', ask, { ...pilot, ...json });
        handedOut.push((answer.json() as { PandaID: number }).PandaID);
      }
      expect(handedOut).toEqual([701, 700, 600, 601]);
    } finally {
      await started.close();
    }
  });

  it('hands out many jobs to a v1 call and relates them to the worker', async () => {
    await insertRows(gateway.database, aJob(1), aJob(2), aJob(3));
    const body = {
      site_name: 'QUEUE_A',
      node: 'n',
      prod_source_label: 'user',
      computing_element: 'QUEUE_A',
      n_jobs: 2,
      scheduler_id: 'harvester-x',
      harvester_id: 'x',
      worker_id: 7,
      resourceType: 'SCORE',
    };
    const answer = (await v1Post(gateway, 'pilot/acquire_jobs', body, pilot)).json() as {
      success: boolean;
      data: { StatusCode: number; jobs: { PandaID: number }[] };
    };
    expect(answer).toMatchObject({ success: true, data: { StatusCode: 0 } });
    expect(answer.data.jobs.map((job) => job.PandaID)).toEqual([1, 2]);
    expect(await rowsOf('select pandaid from doma_panda.harvester_rel_jobs_workers order by pandaid')).toEqual([
      { pandaid: 1 },
      { pandaid: 2 },
    ]);
    await rowsOf('delete from doma_panda.jobs');
    expect((await v1Post(gateway, 'pilot/acquire_jobs', body, pilot)).json()).toEqual({
      success: false,
      message: 'No jobs in PanDA',
      data: null,
    });
  });

  it('lets a caller without a pilot role fetch own user jobs only', async () => {
    await insertRows(gateway.database, aJob(1).with({ produsername: 'Alice Example' }), aJob(2).with({ produsername: 'Bob' }));
    const first = (await classic(gateway, 'getJob', ask, { token, ...json })).json();
    expect(first).toMatchObject({ PandaID: 1 });
    expect((await classic(gateway, 'getJob', ask, { token, ...json })).json()).toMatchObject({ StatusCode: 20 });
    expect((await classic(gateway, 'getJob', { ...ask, prodSourceLabel: 'managed' }, { token, ...json })).json()).toMatchObject({
      StatusCode: 60,
    });
    expect((await classic(gateway, 'getJob', ask, json)).json()).toMatchObject({ StatusCode: 40 });
  });

  it.each([
    ['an unknown queue', { siteName: 'NOWHERE', computingElement: 'NOWHERE' }],
    ['SQL in the name of the queue', { siteName: "x'; drop table jobs; --", computingElement: 'x' }],
    ['a name of 10 kB', { siteName: 'x'.repeat(10_000), computingElement: 'x' }],
  ])('I33 gives no job for %s', async (_, changes) => {
    await insertRows(gateway.database, aJob(1));
    expect((await classic(gateway, 'getJob', { ...ask, ...changes }, { ...pilot, ...json })).json()).toMatchObject({
      StatusCode: 20,
    });
  });

  it.each([
    ['negative memory', { mem: '-1' }],
    ['a billion jobs', { nJobs: '1000000000' }],
    ['text for numbers', { mem: 'lots', diskSpace: 'much', timeout: 'soon' }],
  ])('I33 clamps %s', async (_, changes) => {
    await insertRows(gateway.database, aJob(1));
    expect((await classic(gateway, 'getJob', { ...ask, ...changes }, { ...pilot, ...json })).json()).toMatchObject({
      StatusCode: 0,
    });
  });
});

describe('updateJob', () => {
  const update = (fields: Record<string, string>) =>
    classic(
      gateway,
      'updateJob',
      { jobId: '1', attemptNr: '1', siteName: 'QUEUE_A', node: 'n', ...fields },
      { ...pilot, ...json },
    );
  const statusOf = async (id: number) =>
    (await rowsOf('select jobstatus from doma_panda.jobs where pandaid = $1', id))[0]?.jobstatus;

  it('follows a job from start to end and keeps the report for the adder', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('sent'));
    expect(
      (
        await update({
          state: 'starting',
          pilotID: 'http://logs/1|PR|3.11.5.1',
          startTime: '1795332569.16',
          xml: '',
          metaData: '',
        })
      ).json(),
    ).toEqual({ StatusCode: 0, command: 'NULL' });
    expect(await statusOf(1)).toBe('starting');
    await update({ state: 'running', maxRSS: '1000', cpuConsumptionTime: '17', totRCHAR: '2048' });
    expect(
      await rowsOf('select jobstatus, maxrss::int, cpuconsumptiontime::int, totrchar::int, pilotid from doma_panda.jobs'),
    ).toEqual([
      { jobstatus: 'running', maxrss: 1000, cpuconsumptiontime: 17, totrchar: 2, pilotid: 'http://logs/1|PR|3.11.5.1' },
    ]);
    const xml = JSON.stringify({
      'out.root': { guid: 'g', fsize: 17, adler32: '3a010613', surl: 'file://localhost/se/x', endpoint: 'LOCAL_DISK' },
    });
    expect((await update({ state: 'finished', xml, transExitCode: '0', pilotTiming: '0|0|5|0|0|0' })).json()).toEqual({
      StatusCode: 0,
      command: 'NULL',
    });
    expect(await statusOf(1)).toBe('holding');
    expect(await rowsOf('select jobstatus, attemptnr, data from doma_panda.job_output_report')).toEqual([
      { jobstatus: 'finished', attemptnr: 1, data: xml },
    ]);
    expect(await rowsOf("select payload from panda_ops.outbox where type = 'jobs.reported'")).toEqual([
      { payload: { ids: [1] } },
    ]);
    expect((await update({ state: 'finished', xml })).json()).toEqual({ StatusCode: 0, command: 'alreadydone' });
    expect((await update({ state: 'running' })).json()).toEqual({ StatusCode: 0, command: 'NULL' });
    expect(await statusOf(1)).toBe('holding');
  });

  it('answers the same final report, sent twice at once, the same, and takes it once', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    // Somebody else has the row, so that both reports are there before the first is stored.
    const other = await gateway.database.pool.connect();
    await other.query('begin; select 1 from doma_panda.jobs where pandaid = 1 for update');
    const final = { state: 'finished', xml: '{"out.root": {"guid": "g", "fsize": 1}}' };
    const both = Promise.all([update(final), update(final)]);
    const inWork = async () => /^panda_gateway_report_requests\S* (\d+)$/m.exec((await raw(gateway, '/metrics', {})).text)?.[1];
    while ((await inWork()) !== '2') await new Promise((resolve) => setImmediate(resolve));
    await other.query('commit');
    other.release();
    expect((await both).map((answer) => answer.json())).toEqual(Array(2).fill({ StatusCode: 0, command: 'NULL' }));
    expect(await rowsOf('select count(*)::int as n from doma_panda.job_output_report')).toEqual([{ n: 1 }]);
    expect((await update(final)).json()).toEqual({ StatusCode: 0, command: 'alreadydone' });
  });

  it('tells a pilot of another attempt, or of an unknown job, to stop', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    expect((await update({ state: 'running', attemptNr: '2' })).json()).toMatchObject({ command: 'tobekilled' });
    expect((await update({ jobId: '99', state: 'running' })).json()).toMatchObject({ command: 'tobekilled' });
    expect((await update({ state: 'finished', attemptNr: '2', xml: '{}' })).json()).toMatchObject({ command: 'tobekilled' });
    expect(await rowsOf('select * from doma_panda.job_output_report')).toEqual([]);
  });

  it('API-client-29 delivers a command to the pilot with its next update', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    const production = { token: await gateway.issuer.token({ groups: ['wlcg', 'wlcg/production'] }), origin: 'wlcg:production' };
    expect(
      (await classic(gateway, 'send_command_to_job', { panda_id: '1', com: 'tail -20 payload.stdout' }, production)).json(),
    ).toEqual([true, 'command received']);
    expect((await update({ state: 'running' })).json()).toEqual({ StatusCode: 0, command: 'tail -20 payload.stdout' });
    expect((await classic(gateway, 'send_command_to_job', { panda_id: '1', com: 'x'.repeat(251) }, production)).json()).toEqual([
      false,
      'command string too long. must be less than 250 chars',
    ]);
    expect((await classic(gateway, 'send_command_to_job', { panda_id: '7', com: 'ls' }, production)).json()).toEqual([
      false,
      'no active job with PandaID=7',
    ]);
  });

  it.each([
    ['an unknown state', { state: 'flying' }, "PANDA-JOB-003: 'flying' is no state that a pilot may report"],
    ['a state with blanks', { state: 'running ; drop' }, expect.stringContaining('PANDA-JOB-003')],
    ['no job id', { jobId: 'NULL', state: 'running' }, undefined],
  ])('I30 answers %s with StatusCode 0, as classic pilots know it, and changes nothing', async (_, fields, errorDialog) => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    const [before] = await rowsOf('select * from doma_panda.jobs');
    expect((await update(fields)).json()).toEqual({
      StatusCode: 0,
      command: 'NULL',
      ...(errorDialog === undefined ? {} : { errorDialog }),
    });
    expect(await rowsOf('select * from doma_panda.jobs')).toEqual([before]);
  });

  it.each([
    ['a negative job id', { jobId: '-5' }, 'jobId must be an integer'],
    ['a word for a job id', { jobId: 'abc' }, 'jobId must be an integer'],
    ['a fraction of a job', { jobId: '1.7' }, 'jobId must be an integer'],
    ['an empty job id', { jobId: '' }, 'jobId must be an integer'],
    ['a word for an attempt', { attemptNr: 'abc' }, 'attemptNr must be an integer'],
    ['a negative attempt', { attemptNr: '-1' }, 'attemptNr must be an integer'],
    ['an attempt beyond reason', { attemptNr: '99999999999999999999' }, 'attemptNr must be an integer'],
    ['a fraction of an attempt', { attemptNr: '1.5' }, 'attemptNr must be an integer'],
  ])('I30 refuses %s in words, and changes nothing, in every form', async (_, fields, problem) => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    const [before] = await rowsOf('select * from doma_panda.jobs');
    const sent: Record<string, string> = { jobId: '1', attemptNr: '1', state: 'finished', xml: '{}', ...fields };
    const refused = { StatusCode: 50, command: 'NULL', errorDialog: problem };
    expect((await update(sent)).json()).toEqual(refused);
    const bulk = await classic(gateway, 'updateJobsInBulk', { jobList: JSON.stringify([sent]) }, { ...pilot, ...json });
    expect(bulk.json()).toEqual([true, [{ type: 'json', content: JSON.stringify(refused) }]]);
    const v1 = { job_id: sent.jobId, job_status: sent.state, attempt_nr: sent.attemptNr };
    const envelope = {
      success: false,
      message: problem.replace('jobId', 'job_id').replace('attemptNr', 'attempt_nr'),
      data: { StatusCode: 50, command: null },
    };
    expect((await v1Post(gateway, 'pilot/update_job', v1, pilot)).json()).toEqual(envelope);
    const v1Bulk = await v1Post(gateway, 'pilot/update_jobs_bulk', { job_list: [v1], harvester_id: 'x' }, pilot);
    expect(v1Bulk.json()).toEqual({ success: true, message: '', data: [envelope] });
    expect(await rowsOf('select * from doma_panda.jobs')).toEqual([before]);
    expect(await rowsOf('select * from doma_panda.job_output_report')).toEqual([]);
  });

  it('I30 v1 refuses an unknown state with StatusCode 50 and its code', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    expect((await v1Post(gateway, 'pilot/update_job', { job_id: 1, job_status: 'flying' }, pilot)).json()).toEqual({
      success: false,
      message: "PANDA-JOB-003: 'flying' is no state that a pilot may report",
      data: { StatusCode: 50, command: null },
    });
    expect(await statusOf(1)).toBe('running');
  });

  it('an attempt that is not sent, or null, is the stored one', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    expect((await update({ state: 'running', attemptNr: 'None' })).json()).toEqual({ StatusCode: 0, command: 'NULL' });
    const bulk = { job_list: [{ job_id: 1, job_status: 'running', attempt_nr: null }], harvester_id: 'x' };
    expect((await v1Post(gateway, 'pilot/update_jobs_bulk', bulk, pilot)).json()).toMatchObject({
      data: [{ success: true, data: { StatusCode: 0, command: null } }],
    });
  });

  it('I30 a list of reports that is none is refused in the form of the method', async () => {
    const sent = { ...pilot, ...json };
    expect((await classic(gateway, 'updateJobsInBulk', { jobList: '{}', harvester_id: 'x' }, sent)).json()).toEqual([
      false,
      'jobList must be a list',
    ]);
  });

  it('I30 drops values that cannot be read, not the report', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    await update({
      state: 'finished',
      maxRSS: 'NaN',
      nEvents: '1e999',
      startTime: '31-Feb',
      pilotErrorCode: 'x',
      metaData: '{broken',
      xml: '<!DOCTYPE x [<!ENTITY e "e">]>',
    });
    expect(await statusOf(1)).toBe('holding');
    expect(await rowsOf('select data from doma_panda.job_output_report')).toEqual([{ data: '<!DOCTYPE x [<!ENTITY e "e">]>' }]);
  });

  it('cuts texts to their columns as the original does, and logs which', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    await update({ state: 'running', jobSubStatus: 's'.repeat(300), node: 'n'.repeat(128), pilotErrorDiag: 'd'.repeat(501) });
    expect(await rowsOf('select length(jobsubstatus) as sub, length(piloterrordiag) as diag from doma_panda.jobs')).toEqual([
      { sub: 80, diag: 500 },
    ]);
    expect(gateway.log.lines.filter(({ message }) => message === 'texts of a report were cut to their columns')).toEqual([
      expect.objectContaining({
        facts: expect.objectContaining({ PandaID: 1, cut: { jobSubStatus: 300, pilotErrorDiag: 501 } }),
      }),
    ]);
  });

  it('applies hundreds of concurrent heartbeats, each to its own job', async () => {
    await insertRows(gateway.database, ...Array.from({ length: 200 }, (_, i) => aJob(1 + i).inStatus('running')));
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, i) => update({ jobId: String(1 + i), state: 'running', maxRSS: String(i) })),
    );
    expect(answers.every((answer) => (answer.json() as { StatusCode: number }).StatusCode === 0)).toBe(true);
    expect(await rowsOf('select count(*)::int as n from doma_panda.jobs where maxrss = pandaid - 1')).toEqual([{ n: 200 }]);
  });
});

describe('updates in bulk', () => {
  it('I32 applies 99 of 100 reports when one is bad, and keeps order and length', async () => {
    await insertRows(gateway.database, ...Array.from({ length: 99 }, (_, i) => aJob(1 + i).inStatus('running')));
    const list: Record<string, unknown>[] = Array.from({ length: 99 }, (_, i) => ({
      job_id: 1 + i,
      job_status: 'finished',
      attempt_nr: 1,
      job_output_report: '{}',
    }));
    list.splice(50, 0, { job_status: 'finished' });
    const answer = (await v1Post(gateway, 'pilot/update_jobs_bulk', { job_list: list, harvester_id: 'x' }, pilot)).json() as {
      data: { success: boolean; data: { StatusCode: number; command: string | null } }[];
    };
    expect(answer.data).toHaveLength(100);
    expect(answer.data[50]).toMatchObject({ success: false, data: { StatusCode: 50 } });
    expect(answer.data.filter(({ success }) => success)).toHaveLength(99);
    expect(await rowsOf('select count(*)::int as n from doma_panda.job_output_report')).toEqual([{ n: 99 }]);
  });

  it('answers the classic form with a JSON text for each job', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    const jobList = JSON.stringify([{ jobId: 1, state: 'running', attemptNr: 1 }]);
    expect((await classic(gateway, 'updateJobsInBulk', { jobList, harvester_id: 'x' }, { ...pilot, ...json })).json()).toEqual([
      true,
      [{ type: 'json', content: '{"StatusCode":0,"command":"NULL"}' }],
    ]);
  });
});

describe('what pilots ask besides', () => {
  it('getStatus and checkJobStatus tell state and attempt, and what to stop', async () => {
    await insertRows(gateway.database, aJob(1).inStatus('running'));
    expect((await classic(gateway, 'getStatus', { ids: '1,2' }, { ...pilot, ...json })).json()).toEqual({
      StatusCode: 0,
      status: 'running+notfound',
      attemptNr: '1+0',
    });
    expect((await classic(gateway, 'checkJobStatus', { ids: '1,2' }, { ...pilot, ...json })).json()).toEqual({
      StatusCode: 0,
      data: [
        { status: 'running', command: null },
        { status: 'unknown', command: 'tobekilled' },
      ],
    });
    expect((await v1Get(gateway, 'job/get_status?job_ids=1&job_ids=2', pilot)).json()).toMatchObject({
      success: true,
      data: [{ status: 'running' }, { status: 'unknown' }],
    });
  });

  it('stores the machine a pilot runs on', async () => {
    const body = {
      site: 'S',
      host_name: 'h',
      cpu_model: 'AMD  EPYC',
      n_logical_cpus: 8,
      clock_speed: 2445.4,
      total_memory: 16_000,
    };
    expect((await v1Post(gateway, 'pilot/update_worker_node', body, pilot)).json()).toEqual({
      success: true,
      message: '',
      data: null,
    });
    expect(await rowsOf('select n_logical_cpus, cpu_model_normalized from doma_panda.worker_node')).toEqual([
      { n_logical_cpus: 8, cpu_model_normalized: 'AMD EPYC' },
    ]);
    expect(
      (
        await v1Post(
          gateway,
          'pilot/update_worker_node_gpu',
          { site: 'S', host_name: 'h', vendor: 'V', model: 'M', count: 2 },
          pilot,
        )
      ).json(),
    ).toMatchObject({ success: true });
    expect(await rowsOf('select count from doma_panda.worker_node_gpus')).toEqual([{ count: 2 }]);
  });

  it('serves queue and storage data without log-in', async () => {
    await rowsOf(
      "insert into doma_panda.ddm_endpoint (ddm_endpoint_name, site_name, type) values ('LOCAL_DISK', 'S', 'DATADISK') on conflict do nothing",
    );
    await rowsOf(
      "insert into panda_ops.ddm_storage (ddm_endpoint_name, base_url) values ('LOCAL_DISK', 'file:///se') on conflict do nothing",
    );
    expect((await raw(gateway, '/cache/schedconfig/QUEUE_A.all.json', {})).json()).toMatchObject({
      nickname: 'QUEUE_A',
      state: 'ACTIVE',
    });
    expect((await raw(gateway, '/cache/schedconfig/QUEUE_A.json', {})).json()).toHaveProperty('QUEUE_A.nickname', 'QUEUE_A');
    expect((await raw(gateway, '/cache/schedconfig/NOWHERE.all.json', {})).status).toBe(404);
    expect((await raw(gateway, '/cache/ddmendpoints.json', {})).json()).toMatchObject({
      LOCAL_DISK: { arprotocols: { pr: [{ endpoint: 'file://localhost', path: '/se/' }] }, is_deterministic: true },
    });
  });

  it('ENDPOINTS-01 refuses the event service in words, and unknown methods with 403', async () => {
    expect((await classic(gateway, 'getEventRanges', { pandaID: '1' }, { ...pilot, ...json })).json()).toEqual({
      StatusCode: 30,
      errorDialog: 'the event service is not offered by this server',
    });
    const before = await countRows(gateway);
    const unknown = await classic(gateway, 'dropEverything', {}, pilot);
    expect([unknown.status, unknown.text]).toEqual([403, 'ERROR : method dropEverything is forbidden']);
    expect((await v1Get(gateway, 'no/such', pilot)).status).toBe(403);
    expect(await countRows(gateway)).toEqual(before);
  });
});

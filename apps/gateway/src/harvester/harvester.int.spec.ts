import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, insertRows } from '@panda/testing';
import { classic, countRows, v1Get, v1Post } from '../testing/calls.js';
import { startGateway, type TestGateway } from '../testing/gateway.js';

let gateway: TestGateway;
let harvester: { token: string; origin: string };
let alice: { token: string };

beforeAll(async () => {
  gateway = await startGateway();
  harvester = {
    token: await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/harvester'] }),
    origin: 'wlcg.harvester',
  };
  alice = { token: await gateway.issuer.token() };
  await gateway.database.pool.query(
    "insert into doma_panda.harvester_instances (harvester_id) values ('h1'); insert into doma_panda.harvester_instances (harvester_id, owner) values ('h2', 'Somebody Else')",
  );
}, 60_000);
afterAll(() => gateway.close());

const rowsOf = async (sql: string) => (await gateway.database.pool.query(sql)).rows as Record<string, unknown>[];
const worker = {
  workerID: 5,
  batchID: 'b.5',
  status: 'running',
  computingSite: 'Q',
  nCore: 1,
  startTime: 'datetime/2026-11-22 07:25:51.123456',
  jobType: 'managed',
  resourceType: 'SCORE',
  pandaid_list: [1, 2],
};

describe('Harvester', () => {
  it('HARVESTER-05 HARVESTER-06 stores workers and their jobs, the newest report wins', async () => {
    const report = (status: string) =>
      v1Post(
        gateway,
        'harvester/update_workers',
        { harvester_id: 'h1', workers: [{ ...worker, status }, { workerID: 'x' }] },
        harvester,
      );
    expect((await report('running')).json()).toEqual({ success: true, message: '', data: [true, false] });
    await report('finished');
    expect(await rowsOf('select workerid, status, batchid, starttime::text from doma_panda.harvester_workers')).toEqual([
      { workerid: 5, status: 'finished', batchid: 'b.5', starttime: '2026-11-22 07:25:51' },
    ]);
    const other = { ...worker, workerID: 6, pandaid_list: [1] };
    await v1Post(gateway, 'harvester/update_workers', { harvester_id: 'h1', workers: [other] }, harvester);
    expect(await rowsOf('select workerid::int, pandaid::int from doma_panda.harvester_rel_jobs_workers order by 1, 2')).toEqual([
      { workerid: 5, pandaid: 1 },
      { workerid: 5, pandaid: 2 },
      { workerid: 6, pandaid: 1 },
    ]);
    expect(
      (await classic(gateway, 'updateWorkers', { harvesterID: 'h1', workers: JSON.stringify([worker]) }, harvester)).json(),
    ).toEqual([true, [true]]);
  });

  it('ADMIN-15 HARVESTER-04 refuses instances that are not registered, or belong to somebody else', async () => {
    const before = await countRows(gateway);
    for (const harvester_id of ['nobody', 'h2']) {
      expect(
        (await v1Post(gateway, 'harvester/update_workers', { harvester_id, workers: [worker] }, harvester)).json(),
      ).toMatchObject({ success: false });
      expect((await v1Post(gateway, 'harvester/heartbeat', { harvester_id, data: {} }, harvester)).json()).toMatchObject({
        success: false,
      });
    }
    expect(
      (await v1Post(gateway, 'harvester/update_workers', { harvester_id: 'h1', workers: [worker] }, alice)).json(),
    ).toMatchObject({ message: 'production or pilot role required' });
    expect(await countRows(gateway)).toEqual(before);
  });

  it('an instance says that it lives', async () => {
    const data = { startTime: 'datetime/2026-11-22 07:00:00.000000', sw_version: '0.7.5', commit_stamp: 'abc' };
    expect((await v1Post(gateway, 'harvester/heartbeat', { harvester_id: 'h1', data }, harvester)).json()).toEqual({
      success: true,
      message: '',
      data: null,
    });
    expect(
      (await classic(gateway, 'harvesterIsAlive', { harvesterID: 'h1', data: JSON.stringify(data) }, harvester)).json(),
    ).toEqual([true, 'succeeded']);
    expect(
      await rowsOf("select sw_version, starttime::text from doma_panda.harvester_instances where harvester_id = 'h1'"),
    ).toEqual([{ sw_version: '0.7.5', starttime: '2026-11-22 07:00:00' }]);
  });

  it('HARVESTER-07 worker statistics replace the former ones of the queue', async () => {
    const report = (statistics: object) =>
      v1Post(
        gateway,
        'harvester/report_worker_statistics',
        { harvester_id: 'h1', panda_queue: 'Q', statistics: JSON.stringify(statistics) },
        harvester,
      );
    expect((await report({ managed: { SCORE: { running: 2, submitted: 1 } } })).json()).toMatchObject({ success: true });
    await report({ managed: { SCORE: { running: 3 } } });
    expect((await v1Get(gateway, 'harvester/get_worker_statistics', harvester)).json()).toMatchObject({
      data: { Q: { h1: { managed: { SCORE: { running: 3 } } } } },
    });
    expect(await rowsOf('select count(*)::int as n from doma_panda.harvester_worker_stats')).toEqual([{ n: 1 }]);
    expect(
      (
        await classic(
          gateway,
          'reportWorkerStats_jobtype',
          { harvesterID: 'h1', siteName: 'Q', paramsList: '{"ANY": {}}' },
          harvester,
        )
      ).json(),
    ).toEqual([true, 'OK']);
    expect((await report({ managed: { SCORE: { running: -1 } } })).json()).toMatchObject({ success: false });
  });

  it('commands are fetched once and acknowledged', async () => {
    await rowsOf(
      `insert into doma_panda.harvester_commands (command, harvester_id, status, params, ack_requested) values ('SET_N_WORKERS_JOBTYPE:Q', 'h1', 'new', '{"managed": {"SCORE": 2}}', 1)`,
    );
    const acquire = () => v1Post(gateway, 'harvester/acquire_commands', { harvester_id: 'h1', n_commands: 20 }, harvester);
    const { data } = (await acquire()).json() as { data: { command_id: number }[] };
    expect(data).toMatchObject([{ command: 'SET_N_WORKERS_JOBTYPE:Q', params: { managed: { SCORE: 2 } }, ack_requested: 1 }]);
    expect((await acquire()).json()).toMatchObject({ data: [] });
    await v1Post(gateway, 'harvester/acknowledge_commands', { command_ids: data.map(({ command_id }) => command_id) }, harvester);
    expect(await rowsOf('select status from doma_panda.harvester_commands')).toEqual([{ status: 'acknowledged' }]);
    expect(
      (
        await classic(
          gateway,
          'getCommands',
          { harvester_id: 'h1', n_commands: '5' },
          { ...harvester, headers: { accept: 'application/json' } },
        )
      ).json(),
    ).toEqual({ StatusCode: 0, Commands: [] });
  });

  it('HARVESTER-09 HARVESTER-10 metrics and dialogs are kept', async () => {
    const metrics = [['2026-11-22 07:00:00', 'host', '{"cpu": 5}']];
    const dialogs = [
      {
        diagID: 1,
        moduleName: 'm',
        identifier: 'i',
        creationTime: '2026-11-22 07:00:00',
        messageLevel: 'ERROR',
        diagMessage: 'it broke',
      },
    ];
    expect(
      (await v1Post(gateway, 'harvester/update_service_metrics', { harvester_id: 'h1', metrics }, harvester)).json(),
    ).toMatchObject({ success: true });
    expect((await v1Post(gateway, 'harvester/add_dialogs', { harvester_id: 'h1', dialogs }, harvester)).json()).toMatchObject({
      success: true,
    });
    await classic(gateway, 'addHarvesterDialogs', { harvesterID: 'h1', dialogs: JSON.stringify(dialogs) }, harvester);
    expect(await rowsOf('select metrics from doma_panda.harvester_metrics')).toEqual([{ metrics: '{"cpu": 5}' }]);
    expect(await rowsOf('select diagmessage from doma_panda.harvester_dialogs')).toEqual([{ diagmessage: 'it broke' }]);
    expect(
      (await v1Post(gateway, 'harvester/add_dialogs', { harvester_id: 'h1', dialogs: [{ diagID: 'x' }] }, harvester)).json(),
    ).toMatchObject({ success: false });
  });

  it('job statistics are exact, in pickle for 2021 and JSON for 2026', async () => {
    await insertRows(gateway.database, aJob(1), aJob(2).inStatus('running'), aJob(3).at('QUEUE_B'));
    expect((await v1Get(gateway, 'statistics/active_job_stats_by_site', harvester)).json()).toMatchObject({
      data: { QUEUE_A: { activated: 1, running: 1 }, QUEUE_B: { activated: 1 } },
    });
    expect((await v1Get(gateway, 'statistics/active_job_detailed_stats_by_site', harvester)).json()).toMatchObject({
      data: { QUEUE_A: { SCORE: { user: { activated: 1, running: 1 } } } },
    });
    expect((await classic(gateway, 'getJobStatisticsPerSite', {})).text).toBe(
      '(dVQUEUE_A\n(dVactivated\nI1\nsVrunning\nI1\nssVQUEUE_B\n(dVactivated\nI1\nss.',
    );
  });

  it('pilots, resource types and shares are counted too', async () => {
    await rowsOf(
      "insert into doma_panda.harvester_worker_stats (harvester_id, computingsite, resourcetype, status, jobtype, n_workers, lastupdate) values ('h1', 'QUEUE_A', 'SCORE', 'running', 'user', 4, panda_ops.utc_now())",
    );
    expect((await classic(gateway, 'getNumPilots', {})).text).toBe('(dVQUEUE_A\n(dVnPilots\nI4\nss.');
    expect((await classic(gateway, 'getJobStatisticsPerSiteResource', {})).text).toContain('VQUEUE_A\n(dVSCORE\n(dV');
    const shares = (await v1Get(gateway, 'statistics/global_share_status', {})).json() as {
      data: { name: string; value: number }[];
    };
    expect(Math.round(shares.data.reduce((sum, { value }) => sum + value, 0))).toBe(100);
  });

  it('ENDPOINTS-08 operators set slots and sweep queues', async () => {
    const production = {
      token: await gateway.issuer.token({ sub: 'prod', name: 'Prod User', groups: ['wlcg', 'wlcg/production'] }),
      origin: 'wlcg:production',
    };
    await rowsOf(`insert into doma_panda.schedconfig_json (panda_queue, data) values ('QUEUE_A', '{}')`);
    expect(
      (
        await classic(gateway, 'setNumSlotsForWP', { pandaQueueName: 'QUEUE_A', numSlots: '5', validPeriod: '2' }, production)
      ).json(),
    ).toEqual([0, 'done']);
    expect((await classic(gateway, 'setNumSlotsForWP', { pandaQueueName: 'NOWHERE', numSlots: '5' }, production)).json()).toEqual(
      [102, 'unknown PanDA queue'],
    );
    expect(await rowsOf('select numslots::int, expirationtime is not null as expires from doma_panda.harvester_slots')).toEqual([
      { numslots: 5, expires: true },
    ]);
    const sweep = (panda_queue: string) =>
      classic(
        gateway,
        'sweepPQ',
        { panda_queue, status_list: '["submitted"]', ce_list: '["ALL"]', submission_host_list: '["ALL"]' },
        production,
      );
    expect((await sweep('Q')).json()).toEqual([true, 'VOK\n.']);
    expect((await sweep('NOWHERE')).json()).toEqual([false, 'Vno Harvester serves this queue\n.']);
    expect(await rowsOf("select harvester_id, params from doma_panda.harvester_commands where command = 'KILL_WORKERS'")).toEqual(
      [
        {
          harvester_id: 'h1',
          params: '{"status":["submitted"],"computingSite":["Q"],"computingElement":["ALL"],"submissionHost":["ALL"]}',
        },
      ],
    );
  });

  it('a pilot tells when it starts and ends', async () => {
    const pilot = {
      token: await gateway.issuer.token({ sub: 'panda-robot', aud: 'panda-robot', groups: ['wlcg', 'wlcg/pilot'] }),
      origin: 'wlcg.pilot',
      headers: { accept: 'application/json' },
    };
    const tell = (status: string, workerID = '5') =>
      classic(gateway, 'updateWorkerPilotStatus', { workerID, harvesterID: 'h1', status, site: 'Q', node_id: 'vm' }, pilot);
    expect((await tell('started')).json()).toEqual({ StatusCode: 0 });
    expect((await tell('finished')).json()).toEqual({ StatusCode: 0 });
    expect(
      await rowsOf(
        'select pilotstatus, nodeid, pilotstarttime is not null as began, pilotendtime is not null as ended from doma_panda.harvester_workers where workerid = 5',
      ),
    ).toEqual([{ pilotstatus: 'finished', nodeid: 'vm', began: true, ended: true }]);
    expect((await tell('started', '77')).json()).toEqual({ StatusCode: 30, errorDialog: 'the worker is unknown' });
    expect((await tell('flying')).json()).toEqual({
      StatusCode: 50,
      errorDialog: "PANDA-HARV-002: worker 5 has the unknown status 'flying'",
    });
    expect(await rowsOf('select pilotstatus from doma_panda.harvester_workers where workerid = 5')).toEqual([
      { pilotstatus: 'finished' },
    ]);
  });

  it('a worker with a status that nobody knows does not cost the others theirs', async () => {
    const workers = ['flying', 'running', 'toString'].map((status, i) => ({ workerID: 901 + i, status, computingSite: 'Q' }));
    expect((await v1Post(gateway, 'harvester/update_workers', { harvester_id: 'h1', workers }, harvester)).json()).toMatchObject({
      success: true,
      data: [false, true, false],
    });
    expect(await rowsOf('select workerid::int from doma_panda.harvester_workers where workerid > 900')).toEqual([
      { workerid: 902 },
    ]);
  });
});

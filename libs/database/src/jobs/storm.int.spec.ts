import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  checkInvariants,
  type Database,
  handOutJobs,
  type NewJob,
  type PilotReport,
  pickFiles,
  recordPilotUpdates,
  settle,
  storeJobs,
} from '@panda/database';
import { randomInt } from '@panda/domain';
import { aTask, aTaskWithPickedFiles, INPUT_DATASET, pg, SeededRandom, type TestDatabase } from '@panda/testing';

const JOBS = 60;

describe('everybody at once', () => {
  let db: TestDatabase;
  let database: Database;
  let jobs: NewJob[];
  beforeAll(async () => {
    db = await pg({ max: 12 });
    database = db.database;
    jobs = await aTaskWithPickedFiles(database, JOBS, aTask(1).running().with({ superstatus: 'running' }));
  }, 60_000);
  afterAll(() => db.close());

  const report = (pandaId: number, state: PilotReport['state']): PilotReport => ({
    pandaId,
    state,
    attemptNr: 1,
    batchId: null,
    attributes: { maxrss: pandaId },
    ...(state === 'finished' ? { outputReport: '{}' } : {}),
  });
  const outputsOf = (id: number) =>
    (jobs.find(({ job }) => job.pandaid === id)?.outputs ?? []).map(({ jediTaskId, datasetId, fileId, lfn }) => ({
      jediTaskId,
      datasetId,
      fileId,
      lfn,
      scope: 'user.alice',
      event: 'registered' as const,
    }));

  it('stores, hands out, beats, reports, kills and settles without an error or a broken promise', async () => {
    const random = new SeededRandom(7);
    const half = JOBS / 2;
    await Promise.all([jobs.slice(0, half), jobs.slice(half)].map((part) => database.transaction((tx) => storeJobs(tx, part))));
    const slot = (i: number) => ({ principal: `p${i}`, requestId: `r${i}` });
    const take = (i: number) =>
      handOutJobs(database, [{ computingSite: 'QUEUE_A', shares: ['User Analysis'], slots: [slot(i), slot(i)] }]);
    const got = (await Promise.all(Array.from({ length: JOBS }, (_, i) => take(i)))).flat().map((job) => job.pandaid);
    expect(new Set(got).size).toBe(JOBS);
    await recordPilotUpdates(
      database,
      got.map((id) => report(id, 'running')),
    );

    const some = () => Array.from({ length: 8 }, () => got[randomInt(random, got.length)] ?? 0);
    const end = (ids: readonly number[], event: 'succeeded' | 'cancelled', actor: 'daemon' | 'jedi-task-commando') =>
      database.transaction((tx) =>
        settle(
          tx,
          actor,
          [...new Set(ids)].map((pandaId) =>
            event === 'succeeded' ? { pandaId, event, nEvents: 100, outputs: outputsOf(pandaId) } : { pandaId, event },
          ),
        ),
      );
    const storm = Array.from({ length: 60 }, (_, i) => {
      if (i % 6 === 0) return end(some(), 'cancelled', 'jedi-task-commando');
      if (i % 6 === 1) return end(some(), 'succeeded', 'daemon');
      if (i % 6 === 2) return pickFiles(database, { jediTaskId: 1, datasetId: INPUT_DATASET }, { limit: 3 });
      return recordPilotUpdates(
        database,
        some().map((id) => report(id, i % 6 === 3 ? 'finished' : 'running')),
      );
    });
    await Promise.all(storm);

    const broken = await checkInvariants(database, { quiescent: false });
    expect(broken.filter(({ id }) => id !== 'F7').map(({ id, rows }) => [id, rows])).toEqual([]); // F7: this task has no agent
    const all = await checkInvariants(database, { quiescent: true });
    expect(all.filter(({ id }) => !['F7', 'T3'].includes(id)).map(({ id, rows }) => [id, rows])).toEqual([]);
  }, 60_000);
});

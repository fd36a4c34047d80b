import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aJob, insertRows, pg, type TestDatabase } from '@panda/testing';
import { jobsLeftSentence, jobsUnderWay } from './jobs-left.js';
import { LOCAL_QUEUE } from './local-queue.js';

describe('jobs that a stopped box leaves', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  }, 60_000);
  afterAll(() => db.close());

  it('are those that pilots of this machine have', async () => {
    expect(jobsLeftSentence(await jobsUnderWay(db.url))).toBeUndefined();
    const here = { computingsite: LOCAL_QUEUE };
    await insertRows(db.database, aJob(1).inStatus('running').with(here), aJob(2).inStatus('activated').with(here));
    expect(jobsLeftSentence(await jobsUnderWay(db.url))).toBe(
      '1 job goes on running on this machine; the next start takes it up',
    );
    await insertRows(db.database, aJob(3).inStatus('starting').with(here));
    expect(jobsLeftSentence(await jobsUnderWay(db.url))).toBe(
      '2 jobs go on running on this machine; the next start takes them up',
    );
  });
});

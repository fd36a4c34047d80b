import { describe, expect, it } from '@jest/globals';
import { FakeClock, RecordingLog } from '@panda/testing';
import { pilotKeys } from '../pilot.config.js';
import { type JobServer } from '../server/job-server.js';
import { statusCodes } from '../server/panda-server.js';
import { Reporter } from './reporter.js';

const MINUTE = 60_000;

describe('the heartbeat of a job', () => {
  it('PILOT-job-10 comes every 30 minutes, every minute while the job is debugged', async () => {
    const clock = new FakeClock();
    const minutes: number[] = [];
    const server: JobServer = {
      getJob: () => Promise.reject(new Error('nobody asks for a job here')),
      updateJob: async () => {
        minutes.push(clock.elapsedMs() / MINUTE);
        return { statusCode: statusCodes.success, command: undefined };
      },
      updateWorkerStatus: async () => undefined,
    };
    const { heartbeat, debugHeartbeat } = pilotKeys.with({});
    const settings = { heartbeatMs: heartbeat, debugHeartbeatMs: debugHeartbeat };
    const reporter = new Reporter(server, () => ({}), settings, { clock, log: new RecordingLog(), obey: () => undefined });
    const beating = reporter.beat();
    await clock.advance(65 * MINUTE);
    reporter.debug();
    await clock.advance(2 * MINUTE);
    reporter.calm();
    await clock.advance(31 * MINUTE);
    // Debugging begins with a word at once; its last heartbeat was due when it ended.
    expect(minutes).toEqual([30, 60, 65, 66, 67, 68, 98]);
    await reporter.stop();
    await beating;
  });
});

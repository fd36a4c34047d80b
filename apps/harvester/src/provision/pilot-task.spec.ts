import { describe, expect, it } from '@jest/globals';
import { harvesterKeys } from '../harvester.config.js';
import { readQueueConfig } from '../queue/queue-config.js';
import { blankWorker } from '../testing/batch-conformance.js';
import { pilotTask } from './pilot-task.js';

const config = harvesterKeys.with({
  id: 'h1',
  server: 'https://panda.example:25443',
  stateDir: '/state',
  tokenFile: '/t',
  origin: 'wlcg.pilot',
});
const variables = {
  PATH: '/bin',
  HOME: '/root',
  DATABASE_URL: 'postgresql://secret',
  PANDA_PILOT_MONITOR_TICK: '10s',
  PGPASSWORD: 'secret',
  EMPTY: undefined,
};
const worker = { ...blankWorker(5, '/state/workers/5'), jobType: 'managed', resourceType: 'MCORE' };

function queueWith(submitter: Record<string, unknown>) {
  const plugin = { name: 'X' };
  const [queue] = readQueueConfig(
    JSON.stringify({ PQ: { submitter: { ...plugin, ...submitter }, monitor: plugin, sweeper: plugin } }),
  );
  if (queue === undefined) throw new Error('no queue');
  return queue;
}

describe('what a worker runs', () => {
  it('ADMIN-17 is a pilot with the arguments of the templates', () => {
    const { program, args } = pilotTask(worker, queueWith({ pilotArguments: ['-x', '{workerID}'] }), config, variables);
    expect(program).toBe(process.execPath);
    expect(args.join(' ')).toContain(
      '--pilot-user generic -w generic -q PQ -j user -i PR -t -u -b --url https://panda.example:25443',
    );
    expect(args.join(' ')).toContain('--job-type managed --resource-type MCORE -x 5');
  });

  it('knows who it is and gets no secret of this process', () => {
    const { env } = pilotTask(worker, queueWith({ environment: { SITE: '{queue}' } }), config, variables);
    expect(env).toMatchObject({
      PATH: '/bin',
      HARVESTER_ID: 'h1',
      HARVESTER_WORKER_ID: '5',
      PILOT_HOME: '/state/workers/5',
      PANDA_PILOT_SPOOL: '/state/pilot_jobs',
      PANDA_PILOT_MONITOR_TICK: '10s',
      PANDA_PILOT_HEARTBEAT: '30000ms',
      PANDA_AUTH_TOKEN: '/t',
      PANDA_AUTH_ORIGIN: 'wlcg.pilot',
      SITE: 'PQ',
    });
    expect(JSON.stringify(env)).not.toContain('secret');
  });

  it('may be another program of the queue’s choice', () => {
    expect(
      pilotTask(worker, queueWith({ program: '/opt/pilot', pilotArguments: ['-q', '{queue}', '{unknown}'] }), config, variables),
    ).toMatchObject({
      program: '/opt/pilot',
      args: ['-q', 'PQ', '{unknown}'],
    });
  });
});

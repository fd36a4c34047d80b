import { describe, expect, it } from '@jest/globals';
import { workerStatus } from '@panda/domain';
import { blankWorker } from '../testing/batch-conformance.js';
import { orderOf, readCommand } from './commands.js';

const workers = [
  { ...blankWorker(1, '/1'), queue: 'A', status: workerStatus.running, resourceType: 'SCORE' },
  { ...blankWorker(2, '/2'), queue: 'A', status: workerStatus.submitted, resourceType: 'MCORE' },
  { ...blankWorker(3, '/3'), queue: 'B', status: workerStatus.running, resourceType: 'SCORE' },
  { ...blankWorker(4, '/4'), queue: 'A', status: workerStatus.finished },
];
const picked = (text: string, params: unknown) => {
  const order = orderOf({ text, params });
  return order.kind === 'kill' ? workers.filter(order.picks).map(({ workerId }) => workerId) : order.kind;
};

describe('commands of the server', () => {
  it.each([
    [{ computingSite: ['A'] }, [1, 2]],
    [{ computingSite: 'A', status: ['running'] }, [1]],
    [{ status: ['submitted', 'running'], resourceType: 'ALL' }, [1, 2, 3]],
    [{ submissionHost: ['elsewhere'] }, []],
    [{}, []],
    [null, []],
    ['everything', []],
  ])('KILL_WORKERS with %j picks the living workers %j', (params, expected) => {
    expect(picked('KILL_WORKERS', params)).toEqual(expected);
  });

  it('SYNC_WORKERS_KILL picks workers by their ids', () => {
    expect(picked('SYNC_WORKERS_KILL', [1, '3', 4])).toEqual([1, 3]);
    expect(picked('SYNC_WORKERS_KILL', { workerIDs: [2] })).toEqual([2]);
  });

  it('SET_N_WORKERS names counts by job and resource type, or by resource type alone', () => {
    expect(
      orderOf({ text: 'SET_N_WORKERS_JOBTYPE:PQ', params: { managed: { SCORE: 2, MCORE: 0 }, user: { SCORE: 1 } } }),
    ).toEqual({
      kind: 'setWorkers',
      queue: 'PQ',
      counts: [
        { jobType: 'managed', resourceType: 'SCORE', count: 2 },
        { jobType: 'user', resourceType: 'SCORE', count: 1 },
      ],
    });
    expect(orderOf({ text: 'SET_N_WORKERS:PQ', params: { SCORE: 3 } })).toMatchObject({
      counts: [{ jobType: '', resourceType: 'SCORE', count: 3 }],
    });
  });

  it('REPORT_WORKER_STATS names a queue, and what nobody knows is unknown', () => {
    expect(orderOf({ text: 'REPORT_WORKER_STATS:PQ', params: {} })).toEqual({ kind: 'reportStatistics', queue: 'PQ' });
    expect(orderOf({ text: 'DANCE', params: {} })).toEqual({ kind: 'unknown' });
  });

  it('come with parameters as JSON text or as they are; what is no command is dropped', () => {
    expect(readCommand({ command_id: 1, command: 'X', params: '{"a": 1}', ack_requested: 1 })).toEqual({
      id: 1,
      text: 'X',
      params: { a: 1 },
      wantsAnswer: true,
    });
    expect(readCommand({ command_id: '2', command: 'X', params: 'free text' })).toMatchObject({
      id: 2,
      params: 'free text',
      wantsAnswer: false,
    });
    expect([readCommand(null), readCommand({ command: 'X' }), readCommand({ command_id: 1 })]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

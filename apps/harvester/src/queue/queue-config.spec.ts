import { describe, expect, it } from '@jest/globals';
import { QueueConfigError, readQueueConfig } from './queue-config.js';

const plugins = {
  submitter: { name: 'LocalProcessSubmitter', module: 'm', x: 1 },
  monitor: { name: 'M' },
  sweeper: { name: 'S' },
};
const read = (value: unknown) => readQueueConfig(JSON.stringify(value));

describe('a Harvester queue configuration', () => {
  it('gives label, limits and plug-ins of each queue that is not offline', () => {
    const queues = read({
      PQ: { queueStatus: 'online', prodSourceLabel: 'managed', maxWorkers: 7, nQueueLimitWorkerMax: 3, ...plugins },
      OFF: { queueStatus: 'offline', ...plugins },
    });
    expect(queues).toEqual([
      {
        name: 'PQ',
        label: 'managed',
        maxWorkers: 7,
        maxNewWorkersPerCycle: 7,
        maxQueuedWorkers: 3,
        runMode: 'self',
        submitter: { name: 'LocalProcessSubmitter', options: { x: 1 } },
        monitor: { name: 'M', options: {} },
        sweeper: { name: 'S', options: {} },
      },
    ]);
  });

  it('fills a queue from its template, which is no queue itself', () => {
    const queues = read({
      'production.pull': { queueStatus: 'template', maxWorkers: 9, runMode: 'slave', ...plugins },
      PQ: { templateQueueName: 'production.pull', maxWorkers: 2 },
    });
    expect(queues).toMatchObject([{ name: 'PQ', maxWorkers: 2, runMode: 'slave', monitor: { name: 'M' } }]);
  });

  it('is refused with all of its faults at once', () => {
    const bad = {
      A: { ...plugins, maxWorkers: -1 },
      B: { templateQueueName: 'none', submitter: plugins.submitter, monitor: plugins.monitor },
      C: 3,
    };
    expect(() => read(bad)).toThrow(QueueConfigError);
    expect(() => read(bad)).toThrow(
      'A.maxWorkers is no whole number; B names the template "none", which is not there; B.sweeper has no name; C is no object',
    );
    expect(() => readQueueConfig('{')).toThrow('not JSON');
    expect(() => readQueueConfig('[]')).toThrow('no object');
  });
});

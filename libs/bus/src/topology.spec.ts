import { describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import { bindingOf } from './nest/consumes.js';
import { queuesOf, topologyOf, workQueue } from './topology.js';

const topology = topologyOf('panda', [10_000]);

describe('the topology', () => {
  it('has one queue for each consumer of each topic, and names no queue twice', () => {
    const names = topology.work.map(({ name }) => name);
    expect(names).toHaveLength(Object.values(topics).reduce((sum, { consumers }) => sum + consumers.length, 0));
    expect(new Set(names).size).toBe(names.length);
    expect(names).toContain('panda.jedi-task-refiner.task.submitted.v1');
  });

  it('lets no two prefixes share anything', () => {
    const other = topologyOf('other', [10_000]);
    const all = (t: typeof topology): string[] => [
      t.exchange,
      t.deadExchange,
      t.deadQueue,
      ...t.work.map((q) => q.name),
      ...t.delays.flatMap((d) => [d.name, d.exchange]),
    ];
    expect(all(topology).filter((name) => all(other).includes(name))).toEqual([]);
  });

  it('leads a message to the queues of its topic', () => {
    expect(queuesOf(topology, topics.jobsReported).map(({ consumer }) => consumer)).toEqual(['daemon']);
  });

  it('refuses a consumer the table of topics does not name', () => {
    expect(() => workQueue(topology, topics.taskReady, 'gateway')).toThrow("'gateway' is no consumer of the topic 'task.ready'");
  });
});

describe('the pattern of a handler', () => {
  it('names topic and consumer, or a topic with one consumer', () => {
    expect(bindingOf('{"consumer":"daemon","topic":"jobs.reported"}', { bus: { batch: 5 } })).toEqual({
      topic: topics.jobsReported,
      consumer: 'daemon',
      options: { batch: 5 },
    });
    expect(bindingOf('task.ready').consumer).toBe('jedi-job-generator');
  });

  it('is refused when it names no topic', () => {
    expect(() => bindingOf('task.unknown')).toThrow('names no topic');
  });
});

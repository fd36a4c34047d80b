import { describe, expect, it } from '@jest/globals';
import { aQueue, aWorld } from '../test-builders/planning.js';
import { linkMetricKeys, linkMetricsOf, wayToNucleus } from './link-metrics.js';
import { closenessWeight, linkThroughputWeight, networkWeight, queuedWeight, throughputWeight } from './network-weight.js';
import { defaultBrokerageOptions, type LinkMetrics } from './request.js';

const link = (changes: Partial<LinkMetrics> = {}): LinkMetrics => ({
  closeness: null,
  queuedFiles: 0,
  mbps1h: null,
  mbps1d: null,
  mbps1w: null,
  ...changes,
});

describe('network weight', () => {
  it.each([
    [0, 2],
    [75, 1.5],
    [150, 1],
    [1000, 1],
  ])('NETWEIGHT-03 %d queued files weigh %d with the cap of 150', (files, weight) => {
    expect(queuedWeight(files, defaultBrokerageOptions.nQueuedSatCap)).toBe(weight);
  });

  it.each([
    [201, 2],
    [200, 1.9],
    [101, 1.9],
    [100, 1.8],
    [76, 1.8],
    [75, 1.6],
    [51, 1.6],
    [50, 1.5],
    [21, 1.5],
    [20, 1.3],
    [11, 1.3],
    [10, 1.2],
    [3, 1.2],
    [2, 1.1],
    [1.5, 1.1],
    [1, 1],
    [0, 1],
  ])('NETWEIGHT-04 %d MB/s weigh %d', (mbps, weight) => {
    expect(throughputWeight(mbps)).toBe(weight);
  });

  it.each([
    [0, 2],
    [11, 1],
    [5.5, 1.5],
  ])('NETWEIGHT-07 without measurements closeness %d weighs %d', (closeness, weight) => {
    expect(closenessWeight(closeness)).toBe(weight);
  });

  it('NETWEIGHT-05 unknown closeness is 0.7 of the worst; a queue at the nucleus weighs 2.5', () => {
    expect(closenessWeight(null)).toBeCloseTo(1 + (11 - 7.7) / 11);
    expect(networkWeight(aWorld([], { nucleusQueues: new Set(['N']) }), 'N')).toBe(2.5);
  });

  it('NETWEIGHT-06 the last hour counts, else the day, else the week', () => {
    expect(linkThroughputWeight(link({ mbps1h: 0, mbps1d: 300, mbps1w: 300 }))).toBe(1);
    expect(linkThroughputWeight(link({ mbps1d: 300, mbps1w: 0 }))).toBe(2);
    expect(linkThroughputWeight(link({ mbps1w: 60 }))).toBe(1.6);
  });

  it('NETWEIGHT-01 reads transfers and closeness from the network matrix', () => {
    const rows = [
      { key: 'AGIS_closeness', value: 3 },
      { key: 'fts_mbps_1d', value: 40 },
      { key: 'Production Output_queued', value: 12 },
      { key: 'Express_queued', value: 2 },
      { key: 'something_else', value: 9 },
    ];
    const metrics = { closeness: 3, queuedFiles: 12, mbps1h: null, mbps1d: 40, mbps1w: null };
    expect(linkMetricsOf(rows, false)).toEqual(metrics);
    expect(linkMetricsOf(rows, true)).toEqual({ ...metrics, queuedFiles: 2 });
    expect(linkMetricsOf([], false)).toEqual({ closeness: null, queuedFiles: 0, mbps1h: null, mbps1d: null, mbps1w: null });
    expect(rows.filter(({ key }) => linkMetricKeys.includes(key))).toHaveLength(4);
  });

  it('NETWEIGHT-01 gives each queue the link of its site, and counts what is on its way to the nucleus', () => {
    const queues = [aQueue('A', { gstat: 'S' }), aQueue('B', { gstat: 'S' }), aQueue('HOME', { gstat: 'N' }), aQueue('LOST')];
    const rows = [
      { src: 'S', key: 'AGIS_closeness', value: 2 },
      { src: 'S', key: 'Production Output_queued', value: 30 },
      { src: 'ELSEWHERE', key: 'Production Output_queued', value: 12 },
    ];
    const way = wayToNucleus(queues, 'N', rows, false);
    expect([...way.nucleusQueues]).toEqual(['HOME']);
    expect([...way.links.keys()]).toEqual(['A', 'B']);
    expect(way.links.get('B')).toMatchObject({ closeness: 2, queuedFiles: 30 });
    expect(way.nucleusBacklog).toBe(42);
  });

  it('NETWEIGHT-02 is half queue and half throughput, or as configured', () => {
    const links = new Map([['Q', link({ queuedFiles: 75, mbps1h: 60 })]]);
    expect(networkWeight(aWorld([], { links }), 'Q')).toBeCloseTo(0.5 * (1.5 + 1.6));
    const options = { ...defaultBrokerageOptions, networkQueueImportance: 0.2 };
    expect(networkWeight(aWorld([], { links, options }), 'Q')).toBeCloseTo(0.2 * 1.5 + 0.8 * 1.6);
    expect(networkWeight(aWorld([]), 'elsewhere')).toBeCloseTo(0.5 * (2 + 1.3));
  });
});

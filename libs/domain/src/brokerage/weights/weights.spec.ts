import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GIB } from '../../task/task-sizes.js';
import { aQueue, aRequest, aWorld } from '../../test-builders/planning.js';
import { defaultBrokerageOptions, type InputLocality, NO_LOAD, type QueueLoad } from '../request.js';
import { effectiveRunning } from '../running.js';
import { analysisWeight, dataFactor } from './analysis.weight.js';
import { genericWeight } from './generic.weight.js';
import { localityFactor } from './locality.js';
import { manyAssigned, productionWeight } from './production.weight.js';

const queue = aQueue('Q');
const context = (load: Partial<QueueLoad>, world = aWorld([queue]), request = aRequest()) => ({
  queue,
  request,
  load: { ...NO_LOAD, ...load },
  world,
});
const input = (changes: Partial<InputLocality>): InputLocality => ({
  diskBytes: 0,
  tapeBytes: 0,
  totalBytes: 100,
  diskFiles: 0,
  tapeFiles: 0,
  totalFiles: 10,
  ...changes,
});
const withInput = (locality: InputLocality) => aWorld([queue], { locality: new Map([['Q', locality]]) });

describe('running jobs as brokerage counts them', () => {
  it.each<[string, Partial<QueueLoad>, number]>([
    ['the running jobs', { running: 30, batchWorkers: 90 }, 30],
    ['workers, while few jobs run', { running: 3, batchWorkers: 7 }, 7],
    ['at most twenty workers', { running: 3, batchWorkers: 90 }, 20],
    ['promised slots', { running: 3, slots: 50 }, 50],
    ['more than promised', { running: 60, slots: 50 }, 60],
    ['starting jobs where slots follow them', { running: 3, slots: 0, starting: 40 }, 40],
  ])('BROKERAGE-29 are %s', (_what, load, expected) => {
    expect(effectiveRunning({ queue, load: { ...NO_LOAD, ...load } })).toBe(expected);
  });
});

describe('weights', () => {
  it('generic: running against activated and defined jobs', () => {
    expect(genericWeight(context({ running: 9, activated: 3, defined: 1 }))).toBe(10 / 5 / 2);
    expect(genericWeight(context({ running: 9, activated: 3 }, aWorld([queue], { live: new Map([['Q', 1]]) })))).toBe(10 / 5 / 2);
  });

  it.each([
    [0, 0, 1],
    [5, 10, 1],
    [15, 10, 1.5],
    [90, 10, 2],
    [1, 0, 2],
  ])('BROKERAGE-31 %d assigned and %d activated jobs divide by %d', (assigned, activated, expected) => {
    expect(manyAssigned(assigned, activated)).toBe(expected);
  });

  it('BROKERAGE-32 is (running + 1) / ((activated + assigned + starting + defined + 10) × manyAssigned)', () => {
    const load = { running: 99, activated: 10, assigned: 15, starting: 3, defined: 2 };
    const remote = withInput(input({ diskFiles: 9, diskBytes: 100 }));
    const factor = 2 / 1.01;
    expect(productionWeight(context(load, remote))).toBeCloseTo((100 / (40 * 1.5)) * factor);
  });

  it('BROKERAGE-30 leaves assigned jobs out when the input is local', () => {
    const load = { running: 99, activated: 10, assigned: 15, starting: 3, defined: 2 };
    expect(productionWeight(context(load))).toBe(100 / 25);
  });

  it('BROKERAGE-33 multiplies by (available + total) / (total × (missing / 100 + 1))', () => {
    expect(localityFactor(input({ diskBytes: 50, diskFiles: 5 }))).toBeCloseTo(150 / (100 * 1.05));
    expect(localityFactor(input({ diskBytes: 100, diskFiles: 10 }))).toBe(2);
    expect(localityFactor(undefined)).toBe(1);
  });

  it('BROKERAGE-34 multiplies by the network weight, when that is switched on', () => {
    const load = { running: 9 };
    const world = aWorld([queue], { nucleusQueues: new Set(['N']) });
    const active = { ...world, options: { ...defaultBrokerageOptions, networkActive: true } };
    expect(productionWeight(context(load, world))).toBe(1);
    expect(productionWeight(context(load, active))).toBe(1);
    expect(productionWeight(context(load, active, aRequest({ task: { nucleus: 'N' } })))).toBeCloseTo(0.5 * (2 + 1.3));
  });

  it('a queue without any job comes first for work of low priority', () => {
    expect(productionWeight(context({}, aWorld([queue]), aRequest({ task: { currentPriority: 150 } })))).toBe(0);
    expect(productionWeight(context({}, aWorld([queue]), aRequest({ task: { currentPriority: 151 } })))).toBe(0.1);
  });

  it('queues of the nucleus gain by t1Weight and for urgent work', () => {
    const world = aWorld([queue], { nucleusQueues: new Set(['Q']) });
    const weigh = (task: Parameters<typeof aRequest>[0]) => productionWeight(context({ running: 9 }, world, aRequest(task)));
    expect(weigh({ task: { currentPriority: 100, rule: 'TW=3' } })).toBe(3);
    expect(weigh({ task: { currentPriority: 900 } })).toBe(100);
  });

  it('analysis: (1 + G/(U+1)) × (R+1) × P × X / (D + A + T)', () => {
    const load = { askingNodes: 30, activeNodes: 9, maxRunning: 99, defined: 2, activated: 3, assigned: 5 };
    const here = { transferEnabled: false, isLocal: true, diskBytes: 0, tapeBytes: 0 };
    expect(analysisWeight(load, here)).toBe((4 * 100) / 10);
    expect(analysisWeight({ ...load, sitePower: 2 }, here)).toBe(80);
    expect(analysisWeight({ ...load, defined: 0, activated: 0, assigned: 0 }, here)).toBe(400);
  });

  it.each([
    ['local without transfers', { transferEnabled: false, isLocal: true, diskBytes: 0, tapeBytes: 0 }, 1],
    ['elsewhere without transfers', { transferEnabled: false, isLocal: false, diskBytes: GIB, tapeBytes: 0 }, 0],
    ['20 GB on disk', { transferEnabled: true, isLocal: true, diskBytes: 20 * GIB, tapeBytes: 0 }, 3],
    ['500 GB on tape', { transferEnabled: true, isLocal: true, diskBytes: 0, tapeBytes: 500 * GIB }, 1.5],
    ['nothing', { transferEnabled: true, isLocal: false, diskBytes: 0, tapeBytes: 0 }, 1],
  ])('the data factor of input %s is as documented', (_what, data, expected) => {
    expect(dataFactor(data)).toBe(expected);
  });

  it('are finite and not negative, whatever the load', () => {
    const count = fc.nat({ max: 1e6 });
    const loads = fc.record({ running: count, activated: count, assigned: count, starting: count, defined: count });
    const data = fc.record({ diskBytes: fc.nat(), totalBytes: fc.nat(), diskFiles: count, totalFiles: count });
    fc.assert(
      fc.property(loads, data, (load, d) => {
        const locality = input({
          ...d,
          diskFiles: Math.min(d.diskFiles, d.totalFiles),
          diskBytes: Math.min(d.diskBytes, d.totalBytes),
        });
        for (const weight of [
          genericWeight(context(load, withInput(locality))),
          productionWeight(context(load, withInput(locality))),
        ]) {
          expect(Number.isFinite(weight) && weight >= 0).toBe(true);
        }
      }),
    );
  });
});

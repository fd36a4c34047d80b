import { describe, expect, it } from '@jest/globals';
import { explainVerdict } from '../explain/explain-verdict.js';
import { GIB } from '../task/task-sizes.js';
import { aTask, fixedRandom } from '../test-builders/planning.js';
import { brokerTask, defaultTaskBrokerOptions, type Nucleus, nucleusWeight } from './task-broker.js';

const endpoint = (changes: object = {}) => ({
  name: 'EP',
  freeGb: 500_000,
  expiredGb: 0,
  totalGb: 1_000_000,
  isBlacklistedForWrite: false,
  isTape: false,
  ...changes,
});
const nucleus = (name: string, changes: Partial<Nucleus> = {}): Nucleus => ({
  name,
  isActive: true,
  isBacklogged: false,
  endpoints: new Map([['default', endpoint()]]),
  hasRunnableQueue: true,
  remainingWork: 0,
  ...changes,
});
const input = (part: number, tape = false) => ({
  diskBytes: tape ? 0 : part * 2000 * GIB,
  anyBytes: part * 2000 * GIB,
  totalBytes: 2000 * GIB,
  anyFiles: part * 1000,
  totalFiles: 1000,
});
const broker = (
  nuclei: Nucleus[],
  task: Parameters<typeof aTask>[0] = {},
  request: { tokens?: string[]; isPrestaged?: boolean } = {},
) =>
  brokerTask(
    { task: aTask(task), tokens: ['default'], isPrestaged: false, ...request },
    nuclei,
    defaultTaskBrokerOptions,
    fixedRandom,
  );

describe('task brokerage', () => {
  it('uses the nucleus that the task names', () => {
    const { nucleus: chosen, verdict } = broker([nucleus('A'), nucleus('B')], { nucleus: 'B' });
    expect([chosen, verdict.candidates, verdict.preassigned]).toEqual(['B', 1, ['B']]);
    expect(explainVerdict(broker([nucleus('A')], { nucleus: 'X' }).verdict)).toBe('the task asks for X: no such nucleus');
  });

  it.each<[string, Partial<Nucleus>, string]>([
    ['is not active', { isActive: false }, 'inactive'],
    ['is backlogged', { isBacklogged: true }, 'backlogged'],
    ['has no endpoint for a token', { endpoints: new Map() }, 'endpoint (no endpoint for default)'],
    [
      'has too little space',
      { endpoints: new Map([['default', endpoint({ freeGb: 102_399 })]]) },
      'space (needs 102,400 GB, offers 102,399)',
    ],
    [
      'has no space after what its tasks will write',
      { endpoints: new Map([['default', endpoint({ freeGb: 102_400 })]]), remainingWork: 864_000 * 4 * 5 },
      'space (needs 102,400 GB, offers 102,395)',
    ],
    ['has no queue that could run it', { hasRunnableQueue: false }, 'queues'],
  ])('JEDI-tbroker-02 skips a nucleus that %s', (_what, changes, why) => {
    const result = broker([nucleus('A', changes), nucleus('B')]);
    expect(result.nucleus).toBe('B');
    expect(explainVerdict(result.verdict)).toBe(`1 of 2 nuclei: 1 ${why}`);
  });

  it('backlog does not matter to tasks bound to their nucleus', () => {
    expect(broker([nucleus('A', { isBacklogged: true })], { rule: 'TW=-1' }).nucleus).toBe('A');
  });

  it('wants a tenth of large input near', () => {
    const far = nucleus('far', { input: input(0.09) });
    const near = nucleus('near', { input: input(0.1) });
    expect(broker([far, near]).nucleus).toBe('near');
    expect(explainVerdict(broker([far, near]).verdict)).toBe('1 of 2 nuclei: 1 data (needs 1,000 files, offers 90)');
  });

  it('moves input when nobody has it and that is light or urgent; otherwise waits', () => {
    const far = [nucleus('far', { input: input(0) })];
    expect(broker(far, { ioIntensity: 100, currentPriority: 1 }).nucleus).toBe('far');
    expect(broker(far, { ioIntensity: 300, currentPriority: 800 }).nucleus).toBe('far');
    expect(broker(far, { ioIntensity: 300, currentPriority: 799 }).nucleus).toBeNull();
  });

  it('accepts any part of prestaged input', () => {
    const a = nucleus('a', { input: input(0.01) });
    const b = nucleus('b', { input: input(0) });
    expect(broker([a, b], { ioIntensity: 300, currentPriority: 1 }, { isPrestaged: true }).nucleus).toBe('a');
  });

  it('weighs remaining work, data, tape and space', () => {
    expect(nucleusWeight(nucleus('A'))).toBe(0.5);
    expect(nucleusWeight(nucleus('A', { remainingWork: 100 }))).toBe(0.005);
    expect(nucleusWeight(nucleus('A', { input: input(0.5) }))).toBe(0.25);
    expect(nucleusWeight(nucleus('A', { input: input(1, true) }))).toBe(0.0005);
  });
});

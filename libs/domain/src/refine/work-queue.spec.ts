import { describe, expect, it } from '@jest/globals';
import { criteriaHold, unserved, type WorkQueue, workQueueFor } from './work-queue.js';

const task = { processingType: 'reprocessing', workingGroup: null, coreCount: 8, splitRule: 'NF=1' };
const holds = (criteria: string, variables: string | null = null) => criteriaHold({ criteria, variables }, task);

describe('criteria of a work queue', () => {
  it.each([
    ['', true],
    ["processingType = 'reprocessing'", true],
    ['coreCount > 1 AND workingGroup IS NULL', true],
    ['coreCount > 8 OR NOT workingGroup IS NOT NULL', true],
    ["processingType IN ('a','b')", false],
    ["processingType NOT IN ('a','b')", true],
    ["(coreCount = 1 OR coreCount = 8) and processingType <> 'x'", true],
    ["splitRule LIKE '%NF=%'", true],
  ])('%s → %s', (criteria, expected) => {
    expect(holds(criteria)).toBe(expected);
  });

  it('binds the variables of the row, with % as wildcard', () => {
    expect(holds('processingType = :p1', 'p1:reprocessing')).toBe(true);
    expect(holds('processingType LIKE :p1', 'p1:REPRO%')).toBe(true);
    expect(holds('processingType = :p2', 'p1:reprocessing')).toBe(false);
  });

  it.each(["__import__('os')", 'coreCount = 8; DROP', 'coreCount', 'coreCount = ', '(coreCount = 8', 'unknown = 1'])(
    'never holds for text outside the grammar: %s',
    (criteria) => expect(holds(criteria)).toBe(false),
  );
});

describe('work queue of a task', () => {
  const queue = (
    queueId: number,
    order: number | null,
    criteria: string | null,
    changes: Partial<WorkQueue> = {},
  ): WorkQueue => ({
    queueId,
    name: `q${queueId}`,
    type: 'managed',
    vo: 'atlas',
    order,
    isActive: true,
    criteria,
    variables: null,
    ...changes,
  });
  const of = { vo: 'atlas', prodSourceLabel: 'managed' };

  it('is the one it names, else the first by order whose criteria hold', () => {
    const queues = [queue(3, null, null), queue(2, 2, 'coreCount = 8'), queue(1, 1, 'coreCount = 1')];
    expect(workQueueFor(queues, of, task)?.queueId).toBe(2);
    expect(workQueueFor(queues, { ...of, workQueueName: 'q3' }, task)?.queueId).toBe(3);
  });

  it('is never one of another VO, nor an inactive one', () => {
    expect(workQueueFor([queue(1, 1, null, { vo: 'cms' }), queue(2, 1, null, { isActive: false })], of, task)).toBeUndefined();
  });
});

describe('what no work queue serves', () => {
  const of = (vo: string, type: string, isActive = true): WorkQueue => ({
    ...{ queueId: 1, name: `${vo}_${type}`, type, vo, order: null, isActive, criteria: 'coreCount > 99', variables: null },
  });
  const queues = [of('wlcg', 'user'), of('atlas', 'any'), of('old', 'user', false)];
  it.each([
    ['wlcg', 'user', null],
    ['atlas', 'whatever', null],
    ['wlcg', 'ptest', 'prodSourceLabel'],
    ['nosuchvo', 'user', 'vo'],
    ['old', 'user', 'vo'],
  ])('vo %s, label %s: %s', (vo, prodSourceLabel, key) => {
    expect(unserved(queues, { vo, prodSourceLabel })?.key ?? null).toBe(key);
  });

  it('is nothing where a queue takes any VO, or the queue named is merely closed to others', () => {
    expect(unserved([of('any', 'user')], { vo: 'nosuchvo', prodSourceLabel: 'user' })).toBeNull();
    expect(unserved(queues, { vo: 'old', prodSourceLabel: 'user', workQueueName: 'old_user' })).toBeNull();
  });
});

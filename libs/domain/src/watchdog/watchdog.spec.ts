import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type JumboTask, judgeJumbo, jumboSettings } from './jumbo.js';
import { boostOf, type GoalTask, goalIsReached, type NearlyDoneTask } from './near-the-end.js';
import { exhaustedExpires, judgePending, type PendingTask, pendingDefaults } from './pending.js';
import { type FillableQueue, type FillingTask, fillerDefaults, isFilled, preassign, whyNotFilled } from './queue-filler.js';
import { type ReadingQueue, tasksToWithhold, type WithholdableTask } from './task-withholder.js';

const now = new Date('2026-11-22T12:00:00Z');
const minutesAgo = (minutes: number) => new Date(now.getTime() - minutes * 60_000);
const hoursAgo = (hours: number) => minutesAgo(hours * 60);

describe('a pending task', () => {
  const aTask = (more: Partial<PendingTask> = {}): PendingTask => ({
    currentPriority: 500,
    modificationTime: minutesAgo(0),
    frozenTime: null,
    parentStatus: null,
    ...more,
  });

  it.each([
    [500, 60],
    [900, 30],
    [949, 30],
    [950, 10],
  ])('of priority %d is tried again after %d minutes', (currentPriority, minutes) => {
    const at = (ago: number) => judgePending(aTask({ currentPriority, modificationTime: minutesAgo(ago) }), pendingDefaults, now);
    expect(at(minutes)).toEqual({ event: 'released' });
    expect(at(minutes - 1)).toEqual({ event: null, nextLook: minutesAgo(-1) });
  });

  it('is exhausted after a week in one go, unless its parent still runs', () => {
    const frozenTime = hoursAgo(7 * 24 + 1);
    expect(judgePending(aTask({ frozenTime }), pendingDefaults, now)).toEqual({
      event: 'pendingExpired',
      dialog: 'timeout while in pending since 2026-11-15 11:00:00',
    });
    expect(judgePending(aTask({ frozenTime, parentStatus: 'done' }), pendingDefaults, now).event).toBe('pendingExpired');
    expect(judgePending(aTask({ frozenTime, parentStatus: 'running' }), pendingDefaults, now).event).toBeNull();
    expect(judgePending(aTask({ frozenTime }), { ...pendingDefaults, timeoutHours: null }, now).event).toBeNull();
  });
});

describe('an exhausted task', () => {
  it('is finished after two days without a decision, unless it waits for ever', () => {
    const task = { status: 'exhausted', stateChangeTime: hoursAgo(49), waitsForever: false } as const;
    expect(exhaustedExpires(task, 48, now)).toBe(true);
    expect(exhaustedExpires({ ...task, stateChangeTime: hoursAgo(47) }, 48, now)).toBe(false);
    expect(exhaustedExpires({ ...task, waitsForever: true }, 48, now)).toBe(false);
    expect(exhaustedExpires({ ...task, status: 'running' }, 48, now)).toBe(false);
  });
});

describe('a task near its end', () => {
  const nearly: NearlyDoneTask = {
    status: 'running',
    parentStatus: 'done',
    nFiles: 1_000,
    nFilesFinished: 900,
    nFilesFailed: 50,
    remainingJobs: 100,
    currentPriority: 500,
  };

  it('is boosted with at most 5 % and 100 jobs to go', () => {
    expect(boostOf(nearly)).toEqual({ currentPriority: 900, gshare: 'Express' });
    expect(boostOf({ ...nearly, nFilesFailed: 49 })).toBeUndefined();
    expect(boostOf({ ...nearly, remainingJobs: 101 })).toBeUndefined();
    expect(boostOf({ ...nearly, parentStatus: 'running' })).toBeUndefined();
    expect(boostOf({ ...nearly, currentPriority: 900 })).toBeUndefined();
    expect(boostOf({ ...nearly, status: 'scouting' })).toBeUndefined();
  });

  it('is finished when its goal is reached and nothing is untouched', () => {
    const task: GoalTask = {
      status: 'running',
      parentStatus: null,
      goal: 900,
      staysUnfinished: false,
      untouchedFiles: 0,
      nEventsInput: 1_000,
      nEventsOutput: 900,
    };
    expect(goalIsReached(task)).toBe(true);
    const not: Partial<GoalTask>[] = [
      { nEventsOutput: 899 },
      { untouchedFiles: 1 },
      { goal: null },
      { staysUnfinished: true },
      { nEventsInput: 0 },
      { parentStatus: 'running' },
    ];
    for (const more of not) expect(goalIsReached({ ...task, ...more })).toBe(false);
  });
});

describe('the task withholder', () => {
  const aQueue = (queue: string, more: Partial<ReadingQueue> = {}): ReadingQueue => ({
    queue,
    isOnline: true,
    endpoints: [`${queue}_DISK`],
    running: 100,
    queued: 0,
    ...more,
  });
  const aTask = (more: Partial<WithholdableTask> = {}): WithholdableTask => ({
    jediTaskId: 1,
    ioIntensity: 1_000,
    currentPriority: 100,
    endpoints: ['A_DISK', 'B_DISK'],
    ...more,
  });
  const limits = { ioIntensity: 500, priority: 200 };
  const withheld = (queues: readonly ReadingQueue[], task = aTask(), of = limits) => tasksToWithhold([task], queues, of).length;

  it('withholds a task when every queue with its input is busy or offline', () => {
    const busy = aQueue('A', { queued: 201 });
    expect(withheld([busy, aQueue('B', { isOnline: false })])).toBe(1);
    expect(withheld([busy, aQueue('B')])).toBe(0);
    expect(withheld([aQueue('A', { queued: 200 }), aQueue('B', { isOnline: false })])).toBe(0);
    expect(withheld([busy, aQueue('C', { endpoints: ['A_DISK'] })])).toBe(0);
    expect(tasksToWithhold([aTask()], [busy], limits)[0]?.reason).toContain('A_DISK, B_DISK');
  });

  it('leaves a task alone whose input is nowhere known', () => {
    expect(withheld([], aTask({ endpoints: [] }))).toBe(0);
  });

  it('looks only at higher ioIntensity and lower priority than the limits', () => {
    expect(withheld([], aTask({ ioIntensity: 500 }))).toBe(0);
    expect(withheld([], aTask({ ioIntensity: 501 }))).toBe(1);
    expect(withheld([], aTask({ currentPriority: 200 }))).toBe(0);
    expect(withheld([], aTask({ currentPriority: 199 }))).toBe(1);
    expect(withheld([], aTask({ ioIntensity: 100 }), { ioIntensity: 0, priority: 200 })).toBe(0);
    expect(tasksToWithhold([aTask()], [], { ioIntensity: null, priority: 200 })).toEqual([]);
    expect(tasksToWithhold([aTask()], [], { ioIntensity: 500, priority: null })).toEqual([]);
  });
});

describe('the queue filler', () => {
  const aQueue = (queue: string, more: Partial<FillableQueue> = {}): FillableQueue => ({
    queue,
    isOnline: true,
    runsProduction: true,
    isSpecial: false,
    cores: 8,
    maxRssMb: 16_000,
    capability: 'ucore',
    endpoints: ['A_DISK'],
    slots: 0,
    toRunningRate: 0.9,
    running: 10,
    queued: 0,
    emptySince: minutesAgo(31),
    policy: 'all',
    ...more,
  });
  const aTask = (jediTaskId: number, more: Partial<FillingTask> = {}): FillingTask => ({
    jediTaskId,
    resourceType: 'MCORE',
    processingType: 'simul',
    currentPriority: 500,
    isPinned: false,
    isEventService: false,
    endpoints: ['A_DISK', 'B_DISK'],
    ramMb: (cores) => cores * 2_000,
    filesReady: 50,
    filesRemaining: 100,
    ...more,
  });
  const idle = { taken: [], blocked: new Set<number>(), now };
  const chosen = (queue: FillableQueue, tasks: readonly FillingTask[], state: Parameters<typeof preassign>[3] = idle) =>
    preassign([queue], tasks, fillerDefaults, state).map((p) => p.jediTaskId);

  it('binds suitable tasks with local input to a queue that has been empty for half an hour', () => {
    expect(chosen(aQueue('A'), [aTask(1)])).toEqual([1]);
    const unsuitable: Partial<FillingTask>[] = [
      { endpoints: ['B_DISK'] },
      { isPinned: true },
      { isEventService: true },
      { ramMb: () => 17_000 },
      { filesReady: 49 },
      { filesRemaining: 99 },
    ];
    for (const more of unsuitable) expect(chosen(aQueue('A'), [aTask(1, more)])).toEqual([]);
    expect(chosen(aQueue('A', { capability: 'score' }), [aTask(1)])).toEqual([]);
    expect(chosen(aQueue('A', { policy: 'simulationOnly' }), [aTask(1), aTask(2, { processingType: 'recon' })])).toEqual([1]);
    expect(chosen(aQueue('A', { maxRssMb: 0 }), [aTask(1, { ramMb: () => 99_000 })])).toEqual([1]);
  });

  it.each([
    [{ runsProduction: false }, 'notForProduction'],
    [{ isOnline: false }, 'notOnline'],
    [{ isSpecial: true }, 'special'],
    [{ cores: 0 }, 'noCoreCount'],
    [{ toRunningRate: 0.5 }, 'lowRate'],
    [{ toRunningRate: null }, 'lowRate'],
    [{ queued: 5 }, 'enoughQueued'],
    [{ endpoints: [] }, 'noEndpoint'],
    [{ policy: 'noSimulation' }, 'policy'],
    [{ emptySince: minutesAgo(29) }, 'notEmptyForLong'],
    [{ emptySince: null, slots: 80 }, undefined],
  ] as const)('says of a queue with %j: %s', (more, why) => {
    expect(whyNotFilled(aQueue('A', more as Partial<FillableQueue>), now)).toBe(why);
  });

  it('lets tasks go when the queue is filled or offline', () => {
    expect(isFilled(aQueue('A', { queued: 7 }))).toBe(false);
    expect(isFilled(aQueue('A', { queued: 8 }))).toBe(true);
    expect(isFilled(aQueue('A', { isOnline: false }))).toBe(true);
    expect(isFilled(aQueue('A', { queued: 8, slots: 80 }))).toBe(false);
  });

  it('binds at most three tasks per queue and resource type, the most urgent first', () => {
    const tasks = [1, 2, 3, 4].map((id) => aTask(id, { currentPriority: id * 100 }));
    expect(chosen(aQueue('A'), tasks)).toEqual([4, 3, 2]);
    expect(chosen(aQueue('A'), [...tasks, aTask(5, { resourceType: 'SCORE' })])).toEqual([5, 4, 3, 2]);
    const taken = [{ queue: 'A', resourceType: 'MCORE', jediTaskId: 4 }];
    expect(chosen(aQueue('A'), tasks, { ...idle, taken, blocked: new Set([3]) })).toEqual([2, 1]);
  });

  it('binds a task to one queue, beginning with the emptiest', () => {
    const queues = [aQueue('A'), aQueue('B', { running: 100 })];
    expect(preassign(queues, [aTask(1)], fillerDefaults, idle)).toEqual([{ queue: 'B', resourceType: 'MCORE', jediTaskId: 1 }]);
  });
});

describe('the jumbo watchdog', () => {
  const settings = jumboSettings({});
  const aTask = (jediTaskId: number, more: Partial<JumboTask> = {}): JumboTask => ({
    jediTaskId,
    currentPriority: 400,
    isPinned: false,
    useJumbo: null,
    events: 1_000_000,
    eventsDone: 0,
    filesLeft: 1_000,
    activeJumboJobs: 1,
    isConvertible: true,
    ...more,
  });

  it('has settings that follow from each other', () => {
    expect(settings).toMatchObject({ maxTasks: 1, minEventsDisable: 100_000, minEventsEnable: 1_000_000, maxEvents: 500_000 });
    expect(jumboSettings({ maxTasks: 4, minEventsDisable: 10 })).toMatchObject({ minEventsEnable: 100, maxEvents: 200 });
  });

  it('enables the largest suitable task while there is room', () => {
    const tasks = [aTask(1), aTask(2, { events: 3_000_000 }), aTask(3, { isConvertible: false, events: 9_000_000 })];
    expect(judgeJumbo(tasks, settings)).toEqual([{ jediTaskId: 2, kind: 'enable', perTask: 1, perSite: 1 }]);
    expect(judgeJumbo([...tasks, aTask(9, { useJumbo: 'R' })], settings)).toEqual([]);
    expect(judgeJumbo([aTask(1, { currentPriority: 500 }), aTask(2, { events: 999_999 })], settings)).toEqual([]);
  });

  it('disables a task with few events left and keeps it going', () => {
    expect(judgeJumbo([aTask(1, { useJumbo: 'R', eventsDone: 900_001, filesLeft: 999 })], settings)).toEqual([
      { jediTaskId: 1, kind: 'disable' },
      { jediTaskId: 1, kind: 'setPriority', priority: 500 },
    ]);
    expect(judgeJumbo([aTask(1, { useJumbo: 'D' })], settings)).toEqual([{ jediTaskId: 1, kind: 'setPriority', priority: 500 }]);
  });

  it('kicks a stuck task and boosts one that is 95 % done, not one that has 95 % left', () => {
    expect(judgeJumbo([aTask(1, { useJumbo: 'P', activeJumboJobs: 0 })], settings)).toEqual([{ jediTaskId: 1, kind: 'kick' }]);
    const big = { useJumbo: 'R', events: 10_000_000, filesLeft: 499 } as const;
    expect(judgeJumbo([aTask(1, { ...big, eventsDone: 9_500_000 })], settings)).toEqual([
      { jediTaskId: 1, kind: 'setPriority', priority: 900 },
    ]);
    expect(judgeJumbo([aTask(1, { ...big, eventsDone: 500_000 })], settings)).toEqual([]);
  });

  it('never has more jumbo tasks than allowed', () => {
    const task = fc.record({
      useJumbo: fc.constantFrom(null, 'R' as const),
      events: fc.integer({ min: 1_000_000, max: 9_000_000 }),
    });
    fc.assert(
      fc.property(fc.array(task, { maxLength: 12 }), fc.nat(5), (list, maxTasks) => {
        const tasks = list.map((t, i) => aTask(i, t));
        const running = tasks.filter((t) => t.useJumbo === 'R').length;
        const added = judgeJumbo(tasks, jumboSettings({ maxTasks })).filter((d) => d.kind === 'enable').length;
        expect(running + added).toBeLessThanOrEqual(Math.max(running, maxTasks));
      }),
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { type TestRuntime, testRuntime } from '@panda/testing';
import { Agent, type AgentSettings } from './agent.js';
import { type CycleReport, IDLE } from './cycle-report.js';
import type { Wake } from './wake-queue.js';

const MORE: CycleReport = { claimed: 1, done: 1, more: true };
const settings: AgentSettings = { sweepMs: 60_000, concurrency: 1, batch: 2, drainMs: 5_000 };

/** Answers its cycles from a list, and keeps what it was woken for. */
class Scripted extends Agent {
  readonly wakes: Wake[] = [];
  readonly answers: (CycleReport | Error | Promise<CycleReport>)[] = [];

  constructor(
    readonly given: TestRuntime,
    over: Partial<AgentSettings> = {},
  ) {
    super('scripted', given, { ...settings, ...over });
  }

  claim(): string {
    return this.newClaim();
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    this.wakes.push(wake);
    const answer = this.answers.shift() ?? IDLE;
    if (answer instanceof Error) throw answer;
    return answer;
  }
}

/** A started agent at rest: its first sweep is done and the sweeper sleeps. */
async function started(over: Partial<AgentSettings> = {}): Promise<Scripted> {
  const agent = new Scripted(testRuntime(), over);
  agent.start();
  await agent.given.clock.advance(0);
  expect(agent.wakes).toEqual([{ ids: [], sweep: true }]);
  agent.wakes.length = 0;
  return agent;
}

const lostConnection = (): Error => Object.assign(new Error('connection lost'), { code: '08006' });

describe('an agent', () => {
  it('looks at announced ids at once, in portions of its batch', async () => {
    const agent = await started();
    agent.wake([7, 8, 9]);
    await agent.given.clock.advance(0);
    expect(agent.wakes.map((wake) => wake.ids)).toEqual([[7, 8], [9]]);
    await agent.stop();
  });

  it('goes on while its report says there is more', async () => {
    const agent = await started();
    agent.answers.push(MORE, MORE, IDLE);
    agent.wake([7]);
    await agent.given.clock.advance(0);
    expect(agent.wakes).toHaveLength(3);
    await agent.stop();
  });

  it('sweeps by its period, with jitter, when nothing is announced', async () => {
    const agent = await started();
    const [left] = agent.given.clock.sleeping;
    expect(left).toBeGreaterThanOrEqual(48_000);
    expect(left).toBeLessThanOrEqual(72_000);
    await agent.given.clock.advance(left ?? 0);
    expect(agent.wakes).toEqual([{ ids: [], sweep: true }]);
    await agent.stop();
  });

  it('repeats what failed for a reason that passes, after a pause that grows', async () => {
    const agent = await started();
    agent.answers.push(lostConnection(), lostConnection());
    agent.wake([7]);
    await agent.given.clock.advance(0);
    const [first = 0] = agent.given.clock.sleeping;
    await agent.given.clock.advance(first);
    const [second = 0] = agent.given.clock.sleeping;
    await agent.given.clock.advance(second);
    expect(agent.wakes.map((wake) => wake.ids)).toEqual([[7], [7], [7]]);
    expect(first).toBeLessThanOrEqual(1_200);
    expect(second).toBeGreaterThan(1_200);
    expect(agent.given.log.messages('warn')).toEqual(['a cycle failed and is repeated', 'a cycle failed and is repeated']);
    await agent.stop();
  });

  it('reports another error with the ids, leaves them to the sweep, and lives on', async () => {
    const agent = await started();
    agent.answers.push(new Error('a bug'));
    agent.wake([7]);
    await agent.given.clock.advance(2_000);
    expect(agent.wakes).toHaveLength(1);
    expect(agent.given.log.lines.find((line) => line.level === 'error')?.facts).toMatchObject({
      agent: 'scripted',
      ids: [7],
      kind: 'permanent',
    });
    agent.wake([8]);
    await agent.given.clock.advance(0);
    expect(agent.wakes.at(-1)?.ids).toEqual([8]);
    await agent.stop();
  });

  it('runs no more cycles at once than it may', async () => {
    const agent = await started({ concurrency: 2, batch: 1 });
    let finish: (report: CycleReport) => void = () => undefined;
    const slow = new Promise<CycleReport>((resolve) => {
      finish = resolve;
    });
    agent.answers.push(slow, slow, IDLE);
    agent.wake([1, 2, 3]);
    await agent.given.clock.advance(0);
    expect(agent.wakes.map((wake) => wake.ids)).toEqual([[1], [2]]);
    finish(IDLE);
    await agent.given.clock.advance(0);
    expect(agent.wakes.at(-1)?.ids).toEqual([3]);
    await agent.stop();
  });

  it('finishes its cycle when it is stopped, and takes nothing more', async () => {
    const agent = await started();
    let finish: (report: CycleReport) => void = () => undefined;
    agent.answers.push(
      new Promise<CycleReport>((resolve) => {
        finish = resolve;
      }),
    );
    agent.wake([1]);
    await agent.given.clock.advance(0);
    const stopped = agent.stop();
    agent.wake([2]);
    finish(MORE);
    await stopped;
    expect(agent.wakes.map((wake) => wake.ids)).toEqual([[1]]);
  });

  it('is stopped without its cycle when that outlasts the drain limit', async () => {
    const agent = await started();
    agent.answers.push(new Promise<CycleReport>(() => undefined));
    agent.wake([1]);
    await agent.given.clock.advance(0);
    const stopped = agent.stop();
    await agent.given.clock.advance(5_000);
    await stopped;
    expect(agent.given.clock.elapsedMs()).toBe(5_000);
  });

  it('counts what it did', async () => {
    const agent = new Scripted(testRuntime());
    agent.answers.push({ claimed: 5, done: 3, waiting: 1, failed: 1, more: false });
    await agent.runOnce();
    const text = await agent.given.metrics.text();
    expect(text).toContain('panda_agent_items_total{agent="scripted",outcome="done",service="test"} 3');
    expect(text).toContain('panda_agent_cycle_seconds_count{service="test",agent="scripted",outcome="done"} 1');
    expect(text).toContain('panda_agent_last_sweep_timestamp_seconds{agent="scripted",service="test"} 1637582400');
  });

  it('gives a claim of its own to each cycle that asks', () => {
    const agent = new Scripted(testRuntime());
    expect(agent.claim()).toBe('scripted:00000000-0000-7000-8000-000000000001');
    expect(agent.claim()).not.toBe(agent.claim());
  });

  it('lets the caller of a single cycle see its error', async () => {
    const agent = new Scripted(testRuntime());
    agent.answers.push(new Error('a bug'));
    await expect(agent.runOnce()).rejects.toThrow('a bug');
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { statement } from '@panda/database';
import { ServiceIdentity } from '@panda/runtime';
import { pg, type TestDatabase, type TestRuntime, testRuntime } from '@panda/testing';
import { Leases } from '../lease/leases.js';
import { PeriodicScript, type ScriptRun, type ScriptSettings } from './periodic-script.js';
import { ScriptRunner } from './script-runner.js';

class Scripted extends PeriodicScript {
  readonly runs: ScriptRun[] = [];
  atOnce = 0;
  most = 0;

  constructor(
    readonly name: string,
    private readonly body: (run: ScriptRun, nth: number) => Promise<boolean> = () => Promise.resolve(false),
  ) {
    super();
  }

  async run(run: ScriptRun): Promise<boolean> {
    this.runs.push(run);
    this.most = Math.max(this.most, ++this.atOnce);
    try {
      return await this.body(run, this.runs.length);
    } finally {
      this.atOnce -= 1;
    }
  }
}

/** Ends the counted period, as time would. */
const periodOver = statement<{ name: string }>(
  'test.periodOver',
  `update panda_ops.lease set expires_at = acquired_at where name = $name and expires_at > acquired_at + interval '200 seconds' returning 1`,
);

const PERIOD_MS = 240_000;

describe('the script runner', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await pg();
  });
  afterAll(() => db.close());

  interface Host {
    runner: ScriptRunner;
    runtime: TestRuntime;
  }
  function host(scripts: [Scripted, Partial<ScriptSettings>][], workers = 4, name = 'a'): Host {
    const runtime = testRuntime();
    const leases = new Leases(db.database, runtime, new ServiceIdentity('daemon', name));
    const entries = scripts.map(([script, over]) => ({
      script,
      settings: {
        name: script.name,
        module: script.name,
        enable: true,
        periodMs: PERIOD_MS,
        sync: false,
        loop: false,
        arguments: [],
        ...over,
      },
    }));
    return { runtime, runner: new ScriptRunner(entries, runtime, leases, { workers, drainMs: 1_000 }) };
  }

  it('DAEMON-23 runs a script by its period', async () => {
    const script = new Scripted('periodic');
    const { runner, runtime } = host([[script, {}]]);
    runner.start();
    await runtime.clock.advance(3.5 * PERIOD_MS);
    expect(script.runs.length).toBeGreaterThanOrEqual(3);
    expect(script.runs.length).toBeLessThanOrEqual(4);
    await runner.stop();
  });

  it('DAEMON-22 leaves a disabled script alone', async () => {
    const script = new Scripted('disabled');
    const { runner, runtime } = host([[script, { enable: false }]]);
    runner.start();
    await runtime.clock.advance(3 * PERIOD_MS);
    expect(script.runs).toHaveLength(0);
    await runner.stop();
  });

  it('DAEMON-01 lets the next start wait for a long run, and warns', async () => {
    const slow: Scripted = new Scripted('slow', async () => {
      await long.runtime.clock.sleep(2.5 * PERIOD_MS);
      return false;
    });
    const long: Host = host([[slow, {}]]);
    long.runner.start();
    await long.runtime.clock.advance(6 * PERIOD_MS);
    expect(slow.most).toBe(1);
    expect(slow.runs.length).toBeGreaterThan(1);
    expect(long.runtime.log.messages('warn')).toContain('a script took longer than its period');
    const stopped = long.runner.stop();
    await long.runtime.clock.advance(3 * PERIOD_MS);
    await stopped;
  });

  it('DAEMON-25 runs a script again while it says there is more, silently beyond its period', async () => {
    const looping: Scripted = new Scripted('looping', async (_, nth) => {
      await looped.runtime.clock.sleep(PERIOD_MS);
      return nth < 3;
    });
    const looped: Host = host([[looping, { loop: true }]]);
    looped.runner.start();
    await looped.runtime.clock.advance(0.1 * PERIOD_MS);
    await looped.runtime.clock.advance(3 * PERIOD_MS);
    expect(looping.runs.length).toBeGreaterThanOrEqual(3);
    expect(looped.runtime.log.messages('warn')).toEqual([]);
    const stopped = looped.runner.stop();
    await looped.runtime.clock.advance(PERIOD_MS);
    await stopped;
  });

  it('DAEMON-02 runs a sync script on one host at a time', async () => {
    let finish: () => void = () => undefined;
    const running = new Promise<boolean>((resolve) => {
      finish = () => resolve(false);
    });
    const [first, second] = [new Scripted('sync', () => running), new Scripted('sync')];
    const [here, there] = [host([[first, { sync: true }]], 1, 'a'), host([[second, { sync: true }]], 1, 'b')];
    const ran = here.runner.runOnce('sync');
    await here.runtime.clock.whenSleeping(1); // the lease is held, and renews itself
    expect(await there.runner.runOnce('sync')).toBe('elsewhere');
    finish();
    expect(await ran).toBe('ran');
    expect(second.runs).toHaveLength(0);
  });

  it('DAEMON-24 counts the period of a sync script over all hosts', async () => {
    const scripts = [new Scripted('shared'), new Scripted('shared')];
    const [here, there] = scripts.map((script, n) => host([[script, { sync: true }]], 1, `h${n}`).runner) as [
      ScriptRunner,
      ScriptRunner,
    ];
    expect(await here.runOnce('shared')).toBe('ran');
    expect(await there.runOnce('shared')).toBe('elsewhere');
    expect(await here.runOnce('shared')).toBe('elsewhere');
    await db.database.run(periodOver, { name: 'script:shared' });
    expect(await there.runOnce('shared')).toBe('ran');
  });

  it('lets a sync script that failed be run by another host at once', async () => {
    const failing = new Scripted('failing', () => Promise.reject(new Error('no')));
    const working = new Scripted('failing');
    const [here, there] = [host([[failing, { sync: true }]], 1, 'a'), host([[working, { sync: true }]], 1, 'b')];
    expect(await here.runner.runOnce('failing')).toBe('failed');
    expect(here.runtime.log.messages('error')).toEqual(['a script failed']);
    expect(await there.runner.runOnce('failing')).toBe('ran');
  });

  it('gives a sync script a fence for its transactions', async () => {
    const fenced = new Scripted('fenced', async (run) => {
      await db.database.transaction((tx) => run.fence(tx));
      return false;
    });
    expect(await host([[fenced, { sync: true }]]).runner.runOnce('fenced')).toBe('ran');
  });

  it('DAEMON-03 runs no more scripts at once than it has workers', async () => {
    let atOnce = 0;
    let most = 0;
    const body = async (): Promise<boolean> => {
      most = Math.max(most, ++atOnce);
      // Long enough that all four would overlap.
      await pooled.runtime.clock.sleep(0.5 * PERIOD_MS);
      atOnce -= 1;
      return false;
    };
    const scripts = ['one', 'two', 'three', 'four'].map((name) => new Scripted(name, body));
    const pooled: Host = host(
      scripts.map((script) => [script, {}]),
      2,
    );
    pooled.runner.start();
    await pooled.runtime.clock.advance(1.5 * PERIOD_MS);
    expect(most).toBe(2);
    expect(scripts.every((script) => script.runs.length >= 1)).toBe(true);
    const stopped = pooled.runner.stop();
    await pooled.runtime.clock.advance(PERIOD_MS);
    await stopped;
  });

  it('DAEMON-27 passes the arguments of the entry', async () => {
    const script = new Scripted('run-me');
    await host([[script, { name: 'dump', arguments: ['dump', '-n', 100] }]]).runner.runOnce('dump');
    expect(script.runs[0]?.arguments).toEqual(['dump', '-n', 100]);
  });

  it('tells running scripts to end when it is stopped', async () => {
    const ending: Scripted = new Scripted('ending', async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return true;
    });
    const { runner, runtime } = host([[ending, { loop: true }]]);
    runner.start();
    await runtime.clock.advance(0.1 * PERIOD_MS);
    expect(ending.atOnce).toBe(1);
    await runner.stop();
    expect(ending.atOnce).toBe(0);
    expect(ending.runs).toHaveLength(1);
  });

  it('refuses to run a script that is not configured', () => {
    expect(() => host([]).runner.runOnce('nothing')).toThrow("there is no script 'nothing'");
  });
});

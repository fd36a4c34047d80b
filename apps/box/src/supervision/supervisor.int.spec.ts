import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Supervisor, type SupervisorEvent } from './supervisor.js';

const LONG_MS = 60_000;

describe('the supervisor', () => {
  let dir: string;
  let supervisor: Supervisor;
  let events: SupervisorEvent[];
  let wake: () => void = () => undefined;

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-supervisor-'));
    await writeFile(join(dir, 'stays.mjs'), 'process.stdout.write("up\\n"); setInterval(() => {}, 1e6);');
    await writeFile(join(dir, 'dies.mjs'), 'process.exit(3);');
    await writeFile(
      join(dir, 'deaf.mjs'),
      'process.on("SIGTERM", () => process.stdout.write("ignored\\n")); setInterval(() => {}, 1e6); process.stdout.write("up\\n");',
    );
  });
  afterEach(() => supervisor.stop());
  afterAll(() => rm(dir, { recursive: true, force: true }));

  const start = async (script: string, settings: { stopMs?: number } = {}) => {
    events = [];
    supervisor = new Supervisor({
      logDir: join(dir, 'logs'),
      restartMs: 1,
      restartMaxMs: 4,
      healthyMs: LONG_MS,
      stopMs: settings.stopMs ?? LONG_MS,
      onEvent: (event) => {
        events.push(event);
        wake();
      },
    });
    await supervisor.start([{ name: script, entry: join(dir, `${script}.mjs`), env: {} }]);
  };
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
  };
  const logged = async (script: string, text: string) => {
    for (;;) {
      if ((await readFile(join(dir, 'logs', `${script}.log`), 'utf8').catch(() => '')).includes(text)) return;
      await new Promise(setImmediate);
    }
  };
  const ended = () => events.filter((event) => event.kind === 'ended');

  it('starts a killed process again', async () => {
    await start('stays');
    const first = supervisor.pid('stays');
    process.kill(first ?? 0, 'SIGKILL');
    await until(() => events.filter((event) => event.kind === 'started').length === 2);
    expect(ended()).toEqual([{ kind: 'ended', name: 'stays', reason: 'SIGKILL', restartInMs: 1 }]);
    expect(supervisor.pid('stays')).not.toBe(first);
  });

  it('pauses longer each time a process cannot start, up to a limit', async () => {
    await start('dies');
    await until(() => ended().length >= 5);
    expect(
      ended()
        .slice(0, 5)
        .map((event) => event.kind === 'ended' && event.restartInMs),
    ).toEqual([1, 2, 4, 4, 4]);
    expect(ended()[0]).toMatchObject({ reason: 'exit code 3' });
  });

  it('does not restart what it stops, and enforces the stop', async () => {
    await start('deaf', { stopMs: 20 });
    await logged('deaf', 'up');
    await supervisor.stop();
    expect(ended()).toEqual([{ kind: 'ended', name: 'deaf', reason: 'SIGKILL', restartInMs: null }]);
  });
});

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { appears } from '../testing/worker-node.js';
import { formatLine, PilotLog } from './pilot-log.js';
import { isRunning, processesMarked } from './proc.js';
import { MARK_NAME, ProcessGroup } from './process-group.js';
import { SystemClock } from './system-clock.js';

// Real processes on a machine that may be busy.
jest.setTimeout(60_000);

describe('a process group', () => {
  let dir: string;
  const clock = new SystemClock();
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'group-'));
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const start = (script: string, mark = `mark-${Math.random()}`) =>
    ProcessGroup.start({
      program: '/bin/sh',
      args: ['-c', script],
      cwd: dir,
      env: { PATH: '/usr/bin:/bin' },
      mark,
      stdoutFile: join(dir, 'out'),
      stderrFile: join(dir, 'err'),
    });

  it('PILOT-payload-05 writes output and errors to their files and gives the exit code as a shell does', async () => {
    expect(await start('echo o; echo e >&2; exit 7').ended).toEqual({ exitCode: 7, signal: undefined });
    expect(readFileSync(join(dir, 'out'), 'utf8')).toBe('o\n');
    expect(readFileSync(join(dir, 'err'), 'utf8')).toBe('e\n');
    expect(await start('kill -SEGV $$').ended).toEqual({ exitCode: 139, signal: 'SIGSEGV' });
  });

  it('PILOT-payload-13 ends everything that carries its mark: other sessions, ignored signals, processes without parent', async () => {
    const mark = 'mark-of-this-test';
    const group = start(
      `trap "" TERM
      setsid sh -c 'trap "" TERM; while :; do sleep 0.1; done' &
      (sleep 300 & echo $! >orphan.part; mv orphan.part orphan) &
      wait`,
      mark,
    );
    await appears(join(dir, 'orphan'));
    expect(processesMarked(`${MARK_NAME}=${mark}`).length).toBeGreaterThanOrEqual(3);
    await group.kill(clock, 200);
    expect(processesMarked(`${MARK_NAME}=${mark}`)).toEqual([]);
    expect(isRunning(Number(readFileSync(join(dir, 'orphan'), 'utf8')))).toBe(false);
  });

  it('touches no process of somebody else', async () => {
    const other = start('touch ready; sleep 300', 'other');
    await appears(join(dir, 'ready'));
    await start('sleep 300', 'mine').kill(clock, 100);
    expect(isRunning(other.pid ?? 0)).toBe(true);
    await other.kill(clock, 100);
  });

  it('also ends what has thrown away its environment, while it stays in the group', async () => {
    const group = start('env -i sh -c "echo \\$\\$ >pid.part; mv pid.part pid; exec sleep 300"');
    await appears(join(dir, 'pid'));
    await group.kill(clock, 100);
    expect(isRunning(Number(readFileSync(join(dir, 'pid'), 'utf8')))).toBe(false);
  });

  it('rejects for a program that is not there', async () => {
    const group = ProcessGroup.start({
      program: '/no/such',
      args: [],
      cwd: dir,
      env: {},
      mark: 'x',
      stdoutFile: join(dir, 'o'),
      stderrFile: join(dir, 'e'),
    });
    await expect(group.ended).rejects.toThrow('ENOENT');
    expect(existsSync(join(dir, 'o'))).toBe(true);
  });
});

describe('the pilot’s log', () => {
  const line = {
    time: new Date('2026-11-22T12:00:00Z'),
    level: 'INFO' as const,
    message: 'a\nb',
    facts: { n: 1, text: 'x y', url: 'http://x/y' },
  };

  it('PILOT-files-08 has lines of parts between bars, or of key=value pairs; texts cannot forge lines', () => {
    expect(formatLine('pipe', line)).toBe('2026-11-22T12:00:00.000Z | INFO    | a\\nb | n=1 text="x y" url=http://x/y');
    expect(formatLine('keys', line)).toBe('time=2026-11-22T12:00:00.000Z level=INFO msg="a\\nb" n=1 text="x y" url=http://x/y');
  });

  it('goes to every sink until it is taken away, debug lines only when asked', () => {
    const [one, two]: [string[], string[]] = [[], []];
    const log = PilotLog.open({ write: (text) => void one.push(text) });
    const untee = log.tee({ write: (text) => void two.push(text) });
    log.with({ pandaId: 7 }).warn('first');
    log.debug('hidden');
    untee();
    log.error('second', { error: new Error('why') });
    expect(two).toEqual([expect.stringContaining('first | pandaId=7')]);
    expect(one.join('')).toMatch(/first[\s\S]*second .*why/);
    expect(one.join('')).not.toContain('hidden');
  });
});

import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { ClientError, type PandaClient, type TaskRecord } from '@panda/client';
import { Terminal } from '../terminal/terminal.js';
import { watchTask } from './watch-task.js';

/** A stream a person looks at. */
function screen(isTty: boolean): PassThrough & { isTTY: boolean; columns: number; text(): string } {
  const stream = new PassThrough();
  const text = () => String((stream.read() as Buffer | null) ?? '');
  return Object.assign(stream, { isTTY: isTty, columns: 100, text });
}

/** A client whose task goes through these looks, one after the other. */
function looking(...looks: (Partial<TaskRecord> | Error)[]): PandaClient {
  const info = async () => {
    const look = looks.shift();
    if (look instanceof Error) throw look;
    return { jediTaskID: 9, nFiles: 4, ...look } as unknown as TaskRecord;
  };
  return { tasks: { info } } as unknown as PandaClient;
}

async function watch(client: PandaClient, isTty: boolean, show = true) {
  const stdout = screen(isTty);
  const stderr = screen(isTty);
  const pauses: number[] = [];
  const sleep = async (ms: number) => void pauses.push(ms);
  const terminal = new Terminal({ stdin: new PassThrough(), stdout, stderr });
  const task = await watchTask(client, 9, terminal, { intervalMs: 10_000, show, sleep });
  return { status: task.status, shown: stderr.text(), pauses };
}

describe('a watched task', () => {
  it('moves one bar on a terminal', async () => {
    const run = await watch(looking({ status: 'running', nFilesFinished: 1 }, { status: 'done', nFilesFinished: 4 }), true);
    expect(run.status).toBe('done');
    expect(run.pauses).toEqual([10_000]);
    expect(run.shown).toContain('task 9');
    expect(run.shown).toContain('4/4 files');
    // The cursor is hidden while the bar moves, and comes back.
    expect(run.shown.lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.shown.indexOf('\u001b[?25l'));
  });

  it('is a line for each change in a log', async () => {
    const run = await watch(
      looking(
        { status: 'ready' },
        { status: 'ready' },
        { status: 'running', nFilesFailed: 1 },
        { status: 'exhausted', nFilesFailed: 1 },
      ),
      false,
    );
    expect(run.shown.split('\n')).toEqual([
      'task 9  ready  0/4 files, 0 failed',
      'task 9  running  0/4 files, 1 failed',
      'task 9  exhausted  0/4 files, 1 failed',
      '',
    ]);
  });

  it('is silent when only waited for', async () => {
    expect((await watch(looking({ status: 'running' }, { status: 'paused' }), true, false)).shown).toBe('');
  });

  it('is not given up while the server does not answer', async () => {
    const down = new ClientError('PANDA-CLIENT-001', 'cannot reach it');
    const run = await watch(looking({ status: 'running' }, down, down, { status: 'failed' }), false, false);
    expect(run).toMatchObject({
      status: 'failed',
      shown: 'warning: cannot reach it; still trying\nwarning: cannot reach it; still trying\n',
    });
  });

  it('is given up for errors that stay', async () => {
    const gone = new ClientError('PANDA-CLIENT-008', 'Task not found');
    await expect(watch(looking(gone), false)).rejects.toBe(gone);
  });
});

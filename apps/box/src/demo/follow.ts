import { setTimeout } from 'node:timers/promises';
import { isStateOf, taskMachine, taskStatus, terminalTaskStatuses } from '@panda/domain';
import { MultiBar, type SingleBar } from 'cli-progress';
import { runTool, type Shell } from './tool.js';

const POLL_MS = 500;

interface Progress {
  readonly status: string;
  readonly nFiles?: number | null;
  readonly nFilesFinished?: number | null;
  readonly nFilesFailed?: number | null;
}

export interface FollowedTask {
  readonly title: string;
  readonly jediTaskId: number;
}

/** Shows how tasks go until each of them rests; returns their final states in order. Rejects when the shell's signal says stop. */
export async function follow(shell: Shell, tasks: readonly FollowedTask[], say: (line: string) => void): Promise<string[]> {
  const view = process.stdout.isTTY ? bars(tasks) : lines(tasks, say);
  try {
    for (;;) {
      const states = await Promise.all(tasks.map(({ jediTaskId }) => look(shell, jediTaskId)));
      for (const [index, state] of states.entries()) view.show(index, state);
      if (states.every(({ status }) => isAtRest(status))) return states.map(({ status }) => status);
      await setTimeout(POLL_MS, undefined, { signal: shell.signal });
    }
  } finally {
    view.stop();
  }
}

async function look(shell: Shell, jediTaskId: number): Promise<Progress> {
  const { code, output } = await runTool(shell, 'panda', ['task', String(jediTaskId), '--json']);
  return code === 0 ? (JSON.parse(output) as Progress) : { status: taskStatus.registered };
}

function isAtRest(status: string): boolean {
  return isStateOf(taskMachine, status) && (terminalTaskStatuses.includes(status) || status === taskStatus.exhausted);
}

interface View {
  show(index: number, progress: Progress): void;
  stop(): void;
}

/** For people: one bar for each task. */
function bars(tasks: readonly FollowedTask[]): View {
  const multi = new MultiBar({
    format: '{title} {bar} {value}/{total} files, {failed} failed  {status}',
    barsize: 30,
    hideCursor: true,
  });
  const all: SingleBar[] = tasks.map(({ title }) => multi.create(1, 0, { title: title.padEnd(10), failed: 0, status: '' }));
  return {
    show(index, { status, nFiles, nFilesFinished, nFilesFailed }) {
      const bar = all[index];
      bar?.setTotal(Math.max(1, nFiles ?? 1));
      bar?.update(nFilesFinished ?? 0, { failed: nFilesFailed ?? 0, status });
    },
    stop: () => multi.stop(),
  };
}

/** For logs: a line for each change. */
function lines(tasks: readonly FollowedTask[], say: (line: string) => void): View {
  const last = new Map<number, string>();
  return {
    show(index, { status, nFiles, nFilesFinished, nFilesFailed }) {
      const line = `${tasks[index]?.title} ${status}: ${nFilesFinished ?? 0} of ${nFiles ?? 0} files finished, ${nFilesFailed ?? 0} failed`;
      if (last.get(index) !== line) say(line);
      last.set(index, line);
    },
    stop: () => undefined,
  };
}

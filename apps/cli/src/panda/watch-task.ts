import { isTransient, type PandaClient, type TaskRecord } from '@panda/client';
import { SingleBar } from 'cli-progress';
import type { Terminal } from '../terminal/terminal.js';
import { isAtRest, paintStatus } from './status-paint.js';

export interface WatchOptions {
  readonly intervalMs: number;
  /** Show how it goes; else only wait. */
  readonly show: boolean;
  readonly sleep?: (ms: number) => Promise<void>;
}

/** Follows a task until it rests; answers how it ended. A transient failure of the server does not end the watch. */
export async function watchTask(
  client: PandaClient,
  jediTaskId: number,
  terminal: Terminal,
  options: WatchOptions,
): Promise<TaskRecord> {
  const sleep = options.sleep ?? ((ms) => new Promise<void>((resolve) => setTimeout(resolve, ms)));
  const view = options.show ? viewOn(terminal) : undefined;
  try {
    for (;;) {
      const task = await look(client, jediTaskId, terminal);
      if (task !== undefined) view?.update(task);
      if (task !== undefined && isAtRest(task.status)) return task;
      await sleep(options.intervalMs);
    }
  } finally {
    view?.stop();
  }
}

/** Undefined when the server does not answer at the moment: a watch of days outlives its restarts. */
async function look(client: PandaClient, jediTaskId: number, terminal: Terminal): Promise<TaskRecord | undefined> {
  try {
    return await client.tasks.info(jediTaskId);
  } catch (error) {
    if (!isTransient(error)) throw error;
    terminal.warn(`${(error as Error).message}; still trying`);
    return undefined;
  }
}

interface View {
  update(task: TaskRecord): void;
  stop(): void;
}

function viewOn(terminal: Terminal): View {
  return terminal.isTty ? barOn(terminal) : linesOn(terminal);
}

/** For people: one bar that moves. */
function barOn(terminal: Terminal): View {
  const format = 'task {id}  {bar}  {value}/{total} files  {failed} failed  {status}';
  const bar = new SingleBar({ format, stream: terminal.errors as NodeJS.WritableStream, barsize: 30, hideCursor: true });
  let started = false;
  return {
    update(task) {
      const { done, failed, total } = fileCounts(task);
      const payload = { id: task.jediTaskID, failed, status: paintStatus(terminal, task.status) };
      if (started) bar.setTotal(total);
      else bar.start(total, done, payload);
      started = true;
      bar.update(done, payload);
    },
    stop: () => bar.stop(),
  };
}

/** For logs: one line for each change. */
function linesOn(terminal: Terminal): View {
  let last = '';
  return {
    update(task) {
      const { done, failed, total } = fileCounts(task);
      const line = `task ${task.jediTaskID}  ${task.status}  ${done}/${total} files, ${failed} failed`;
      if (line !== last) terminal.note(line);
      last = line;
    },
    stop: () => undefined,
  };
}

/** Files of the primary input. Client API B.5 */
export function fileCounts(task: TaskRecord): { done: number; failed: number; total: number } {
  const count = (value: unknown) => (typeof value === 'number' ? value : 0);
  return { done: count(task.nFilesFinished), failed: count(task.nFilesFailed), total: count(task.nFiles) };
}

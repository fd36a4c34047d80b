import { brokerAnswers, type TestDatabase } from '@panda/testing';
import { openGrid, taskOf, whenActivated } from './bench-task.js';
import type { Measurement } from './measure.js';
import { type RunningFleet, startInOneProcess, startInProcesses } from './running-fleet.js';

const SMALL_TASKS = 20;
const LARGE_TASKS = 3;
const HUGE = 10_000;

interface Way {
  /** ms until one job, and until all jobs can be fetched. */
  readonly first: number;
  readonly all: number;
}

/** The way of a task from insertTaskParams until its jobs can be fetched, in both run modes. Goal G8. */
export async function submissionBench(): Promise<Measurement[]> {
  const inOne = await withFleet('one process, PostgreSQL', startInOneProcess);
  return [...inOne, ...((await brokerAnswers()) ? await withFleet('a process a service, RabbitMQ', startInProcesses) : [])];
}

async function withFleet(mode: string, start: (db: TestDatabase) => Promise<RunningFleet>): Promise<Measurement[]> {
  const db = await openGrid();
  const fleet = await start(db);
  try {
    return await measured(mode, db, fleet);
  } finally {
    await fleet.stop();
    await db.close();
  }
}

async function measured(mode: string, db: TestDatabase, { port }: RunningFleet): Promise<Measurement[]> {
  let tasks = 0;
  const run = async (jobs: number, times: number) => {
    const found: Way[] = [];
    for (let n = 0; n < times; n++) found.push(await submitted(db, port, jobs, ++tasks));
    return found;
  };
  await run(100, 3); // warm
  const small = await run(100, SMALL_TASKS);
  const large = await run(1_000, LARGE_TASKS);
  const huge = await run(HUGE, 1);
  const line = (what: string, part: number, ways: readonly Way[], of: keyof Way): Measurement => {
    const until = of === 'first' ? 'first job activated' : 'all activated';
    const ours = rank(
      ways.map((way) => way[of]),
      part,
    );
    return { what: `${mode}: submit → ${until}, ${what}`, unit: 'ms', ours };
  };
  return [
    line(`p95 of ${SMALL_TASKS} tasks of 100 jobs`, 0.95, small, 'first'),
    line(`p95 of ${SMALL_TASKS} tasks of 100 jobs`, 0.95, small, 'all'),
    line(`worst of ${LARGE_TASKS} tasks of 1000 jobs`, 1, large, 'all'),
    line(`one task of ${HUGE} jobs`, 1, huge, 'first'),
    line(`one task of ${HUGE} jobs`, 1, huge, 'all'),
  ];
}

/** From sending the request. */
async function submitted(db: TestDatabase, port: number, jobs: number, name: number): Promise<Way> {
  const taskParams = JSON.stringify(await taskOf(jobs, name));
  const from = performance.now();
  const answer = await fetch(`http://127.0.0.1:${port}/server/panda/insertTaskParams`, {
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ taskParams, properErrorCode: 'True' }).toString(),
  });
  const text = await answer.text();
  const id = Number(/jediTaskID=(\d+)/.exec(text)?.[1]);
  if (!id) throw new Error(`insertTaskParams answered ${answer.status}: ${text.slice(0, 300)}`);
  await whenActivated(db, id, 1);
  const first = performance.now() - from;
  await whenActivated(db, id, jobs);
  return { first, all: performance.now() - from };
}

function rank(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * part) - 1)] ?? Number.NaN;
}

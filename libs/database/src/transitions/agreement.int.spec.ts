import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Database, statement, transitionJobs, transitionTasks } from '@panda/database';
import {
  type Actor,
  deftStatusOf,
  IllegalTransition,
  type JobStatus,
  jobMachine,
  type Machine,
  remembered,
  step,
  type TaskStatus,
  taskMachine,
} from '@panda/domain';
import { aJob, aTask, emptyTables, insertRows, pg, type TestDatabase, taskTables } from '@panda/testing';

const tasksNow = statement<object, { id: number; status: string; oldstatus: string | null; superstatus: string }>(
  'test.tasksNow',
  'select jeditaskid as id, status, oldstatus, superstatus from doma_panda.jedi_tasks order by 1',
);
const jobsNow = statement<object, { id: number; status: string; home: string }>(
  'test.jobsNowByHome',
  `select pandaid as id, jobstatus as status, case when is_final then 'final' else 'live' end as home from doma_panda.jobs order by 1`,
);

/** Every event with one service that may fire it. */
function eventsOf<S extends string, E extends string>(m: Machine<S, E>): { event: E; actor: Actor; sources: Set<S> }[] {
  const events = new Map<E, { event: E; actor: Actor; sources: Set<S> }>();
  for (const row of m.rows) {
    const [actor] = row.actors;
    if (!actor) throw new Error(`nobody may fire ${row.event}`);
    const known = events.get(row.event) ?? { event: row.event, actor, sources: new Set<S>() };
    if (row.actors.includes(known.actor)) for (const from of row.from) known.sources.add(from);
    events.set(row.event, known);
  }
  return [...events.values()];
}

const attempt = <T>(work: () => T): T | undefined => {
  try {
    return work();
  } catch (error) {
    if (error instanceof IllegalTransition) return undefined;
    throw error;
  }
};

describe('the writer of states and the machines', () => {
  let db: TestDatabase;
  let database: Database;
  beforeAll(async () => {
    db = await pg();
    database = db.database;
  }, 60_000);
  beforeEach(() => emptyTables(database, ...taskTables));
  afterAll(() => db.close());

  it.each(eventsOf(taskMachine))('agree on what $event does to a task in any state', async ({ event, actor, sources }) => {
    const cases = taskMachine.states.flatMap((from) => [null, 'running' as const].map((previous) => ({ from, previous })));
    await insertRows(
      database,
      ...cases.map(({ from, previous }, i) =>
        aTask(i + 1)
          .inStatus(from)
          .with({ oldstatus: previous, superstatus: 'x' }),
      ),
    );
    const { losers } = await transitionTasks(database, { ids: cases.map((_, i) => i + 1), event, actor });
    const expected = cases.map(({ from, previous }, i) => {
      const to = sources.has(from) ? attempt(() => step<TaskStatus, string>(taskMachine, from, event, previous)) : undefined;
      if (to === undefined) return { id: i + 1, status: from, oldstatus: previous, superstatus: 'x' };
      return {
        id: i + 1,
        status: to,
        oldstatus: remembered<TaskStatus, string>(taskMachine, from, event, previous),
        superstatus: deftStatusOf(to),
      };
    });
    expect(await database.run(tasksNow, {})).toEqual(expected);
    expect(losers).toEqual(expected.filter(({ superstatus }) => superstatus === 'x').map(({ id }) => id));
  });

  it.each(eventsOf(jobMachine))('agree on what $event does to a job in any state', async ({ event, actor, sources }) => {
    await insertRows(database, ...jobMachine.states.map((from, i) => aJob(i + 1).inStatus(from)));
    await transitionJobs(database, { ids: jobMachine.states.map((_, i) => i + 1), event, actor });
    const expected = jobMachine.states.map((from, i) => {
      const to = (sources.has(from) && attempt(() => step<JobStatus, string>(jobMachine, from, event))) || from;
      return { id: i + 1, status: to, home: jobMachine.final.some((state) => state === to) ? 'final' : 'live' };
    });
    expect(await database.run(jobsNow, {})).toEqual(expected);
  });
});

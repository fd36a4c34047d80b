import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { RunningFleet } from './running-fleet.js';

jest.setTimeout(300_000);

interface Submission extends Readonly<Record<string, unknown>> {
  /** Input dataset, one file for each job. */
  readonly inDS?: string;
}

const input = (dataset: string) => ({ type: 'template', param_type: 'input', value: `-i "\${IN/T}"`, dataset, expand: true });
const ENDED = "status in ('done', 'finished', 'failed', 'broken', 'aborted', 'exhausted')";

/** Tasks of each fate through the whole fleet with real pilots: which states they and their jobs go through, and in which order. */
describe('the life of a task', () => {
  let fleet: RunningFleet;

  beforeAll(async () => {
    fleet = await RunningFleet.start();
  });
  afterAll(() => fleet?.stop());

  /** A submission like prun's: each job runs `command` with its serial number for %N, `o` is the output. */
  const submit = async (name: string, jobs: number, command: string, more: Submission = {}): Promise<number> => {
    const { inDS, ...options } = more;
    const task = `user.alice.${name}`;
    const log = {
      dataset: `${task}.log/`,
      container: `${task}.log/`,
      type: 'template',
      param_type: 'log',
      value: `${task}.log.$JEDITASKID.\${SN}.log.tgz`,
    };
    const lfn = `${task}._\${SN/P}.txt`;
    const constant = (value: string, padding = true) => ({ type: 'constant', value, ...(padding ? {} : { padding }) });
    const [before = '', after = ''] = command.split('%N').map(encodeURIComponent);
    const serial = { type: 'template', value: `\${SEQNUMBER}`, param_type: 'pseudo_input', dataset: 'seq_number', offset: 10 };
    const parameters = {
      taskName: `${task}/`,
      uniqueTaskName: true,
      vo: 'wlcg',
      processingType: 'panda-client-1.4.93-jedi-run',
      prodSourceLabel: 'user',
      ...(inDS === undefined ? { noInput: true, nEvents: jobs, nEventsPerJob: 1 } : { nFilesPerJob: 1, dsForIN: inDS }),
      log,
      jobParameters: [
        constant('-j "" -r .'),
        {
          type: 'template',
          value: lfn,
          param_type: 'output',
          dataset: `${task}_o/`,
          container: `${task}_o/`,
          hidden: true,
        },
        constant(`-o "{'o': '${lfn}'}"`),
        constant(`-p "${before}`, false),
        ...(command.includes('%N') ? [{ ...serial, padding: false }] : []),
        constant(`${after}"`),
        ...(inDS === undefined ? [] : [input(inDS)]),
      ],
      ...options,
    };
    const answer = await fleet.ask('task/submit', { task_parameters: parameters, parent_tid: null });
    expect(answer).toMatchObject({ success: true });
    return answer.data;
  };
  /** A command as an outside production system gives it. */
  const order = async (id: number, command: string) => {
    await fleet.rows('delete from doma_deft.prodsys_comm where comm_task = $1', id);
    await fleet.rows(
      "insert into doma_deft.prodsys_comm (comm_task, comm_owner, comm_cmd, comm_ts) values ($1, 'DEFT', $2, 1)",
      id,
      command,
    );
  };
  const ended = async (id: number) =>
    (await fleet.whenThere(`select status from doma_panda.jedi_tasks where jeditaskid = $1 and ${ENDED}`, id))[0]?.status;
  const inStatus = (id: number, status: string) =>
    fleet.whenThere('select 1 from doma_panda.jedi_tasks where jeditaskid = $1 and status = $2', id, status);
  const running = (id: number) =>
    fleet.whenThere("select pandaid from doma_panda.jobs where jeditaskid = $1 and jobstatus = 'running'", id);
  /** States of a task in the order of their log. */
  const history = async (id: number) => {
    const log = await fleet.rows(
      'select status from doma_panda.tasks_statuslog where jeditaskid = $1 order by modificationtime',
      id,
    );
    return log.map(({ status }) => status);
  };
  const jobHistory = async (pandaId: unknown) => {
    const log = await fleet.rows(
      'select jobstatus from doma_panda.jobs_statuslog where pandaid = $1 order by modificationtime',
      pandaId,
    );
    return log.map(({ jobstatus }) => jobstatus);
  };
  const jobs = (id: number) =>
    fleet.rows('select pandaid, jobstatus, attemptnr from doma_panda.jobs where jeditaskid = $1 order by pandaid', id);
  const outputs = (id: number) =>
    fleet.rows(
      `select c.datasetid, d.datasetname, c.lfn from doma_panda.jedi_dataset_contents c
       join doma_panda.jedi_datasets d using (jeditaskid, datasetid)
       where c.jeditaskid = $1 and d.type = 'output' and c.status = 'finished'`,
      id,
    );

  it('BASIC-08 BASIC-09 BASIC-11 BASIC-13 BASIC-14 BASIC-15 BASIC-16 BASIC-17 BASIC-37 goes from submission over scouts to done', async () => {
    const id = await submit('whole', 12, 'echo %N > o');
    expect(await ended(id)).toBe('done');
    expect(await history(id)).toEqual(['registered', 'defined', 'ready', 'scouting', 'scouted', 'running', 'prepared', 'done']);
    const made = await jobs(id);
    expect(made.map(({ jobstatus }) => jobstatus)).toEqual(Array(12).fill('finished'));
    expect(new Set(made.map(({ pandaid }) => pandaid)).size).toBe(12);
    expect(await outputs(id)).toHaveLength(12);
  });

  it('BASIC-42 BASIC-43 BASIC-44 BASIC-45 BASIC-46 BASIC-49 BASIC-53 its jobs are handed out, start, run, hold and finish, and stay so', async () => {
    const id = await submit('one', 1, 'echo %N > o', { skipScout: true });
    expect(await ended(id)).toBe('done');
    const [job] = await jobs(id);
    expect(await jobHistory(job?.pandaid)).toEqual(['activated', 'sent', 'starting', 'running', 'holding', 'finished']);
    const report = { jobId: String(job?.pandaid), attemptNr: '1', siteName: 'LOCAL', state: 'running' };
    expect(await fleet.report(report)).toEqual({ StatusCode: 0, command: 'tobekilled' });
    expect(await jobs(id)).toEqual([job]);
  });

  it('BASIC-28 BASIC-29 runs again for what is new when it is submitted again with changed options', async () => {
    const [{ jeditaskid } = {}] = await fleet.rows(
      "select jeditaskid from doma_panda.jedi_tasks where taskname = 'user.alice.one/'",
    );
    const id = Number(jeditaskid);
    const [first] = await jobs(id);
    expect(await submit('one', 3, 'echo %N > o', { skipScout: true })).toBe(id);
    await fleet.whenThere(
      "select 1 from doma_panda.jedi_tasks t where jeditaskid = $1 and status = 'done' and (select count(*) from doma_panda.jobs j where j.jeditaskid = t.jeditaskid) = 3",
      id,
    );
    const states = await history(id);
    expect(states.slice(states.indexOf('done'))).toEqual([
      'done',
      'toincexec',
      'rerefine',
      'defined',
      'ready',
      'running',
      'prepared',
      'done',
    ]);
    expect((await jobs(id))[0]).toEqual(first);
    expect(await outputs(id)).toHaveLength(3);
  });

  it('BASIC-03 BASIC-06 BASIC-07 takes nothing, numbers or the files of a dataset as its input, and storage is no concern of its user', async () => {
    const nothing = await submit('nothing', 2, 'echo same > o', { skipScout: true });
    const numbers = await submit('numbers', 2, 'echo %N > o', { skipScout: true });
    expect(await ended(numbers)).toBe('done');
    const files = await submit('files', 2, 'cat %IN > o', { skipScout: true, inDS: 'user.alice.numbers_o/' });
    expect(await ended(nothing)).toBe('done');
    expect(await ended(files)).toBe('done');
    expect(new Set([nothing, numbers, files]).size).toBe(3);
    const contents = async (id: number) => (await outputs(id)).map(({ lfn }) => fleet.stored('user.alice', String(lfn))).sort();
    expect(await contents(nothing)).toEqual(['same\n', 'same\n']);
    expect(await contents(files)).toEqual(['11\n', '12\n']);
  });

  it('BASIC-30 rests while it is paused: what runs ends, what waits is handed to no pilot until it is resumed', async () => {
    const opened = fleet.path('resting');
    const id = await submit('paused', 6, `n=%N; while [ ! -e ${opened} ]; do sleep 0.2; done; echo $n > o`, { skipScout: true });
    await running(id);
    await order(id, 'pause');
    await inStatus(id, 'paused');
    writeFileSync(opened, '');
    await fleet.whenThere(
      "select 1 where not exists (select from doma_panda.jobs where jeditaskid = $1 and jobstatus not in ('throttled', 'finished'))",
      id,
    );
    const states = (await jobs(id)).map(({ jobstatus }) => jobstatus);
    expect(states).toContain('throttled');
    expect(states).toContain('finished');
    expect((await history(id)).at(-1)).toBe('paused');
    await order(id, 'resume');
    expect(await ended(id)).toBe('done');
    expect((await jobs(id)).map(({ jobstatus }) => jobstatus)).toEqual(Array(6).fill('finished'));
  });

  it('BASIC-18 BASIC-50 fails with its jobs when nothing succeeds', async () => {
    const id = await submit('failing', 1, 'echo %N; exit 1', { skipScout: true, maxAttempt: 1 });
    expect(await ended(id)).toBe('failed');
    const [job] = await jobs(id);
    expect(job).toMatchObject({ jobstatus: 'failed' });
    await fleet.report({ jobId: String(job?.pandaid), attemptNr: '1', siteName: 'LOCAL', state: 'running' });
    expect(await jobs(id)).toEqual([job]);
  });

  it('BASIC-19 BASIC-27 BASIC-53 BASIC-64 finishes in part, and a retry makes new jobs for the rest and adds to the same output', async () => {
    const mended = fleet.path('mended');
    const command = `n=%N; if [ $n = 12 ] && [ ! -e ${mended} ]; then exit 1; fi; echo $n > o`;
    const id = await submit('partly', 2, command, { skipScout: true, maxAttempt: 1 });
    expect(await ended(id)).toBe('finished');
    const first = await jobs(id);
    expect(first.map(({ jobstatus }) => jobstatus).sort()).toEqual(['failed', 'finished']);
    const [before] = await outputs(id);

    writeFileSync(mended, '');
    expect(await fleet.ask('task/retry', { task_id: id })).toMatchObject({ success: true, data: 0 });
    await fleet.whenThere("select 1 from doma_panda.jedi_tasks where jeditaskid = $1 and status = 'done'", id);
    expect((await history(id)).slice(-6)).toEqual(['finished', 'toretry', 'ready', 'running', 'prepared', 'done']);
    const all = await jobs(id);
    expect(all.slice(0, 2)).toEqual(first);
    expect(all.slice(2)).toMatchObject([{ jobstatus: 'finished' }]);
    const after = await outputs(id);
    expect(after).toHaveLength(2);
    expect(after.every(({ datasetid }) => datasetid === before?.datasetid)).toBe(true);
  });

  it('BASIC-25 BASIC-26 BASIC-64 is broken over an unknown dataset, and then nothing is retried', async () => {
    const id = await submit('unknown', 1, 'cat %IN > o', { inDS: 'user.nobody.in/' });
    expect(await ended(id)).toBe('broken');
    expect(await history(id)).toEqual(['registered', 'tobroken', 'broken']);
    expect(await fleet.ask('task/retry', { task_id: id })).toMatchObject({ data: 4 });
  });

  it('BASIC-20 BASIC-21 ends aborted after its jobs when it is killed', async () => {
    const id = await submit('killed', 2, 'echo %N; sleep 600', { skipScout: true });
    await running(id);
    expect(await fleet.ask('task/kill', { task_id: id })).toMatchObject({ success: true, data: 0 });
    expect(await ended(id)).toBe('aborted');
    expect((await history(id)).slice(-3)).toEqual(['aborting', 'toabort', 'aborted']);
    const alive = (await jobs(id)).filter(({ jobstatus }) => !['cancelled', 'failed', 'closed'].includes(String(jobstatus)));
    expect(alive).toEqual([]);
  });

  it('BASIC-22 BASIC-33 finishes what runs when it is told to finish, and starts nothing more', async () => {
    const opened = fleet.path('opened');
    const command = `n=%N; while [ ! -e ${opened} ]; do sleep 0.2; done; echo $n > o`;
    const id = await submit('finished', 6, command, { skipScout: true });
    await running(id);
    expect(await fleet.ask('task/finish', { task_id: id, soft: true })).toMatchObject({ success: true, data: 0 });
    await inStatus(id, 'finishing');
    writeFileSync(opened, '');
    expect(await ended(id)).toBe('finished');
    expect((await history(id)).slice(-4)).toEqual(['running', 'finishing', 'passed', 'finished']);
    const states = (await jobs(id)).map(({ jobstatus }) => jobstatus);
    expect(states).toContain('finished');
    expect(states).toContain('cancelled');
  });
});

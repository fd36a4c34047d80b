import assert from 'node:assert/strict';
import { type Clock, workerStatus } from '@panda/domain';
import type { BatchContext, BatchSystem, Observation } from '../batch/batch-system.js';
import type { Worker } from '../worker/worker.js';

/** Where the workers of one trial run. */
export interface BatchPlace {
  readonly context: BatchContext;
  readonly clock: Clock;
  directory(workerId: number): string;
  /** Content of a file in a worker's directory, when it has one. */
  fileOf(worker: Worker, name: string): string | undefined;
}

const LOOK_MS = 20;
const STUBBORN = 'trap "" TERM; touch ready; while :; do sleep 0.05; done';
const TIDY = 'trap "echo bye > bye; exit 3" TERM; touch ready; while :; do sleep 0.05; done';

/** A batch system under trial in a place. */
export class BatchTrial {
  private readonly submitted: Worker[] = [];

  constructor(
    readonly system: BatchSystem,
    readonly place: BatchPlace,
  ) {}

  /** Submits one worker per script of sh. */
  async submit(...scripts: string[]): Promise<Worker[]> {
    const offset = this.submitted.length;
    const workers = scripts.map((_, index) => blankWorker(offset + index + 1, this.place.directory(offset + index + 1)));
    const env = { PATH: '/usr/bin:/bin', GIVEN: 'yes' };
    const tasks = workers.map((worker, i) => ({ worker, task: { program: '/bin/sh', args: ['-c', scripts[i] ?? ''], env } }));
    const answers = await this.system.submitter(this.place.context).submit(tasks);
    assert.equal(answers.length, workers.length);
    const ready = workers.map((worker, i) => ({ ...worker, batchId: answers[i]?.ok ? answers[i].batchId : undefined }));
    this.submitted.push(...ready);
    return ready;
  }

  async one(script: string): Promise<Worker> {
    const [worker] = await this.submit(script);
    assert.ok(worker);
    return worker;
  }

  async observe(worker: Worker): Promise<Observation | undefined> {
    return (await this.system.monitor(this.place.context).check([worker]))[0];
  }

  async until(worker: Worker, kind: Observation['kind']): Promise<Observation> {
    for (;;) {
      const seen = await this.observe(worker);
      if (seen?.kind === kind) return seen;
      await this.place.clock.sleep(LOOK_MS);
    }
  }

  /** Resolves when the worker has made a file. */
  async made(worker: Worker, name: string): Promise<void> {
    while (this.place.fileOf(worker, name) === undefined) await this.place.clock.sleep(LOOK_MS);
  }

  kill(worker: Worker): Promise<void> {
    return this.system.sweeper(this.place.context).kill(worker);
  }

  sweep(worker: Worker): Promise<void> {
    return this.system.sweeper(this.place.context).sweep(worker);
  }

  /** Ends what still runs. */
  async close(): Promise<void> {
    const sweeper = this.system.sweeper({ ...this.place.context, killGraceMs: 0 });
    for (const worker of this.submitted) await sweeper.kill({ ...worker, killMs: 1 });
  }
}

/** What every batch plug-in promises the harvester. */
export const batchPromises: readonly { readonly promise: string; readonly isKept: (trial: BatchTrial) => Promise<void> }[] = [
  {
    promise: 'gives every worker an id of its own',
    isKept: async (trial) => {
      const ids = (await trial.submit('sleep 30', 'sleep 30')).map(({ batchId }) => batchId);
      assert.equal(new Set(ids).size, 2);
      assert.ok(!ids.includes(undefined));
    },
  },
  {
    promise: 'runs a worker in its directory, with its environment and none of ours',
    isKept: async (trial) => {
      const worker = await trial.one('echo "$GIVEN $(env | grep -c "^JEST_")" > seen');
      assert.deepEqual(await trial.until(worker, 'ended'), { kind: 'ended', exitCode: 0 });
      assert.equal(trial.place.fileOf(worker, 'seen'), 'yes 0\n');
    },
  },
  {
    promise: 'tells the exit code of a worker, also when nobody looked while it ran',
    isKept: async (trial) => {
      assert.deepEqual(await trial.until(await trial.one('exit 7'), 'ended'), { kind: 'ended', exitCode: 7 });
    },
  },
  {
    promise: 'lets a worker that is killed tidy up first',
    isKept: async (trial) => {
      const worker = await trial.one(TIDY);
      await trial.made(worker, 'ready');
      await trial.kill(worker);
      assert.deepEqual(await trial.until(worker, 'ended'), { kind: 'ended', exitCode: 3 });
      assert.equal(trial.place.fileOf(worker, 'bye'), 'bye\n');
    },
  },
  {
    promise: 'ends a worker that does not want to, after its grace, and no other',
    isKept: async (trial) => {
      const [stubborn, other] = await trial.submit(STUBBORN, 'sleep 30');
      assert.ok(stubborn && other);
      await trial.made(stubborn, 'ready');
      await trial.kill({ ...stubborn, killMs: trial.place.clock.now().getTime() - trial.place.context.killGraceMs - 1 });
      await trial.until(stubborn, 'gone');
      assert.deepEqual(await trial.observe(other), { kind: 'running' });
    },
  },
  {
    promise: 'can be asked to kill a worker that has ended',
    isKept: async (trial) => {
      const worker = await trial.one('true');
      await trial.until(worker, 'ended');
      await trial.kill(worker);
      assert.deepEqual(await trial.observe(worker), { kind: 'ended', exitCode: 0 });
    },
  },
  {
    promise: 'sweeps what a worker left, and may be asked twice',
    isKept: async (trial) => {
      const worker = await trial.one('echo x > left');
      await trial.until(worker, 'ended');
      await trial.sweep(worker);
      await trial.sweep(worker);
      assert.equal(trial.place.fileOf(worker, 'left'), undefined);
    },
  },
  {
    promise: 'calls a worker it never saw gone',
    isKept: async (trial) => {
      assert.equal((await trial.observe(blankWorker(99, trial.place.directory(99))))?.kind, 'gone');
    },
  },
];

/** A worker that nothing happened to yet. */
export function blankWorker(workerId: number, directory: string): Worker {
  const never = { batchId: undefined, submitMs: undefined, startMs: undefined, endMs: undefined, exitCode: undefined };
  const about = { queue: 'LOCAL', label: 'user', jobType: '', resourceType: '', host: 'here', diagnostic: '' };
  return {
    ...never,
    ...about,
    workerId,
    directory,
    status: workerStatus.ready,
    madeMs: 0,
    killMs: 0,
    unreported: true,
    reportedMs: 0,
  };
}

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Clock } from '@panda/domain';
import { workerStatus } from '@panda/domain';
import type { BatchContext, BatchSystem, Observation, WorkerTask } from '../batch/batch-system.js';
import type { Worker } from '../worker/worker.js';

/** A place where workers of a batch system run, for one test. */
export interface BatchPlace {
  readonly context: BatchContext;
  readonly clock: Clock;
  directory(workerId: number): string;
  /** Content of a file in a worker's directory, when it has one. */
  fileOf(worker: Worker, name: string): string | undefined;
  close(): void;
}

const LOOK_MS = 20;

/** What every batch plug-in promises to the harvester. Run it with the plug-in and a place for it. */
export function batchConformance(system: BatchSystem, open: () => BatchPlace): void {
  describe(`${system.name} as a batch system`, () => {
    let place: BatchPlace;
    let submitted: Worker[];
    beforeEach(() => {
      place = open();
      submitted = [];
    });
    afterEach(async () => {
      const sweeper = system.sweeper({ ...place.context, killGraceMs: 0 });
      for (const worker of submitted) await sweeper.kill({ ...worker, killMs: 1 });
      place.close();
    });

    const shell = (script: string): WorkerTask => ({
      program: '/bin/sh',
      args: ['-c', script],
      env: { PATH: '/usr/bin:/bin', GIVEN: 'yes' },
    });
    const submit = async (...scripts: string[]): Promise<Worker[]> => {
      const workers = scripts.map((_, index) => blankWorker(index + 1, place.directory(index + 1)));
      const answers = await system
        .submitter(place.context)
        .submit(workers.map((worker, i) => ({ worker, task: shell(scripts[i] ?? '') })));
      expect(answers).toHaveLength(workers.length);
      const ready = workers.map((worker, i) => ({ ...worker, batchId: answers[i]?.ok ? answers[i].batchId : undefined }));
      submitted.push(...ready);
      return ready;
    };
    const observe = async (worker: Worker): Promise<Observation | undefined> =>
      (await system.monitor(place.context).check([worker]))[0];
    const until = async (worker: Worker, kind: Observation['kind']): Promise<Observation> => {
      for (;;) {
        const seen = await observe(worker);
        if (seen?.kind === kind) return seen;
        await place.clock.sleep(LOOK_MS);
      }
    };

    it('gives every worker an id of its own', async () => {
      const workers = await submit('sleep 30', 'sleep 30');
      expect(new Set(workers.map(({ batchId }) => batchId)).size).toBe(2);
      expect(workers.every(({ batchId }) => batchId !== undefined)).toBe(true);
    });

    it('runs a worker in its directory, with its environment and none of ours', async () => {
      const [worker] = await submit('echo "$GIVEN ${HARVESTER_TEST_SECRET:-none}" > seen');
      expect(await until(worker as Worker, 'ended')).toEqual({ kind: 'ended', exitCode: 0 });
      expect(place.fileOf(worker as Worker, 'seen')).toBe('yes none\n');
    });

    it('tells the exit code of a worker, also when nobody looked while it ran', async () => {
      const [worker] = await submit('exit 7');
      expect(await until(worker as Worker, 'ended')).toEqual({ kind: 'ended', exitCode: 7 });
    });

    it('lets a worker that is killed tidy up first', async () => {
      const [worker] = await submit('trap "echo bye > bye; exit 3" TERM; touch ready; while :; do sleep 0.05; done');
      while (place.fileOf(worker as Worker, 'ready') === undefined) await place.clock.sleep(LOOK_MS);
      await system.sweeper(place.context).kill(worker as Worker);
      expect(await until(worker as Worker, 'ended')).toEqual({ kind: 'ended', exitCode: 3 });
      expect(place.fileOf(worker as Worker, 'bye')).toBe('bye\n');
    });

    it('ends a worker that does not want to, after its grace, and no other', async () => {
      const [stubborn, other] = await submit('trap "" TERM; touch ready; while :; do sleep 0.05; done', 'sleep 30');
      while (place.fileOf(stubborn as Worker, 'ready') === undefined) await place.clock.sleep(LOOK_MS);
      const longAgo = place.clock.now().getTime() - place.context.killGraceMs - 1;
      await system.sweeper(place.context).kill({ ...(stubborn as Worker), killMs: longAgo });
      expect(await until(stubborn as Worker, 'gone')).toMatchObject({ kind: 'gone' });
      expect(await observe(other as Worker)).toEqual({ kind: 'running' });
    });

    it('can be asked to kill a worker that has ended', async () => {
      const [worker] = await submit('true');
      await until(worker as Worker, 'ended');
      await system.sweeper(place.context).kill(worker as Worker);
    });

    it('sweeps what a worker left, and may be asked twice', async () => {
      const [worker] = await submit('echo x > left');
      await until(worker as Worker, 'ended');
      const sweeper = system.sweeper(place.context);
      await sweeper.sweep(worker as Worker);
      await sweeper.sweep(worker as Worker);
      expect(place.fileOf(worker as Worker, 'left')).toBeUndefined();
    });

    it('calls a worker it never saw gone', async () => {
      expect(await observe(blankWorker(99, place.directory(99)))).toMatchObject({ kind: 'gone' });
    });
  });
}

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

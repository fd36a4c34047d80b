import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { type Variables } from '@panda/config';
import { type Clock, type Log, workerStatus } from '@panda/domain';
import type { Observation } from '../batch/batch-system.js';
import { pluginsOf, type QueuePlugins } from '../batch/manifest.js';
import type { WorkerCount } from '../command/commands.js';
import type { HarvesterConfig } from '../harvester.config.js';
import type { QueueConfig } from '../queue/queue-config.js';
import type { WorkerJournal } from '../worker/journal.js';
import { changed, isActive, isQueued, type Worker, type WorkerChange } from '../worker/worker.js';
import { Patience } from './patience.js';
import { pilotTask, spoolOf } from './pilot-task.js';
import { Recovery } from './recovery.js';
import { workersWanted } from './workers-wanted.js';

export interface FleetTools {
  readonly journal: WorkerJournal;
  readonly config: HarvesterConfig;
  readonly variables: Variables;
  readonly clock: Clock;
  readonly log: Log;
}

interface Wish {
  readonly queue: string;
  jobType: string;
  resourceType: string;
  count: number;
}

/** The exit code with which a pilot says that there was no job. */
const NO_JOBS = 82;

/** The workers of all queues: starts, watches, ends and forgets them. Every step is in the journal before the next one begins. */
export class WorkerFleet {
  private readonly wishes: Wish[] = [];
  private readonly recovery: Recovery;
  private readonly patience = new Map<string, Patience>();
  private readonly plugins = new Map<string, { from: QueueConfig; plugins: QueuePlugins }>();

  constructor(private readonly tools: FleetTools) {
    this.recovery = new Recovery(spoolOf(tools.config), tools.config.youth);
  }

  get workers(): Worker[] {
    return this.tools.journal.all();
  }

  ofQueue(queue: string): Worker[] {
    return this.workers.filter((worker) => worker.queue === queue);
  }

  /** Workers the server wants, beside what waiting jobs call for. A newer order for the same kind replaces an older one. */
  setWorkers(queue: string, counts: readonly WorkerCount[]): void {
    for (const { jobType, resourceType, count } of counts) {
      const known = this.wishes.find(
        (wish) => wish.queue === queue && wish.jobType === jobType && wish.resourceType === resourceType,
      );
      if (known === undefined) this.wishes.push({ queue, jobType, resourceType, count });
      else known.count = count;
    }
  }

  commanded(queue: string): number {
    return this.wishes.filter((wish) => wish.queue === queue).reduce((sum, { count }) => sum + count, 0);
  }

  /** Marks workers for killing; returns how many. */
  kill(picks: (worker: Worker) => boolean): number {
    const now = this.now();
    const picked = this.workers.filter((worker) => worker.killMs === 0 && picks(worker));
    this.tools.journal.put(picked.map((worker) => ({ ...worker, killMs: now })));
    return picked.length;
  }

  /** Asks each queue's batch system how its workers are. */
  async watch(queues: readonly QueueConfig[]): Promise<void> {
    for (const queue of queues) {
      const active = this.ofQueue(queue.name).filter(isActive);
      if (active.length === 0) continue;
      const observations = await this.pluginsFor(queue).monitor.check(active);
      this.tools.journal.put(active.flatMap((worker, index) => this.judge(worker, observations[index])));
    }
  }

  /** Kills what is marked. */
  async carryOutKills(queues: readonly QueueConfig[]): Promise<void> {
    for (const worker of this.workers) {
      if (worker.killMs === 0 || !isActive(worker)) continue;
      const queue = queues.find(({ name }) => name === worker.queue);
      if (queue !== undefined) await this.pluginsFor(queue).sweeper.kill(worker);
    }
  }

  /** Starts the workers a queue needs now; returns how many. */
  async provision(queue: QueueConfig, activated: number | undefined): Promise<number> {
    const active = this.ofQueue(queue.name).filter(isActive);
    const now = this.now();
    const young = active.filter((worker) => now - worker.madeMs < this.tools.config.youth).length;
    const demand = {
      queue,
      active: active.length,
      queued: active.filter(isQueued).length,
      young,
      activated,
      commanded: this.commanded(queue.name),
      recovering: this.recovery.isDue(queue.name, now),
    };
    const count = workersWanted(demand);
    const patience = this.patienceWith(queue.name);
    patience.saw(activated ?? 0);
    if (count === 0 || !(demand.commanded > 0 || demand.recovering || patience.mayStart(now))) return 0;
    patience.started(now);
    if (demand.recovering) this.recovery.started(queue.name, now);
    this.tools.log.info('workers are started', { queue: queue.name, count, activated, active: active.length });
    await this.submit(
      queue,
      Array.from({ length: count }, () => this.newWorker(queue)),
    );
    return count;
  }

  /** Removes ended workers, and what they left, once they are old and the server knows their end. */
  async forget(queues: readonly QueueConfig[]): Promise<void> {
    const before = this.now() - this.tools.config.keepEnded;
    const old = this.workers.filter((worker) => !isActive(worker) && !worker.unreported && (worker.endMs ?? 0) < before);
    for (const worker of old) {
      const queue = queues.find(({ name }) => name === worker.queue);
      if (queue !== undefined) await this.pluginsFor(queue).sweeper.sweep(worker);
    }
    this.tools.journal.remove(old.map(({ workerId }) => workerId));
  }

  private async submit(queue: QueueConfig, workers: readonly Worker[]): Promise<void> {
    const { journal, config, variables, log } = this.tools;
    // Known before they run: a crash in between leaves a worker without batch id, which the monitor then calls gone.
    journal.put(workers);
    const tasks = workers.map((worker) => ({ worker, task: pilotTask(worker, queue, config, variables) }));
    const submissions = await this.pluginsFor(queue).submitter.submit(tasks);
    const atMs = this.now();
    journal.put(
      workers.map((worker, index) => {
        const submission = submissions[index];
        if (submission?.ok) return changed(worker, { event: 'submitted', atMs, batchId: submission.batchId });
        const diagnostic = submission?.reason ?? 'the batch system gave no answer';
        log.warn('a worker was not started', { workerId: worker.workerId, reason: diagnostic });
        return changed(worker, { event: 'missed', atMs, diagnostic });
      }),
    );
  }

  private newWorker(queue: QueueConfig): Worker {
    const { journal, config } = this.tools;
    const workerId = journal.nextId();
    const wish = this.takeWish(queue.name);
    const blank = { submitMs: undefined, startMs: undefined, endMs: undefined, exitCode: undefined, batchId: undefined };
    return {
      ...blank,
      workerId,
      queue: queue.name,
      status: workerStatus.ready,
      label: queue.label,
      jobType: wish?.jobType ?? '',
      resourceType: wish?.resourceType ?? '',
      directory: join(resolve(config.stateDir), 'workers', String(workerId)),
      host: hostname(),
      madeMs: this.now(),
      diagnostic: '',
      killMs: 0,
      unreported: true,
      reportedMs: 0,
    };
  }

  private takeWish(queue: string): Wish | undefined {
    const wish = this.wishes.find((one) => one.queue === queue && one.count > 0);
    if (wish !== undefined) wish.count--;
    return wish;
  }

  private judge(worker: Worker, observation: Observation | undefined): Worker[] {
    const change = observation === undefined ? undefined : changeOf(worker, observation, this.now());
    if (change === undefined) return [];
    const after = changed(worker, change);
    if (after !== worker && !isActive(after)) {
      this.patienceWith(worker.queue).ended(after.exitCode === 0);
      this.recovery.ended(worker.queue, after.exitCode === 0 || after.exitCode === NO_JOBS);
      this.tools.log.info('a worker ended', {
        workerId: worker.workerId,
        queue: worker.queue,
        status: after.status,
        exitCode: after.exitCode,
      });
    }
    return after === worker ? [] : [after];
  }

  private patienceWith(queue: string): Patience {
    const known = this.patience.get(queue) ?? new Patience(this.tools.config.youth);
    this.patience.set(queue, known);
    return known;
  }

  private pluginsFor(queue: QueueConfig): QueuePlugins {
    const known = this.plugins.get(queue.name);
    if (known?.from === queue) return known.plugins;
    const { clock, log, config } = this.tools;
    const plugins = pluginsOf(queue, { clock, log, killGraceMs: config.killGrace });
    this.plugins.set(queue.name, { from: queue, plugins });
    return plugins;
  }

  private now(): number {
    return this.tools.clock.now().getTime();
  }
}

/** What an observation means for a worker: one we killed is cancelled whatever its exit code. */
function changeOf(worker: Worker, observation: Observation, atMs: number): WorkerChange | undefined {
  switch (observation.kind) {
    case 'queued':
      return undefined;
    case 'running':
      return { event: 'started', atMs };
    case 'gone':
      return worker.killMs > 0
        ? { event: 'cancelled', atMs, diagnostic: 'killed' }
        : { event: 'missed', atMs, diagnostic: observation.reason };
    case 'ended': {
      const { exitCode } = observation;
      if (worker.killMs > 0) return { event: 'cancelled', atMs, exitCode, diagnostic: 'killed' };
      const good = exitCode === 0 || exitCode === NO_JOBS;
      return {
        event: good ? 'finished' : 'failed',
        atMs,
        exitCode,
        diagnostic: good ? undefined : `exit code ${exitCode ?? 'unknown'}`,
      };
    }
  }
}

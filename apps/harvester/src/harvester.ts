import type { Clock, Log, Metrics } from '@panda/domain';
import { orderOf, type ServerCommand } from './command/commands.js';
import type { HarvesterConfig } from './harvester.config.js';
import { WorkerFleet } from './provision/fleet.js';
import type { QueueConfig, QueueConfigFile } from './queue/queue-config.js';
import { type HarvesterServer, REPORT_MAX } from './server/harvester-server.js';
import { countByStatus, workerStatistics } from './server/worker-report.js';
import type { WorkerJournal } from './worker/journal.js';
import { isActive, type Worker } from './worker/worker.js';

export interface HarvesterTools {
  readonly config: HarvesterConfig;
  readonly queues: QueueConfigFile;
  readonly fleet: WorkerFleet;
  readonly journal: WorkerJournal;
  readonly server: HarvesterServer;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly version: string;
}

const END_LOOK_MS = 100;

interface Duty {
  readonly name: string;
  readonly periodMs: number;
  readonly run: (queues: readonly QueueConfig[]) => Promise<void>;
}

/**
 * One instance at work: a list of duties, each with its period, done in turn. A duty that fails is logged and comes again; the others go
 * on, so that workers are watched while the server is away, and reported once it is back. Spec: Harvester.
 */
export class Harvester {
  private readonly startedMs: number;
  private readonly dueMs = new Map<string, number>();
  private readonly statisticsAsked = new Set<string>();
  private readonly duties: readonly Duty[];
  private readonly complaints = new Map<string, string>();
  private idsSettled = false;

  constructor(private readonly tools: HarvesterTools) {
    const { config, fleet, clock } = tools;
    this.startedMs = clock.now().getTime();
    this.duties = [
      { name: 'watch', periodMs: 0, run: (queues) => fleet.watch(queues) },
      { name: 'heartbeat', periodMs: config.heartbeat, run: () => tools.server.heartbeat(this.startedMs, tools.version) },
      { name: 'commands', periodMs: config.commands, run: () => this.obeyCommands() },
      { name: 'kill', periodMs: 0, run: (queues) => fleet.carryOutKills(queues) },
      { name: 'provision', periodMs: 0, run: (queues) => this.provision(queues) },
      { name: 'report', periodMs: 0, run: () => this.report() },
      { name: 'statistics', periodMs: config.statistics, run: (queues) => this.reportStatistics(queues) },
      { name: 'statistics on command', periodMs: 0, run: (queues) => this.reportAsked(queues) },
      { name: 'forget', periodMs: 0, run: (queues) => fleet.forget(queues) },
    ];
    const gauge = tools.metrics.gauge({ name: 'panda_harvester_workers', help: 'Workers by state.', labels: ['status'] });
    tools.metrics.observed({ name: 'panda_harvester_workers_known', help: 'Workers in the journal.' }, () => {
      for (const [status, count] of countByStatus(fleet.workers)) gauge.set({ status }, count);
      return fleet.workers.length;
    });
  }

  /** Works until `signal` aborts; a duty in hand is finished first. Workers go on running. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.cycle();
      await this.tools.clock.sleep(this.tools.config.cycle, signal);
    }
  }

  /** Every duty that is due, once. */
  async cycle(): Promise<void> {
    const queues = this.tools.queues.current();
    for (const duty of this.duties) {
      const now = this.tools.clock.elapsedMs();
      if (now < (this.dueMs.get(duty.name) ?? 0)) continue;
      try {
        await duty.run(queues);
        this.dueMs.set(duty.name, now + duty.periodMs);
        this.complaints.delete(duty.name);
      } catch (error) {
        this.complain(duty.name, (error as Error).message);
      }
    }
  }

  /** Ends every worker and waits until they are gone, or until `signal` aborts. */
  async endWorkers(signal: AbortSignal): Promise<void> {
    const { fleet, clock, queues, config } = this.tools;
    fleet.kill(isActive);
    while (!signal.aborted && fleet.workers.some(isActive)) {
      await fleet.carryOutKills(queues.current());
      await clock.sleep(Math.min(config.cycle, END_LOOK_MS), signal);
      await fleet.watch(queues.current());
    }
    await this.report().catch((error: Error) => this.complain('report', error.message));
  }

  /** The same trouble, second by second, is told once. */
  private complain(duty: string, reason: string): void {
    if (this.complaints.get(duty) === reason) return;
    this.complaints.set(duty, reason);
    this.tools.log.warn('a duty failed', { duty, reason });
  }

  private async provision(queues: readonly QueueConfig[]): Promise<void> {
    await this.settleIds();
    const activated = await this.tools.server.activatedJobs();
    for (const queue of queues) await this.tools.fleet.provision(queue, activated.get(queue.name) ?? 0);
  }

  /** A journal that was lost does not know which ids are taken; the server does. */
  private async settleIds(): Promise<void> {
    if (this.idsSettled) return;
    this.tools.journal.skipTo(await this.tools.server.highestWorkerId());
    this.idsSettled = true;
  }

  /** Workers that changed, and those that were not reported for long. */
  private async report(): Promise<void> {
    const { fleet, config, clock, server, journal } = this.tools;
    const now = clock.now().getTime();
    const due = fleet.workers.filter(
      (worker) => worker.unreported || (worker.endMs === undefined && now - worker.reportedMs > config.report),
    );
    for (let start = 0; start < due.length; start += REPORT_MAX) {
      const batch = due.slice(start, start + REPORT_MAX);
      await server.updateWorkers(batch);
      journal.put(batch.map((worker): Worker => ({ ...worker, unreported: false, reportedMs: now })));
    }
  }

  private async obeyCommands(): Promise<void> {
    const commands = await this.tools.server.commands();
    for (const command of commands) this.obey(command);
    const answered = commands.filter(({ wantsAnswer }) => wantsAnswer).map(({ id }) => id);
    if (answered.length > 0) await this.tools.server.acknowledge(answered);
  }

  private obey(command: ServerCommand): void {
    const { fleet, log } = this.tools;
    const order = orderOf(command);
    log.info('a command arrived', { command: command.text, kind: order.kind });
    if (order.kind === 'reportStatistics') this.statisticsAsked.add(order.queue);
    else if (order.kind === 'setWorkers') fleet.setWorkers(order.queue, order.counts);
    else if (order.kind === 'kill') log.info('workers are to be killed', { count: fleet.kill(order.picks) });
  }

  private async reportStatistics(queues: readonly QueueConfig[]): Promise<void> {
    for (const { name } of queues) {
      await this.tools.server.reportStatistics(
        name,
        workerStatistics(this.tools.fleet.ofQueue(name), this.tools.fleet.commanded(name)),
      );
    }
  }

  private async reportAsked(queues: readonly QueueConfig[]): Promise<void> {
    const asked = queues.filter(({ name }) => this.statisticsAsked.has(name));
    await this.reportStatistics(asked);
    this.statisticsAsked.clear();
  }
}

import { type Connection, dataOf } from '@panda/client';
import { jobStatus } from '@panda/domain';
import { readCommand, type ServerCommand } from '../command/commands.js';
import type { HarvesterConfig } from '../harvester.config.js';
import { isRecord } from '../queue/queue-config.js';
import type { Worker } from '../worker/worker.js';
import { datetime, workerReport } from './worker-report.js';

/** Most workers of one update. Spec: Harvester; pandaharvester propagator. */
export const REPORT_MAX = 100;
const COMMANDS_MAX = 20;

/** The Harvester calls of API v1, with this instance's name. Each throws the client's error when the server did not do it. */
export class HarvesterServer {
  constructor(
    private readonly connection: Connection,
    private readonly config: Pick<HarvesterConfig, 'id'>,
  ) {}

  async heartbeat(startedMs: number, version: string): Promise<void> {
    const data = { startTime: datetime(startedMs), sw_version: version, commit_stamp: '' };
    await this.post('harvester/heartbeat', { data });
  }

  async updateWorkers(workers: readonly Worker[]): Promise<void> {
    await this.post('harvester/update_workers', { workers: workers.map((worker) => workerReport(worker, this.config)) });
  }

  async reportStatistics(queue: string, statistics: unknown): Promise<void> {
    await this.post('harvester/report_worker_statistics', { panda_queue: queue, statistics: JSON.stringify(statistics) });
  }

  /** Commands that wait; asks again while the answer is full. */
  async commands(): Promise<ServerCommand[]> {
    const found: ServerCommand[] = [];
    for (;;) {
      const data = await this.post('harvester/acquire_commands', { n_commands: COMMANDS_MAX });
      const list = Array.isArray(data) ? data : [];
      found.push(...list.flatMap((value) => readCommand(value) ?? []));
      if (list.length < COMMANDS_MAX) return found;
    }
  }

  async acknowledge(ids: readonly number[]): Promise<void> {
    const path = 'harvester/acknowledge_commands';
    dataOf(await this.connection.post(path, { command_ids: ids }, true), path);
  }

  /** The largest worker id the server knows of this instance; 0 for none. */
  async highestWorkerId(): Promise<number> {
    const path = 'harvester/get_current_worker_id';
    const data = dataOf(await this.connection.get(path, { harvester_id: this.config.id }), path);
    return typeof data === 'number' ? data : 0;
  }

  /** Jobs that wait for a pilot, by queue. */
  async activatedJobs(): Promise<ReadonlyMap<string, number>> {
    const path = 'statistics/active_job_stats_by_site';
    const data = dataOf(await this.connection.get(path), path);
    const sites = isRecord(data) ? Object.entries(data) : [];
    return new Map(sites.map(([site, counts]) => [site, isRecord(counts) ? Number(counts[jobStatus.activated] ?? 0) : 0]));
  }

  /** All of these may be repeated: each says how things are, or hands out what was not acknowledged. */
  private async post(path: string, args: Readonly<Record<string, unknown>>): Promise<unknown> {
    return dataOf(await this.connection.post(path, { harvester_id: this.config.id, ...args }, true), path);
  }
}

import { Injectable } from '@nestjs/common';
import { Database } from '../kernel/database.js';
import * as sql from '../statements/harvester.js';

/** What Harvester instances and pilots say about workers and machines, and the commands for them. */
@Injectable()
export class HarvesterRepository {
  constructor(private readonly database: Database) {}

  /** Null for an instance that is not registered. */
  async instance(harvesterId: string): Promise<{ owner: string | null } | null> {
    const [row] = await this.database.run(sql.findInstance, { harvesterId });
    return row ?? null;
  }

  async touchInstance(instance: {
    harvesterId: string;
    startTime: string | null;
    version: string | null;
    commit: string | null;
    host: string | null;
  }): Promise<void> {
    await this.database.run(sql.touchInstance, instance);
  }

  /** Returns the ids of the workers that were stored. */
  async upsertWorkers(harvesterId: string, workers: readonly object[]): Promise<number[]> {
    const rows = await this.database.run(sql.upsertWorkers, { harvesterId, workers: JSON.stringify(workers) });
    return rows.map(({ workerid }) => workerid);
  }

  async updatePilotStatus(update: Parameters<typeof this.runPilotStatus>[0]): Promise<boolean> {
    return (await this.runPilotStatus(update)).length > 0;
  }

  private runPilotStatus(update: {
    harvesterId: string;
    workerId: number;
    status: string;
    nodeId: string | null;
    begins: boolean;
    ends: boolean;
  }) {
    return this.database.run(sql.updatePilotStatus, update);
  }

  async replaceWorkerStats(
    harvesterId: string,
    site: string,
    stats: readonly { jobType: string; resourceType: string; status: string; n: number }[],
  ) {
    await this.database.run(sql.replaceWorkerStats, {
      harvesterId,
      site,
      jobTypes: stats.map(({ jobType }) => jobType),
      resourceTypes: stats.map(({ resourceType }) => resourceType),
      statuses: stats.map(({ status }) => status),
      counts: stats.map(({ n }) => n),
    });
  }

  workerStats() {
    return this.database.run(sql.readWorkerStats, {});
  }

  async insertMetrics(harvesterId: string, metrics: readonly { at: string; host: string; text: string }[]): Promise<void> {
    await this.database.run(sql.insertMetrics, {
      harvesterId,
      times: metrics.map(({ at }) => at),
      hosts: metrics.map(({ host }) => host),
      metrics: metrics.map(({ text }) => text),
    });
  }

  async replaceDialogs(dialogs: sql.DialogParams): Promise<void> {
    await this.database.run(sql.replaceDialogs, dialogs);
  }

  takeCommands(take: { harvesterId: string; fresh: string; retrieved: string; limit: number }) {
    return this.database.run(sql.takeCommands, take);
  }

  async acknowledgeCommands(ids: readonly number[], acknowledged: string): Promise<void> {
    await this.database.run(sql.acknowledgeCommands, { ids: [...ids], acknowledged });
  }

  async maxWorkerId(harvesterId: string): Promise<number> {
    const [row] = await this.database.run(sql.maxWorkerId, { harvesterId });
    return row?.id ?? 0;
  }

  async setSlots(slots: {
    queue: string;
    gshare: string | null;
    resourceType: string | null;
    slots: number;
    days: number | null;
  }): Promise<boolean> {
    const [row] = await this.database.run(sql.setSlots, slots);
    return row?.known ?? false;
  }

  async upsertNode(node: sql.NodeParams): Promise<void> {
    await this.database.run(sql.upsertWorkerNode, node);
  }

  async upsertGpu(gpu: Parameters<typeof this.runGpu>[0]): Promise<void> {
    await this.runGpu(gpu);
  }

  private runGpu(gpu: {
    site: string;
    host: string;
    vendor: string;
    model: string;
    count: number;
    vram: number | null;
    architecture: string | null;
    framework: string | null;
    frameworkVersion: string | null;
    driverVersion: string | null;
  }) {
    return this.database.run(sql.upsertWorkerNodeGpu, gpu);
  }

  /** Returns how many instances were told. */
  async commandInstancesOf(order: { queue: string; command: string; fresh: string; params: string }): Promise<number> {
    return (await this.database.run(sql.commandInstancesOf, order)).length;
  }
}

import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations, type QueueReply } from '@panda/contracts';
import { OperatorTables, StatisticsRepository } from '@panda/database';
import { jobStatus } from '@panda/domain';
import { Handler } from '../http/call.js';

@Injectable()
export class ListQueues extends Handler<typeof operations.listQueues> {
  readonly operation = operations.listQueues;

  constructor(
    private readonly tables: OperatorTables,
    private readonly statistics: StatisticsRepository,
  ) {
    super();
  }

  async handle({ vo, status }: ArgsOf<typeof operations.listQueues>): Promise<QueueReply[]> {
    const [queues, jobs] = await Promise.all([this.tables.queues(), this.statistics.jobs()]);
    const count = (queue: string, wanted: string) =>
      jobs.filter((row) => row.computingsite === queue && row.jobstatus === wanted).reduce((sum, { n }) => sum + n, 0);
    return queues
      .map(({ name, site, data }) => ({
        name,
        site: site ?? name,
        vo: String(data.vo_name ?? ''),
        status: String(data.status ?? ''),
        type: String(data.type ?? ''),
        cores: Number(data.corecount ?? 1),
        max_rss_mb: Number(data.maxrss ?? 0),
        max_time_s: Number(data.maxtime ?? 0),
        n_activated: count(name, jobStatus.activated),
        n_running: count(name, jobStatus.running),
      }))
      .filter((queue) => (vo === null || queue.vo === vo) && (status === null || queue.status === status));
  }
}

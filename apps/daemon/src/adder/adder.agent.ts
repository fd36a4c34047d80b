import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, IDLE, type Wake } from '@panda/agents';
import { AdderRepository, type JobOutcome, type ReportedJobRow, type TaskBatch } from '@panda/database';
import { DdmError, ddmErrorCode, judgeOutput, type OutputVerdict, parseOutputReport } from '@panda/domain';
import { RetryModule } from '../retry/retry-module.js';
import { type AdderConfig, adderKeys } from './adder.config.js';
import { NoEndpoint, OutputRegistration } from './output-registration.js';
import { outcomeOf, reportedJob } from './reported-job.js';

interface Judged {
  readonly row: ReportedJobRow;
  readonly verdict: OutputVerdict;
}

/** Final reports → registered outputs and ended jobs, in batches per task. Spec: PanDA server › Adder. */
@Injectable()
export class AdderAgent extends Agent {
  constructor(
    runtime: AgentRuntime,
    @Inject(adderKeys.token) config: AdderConfig,
    private readonly jobs: AdderRepository,
    private readonly outputs: OutputRegistration,
    private readonly retry: RetryModule,
  ) {
    super('adder', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const claim = this.newClaim();
    const claimed = await this.jobs.claim(claim, wake.sweep ? null : wake.ids, limit);
    if (claimed.length === 0) return IDLE;
    try {
      const rows = await this.jobs.look(claim);
      const judged = rows.map((row) => ({ row, verdict: judgeOutput(reportedJob(row), parseOutputReport(row.data)) }));
      let done = 0;
      for (const batch of byTask(judged)) done += await this.add(batch);
      return { claimed: claimed.length, done, waiting: rows.length - done, more: claimed.length === limit };
    } finally {
      await this.jobs.release(claim);
    }
  }

  /** Jobs of one task: registered together; when one of them cannot be, each on its own. */
  private async add(batch: readonly Judged[]): Promise<number> {
    try {
      await this.outputs.register(batch.map(({ row, verdict }) => ({ job: row, files: filesOf(verdict) })));
      return this.settle(batch);
    } catch (error) {
      if (!(error instanceof DdmError || error instanceof NoEndpoint)) throw error;
      if (batch.length > 1) return this.addOneByOne(batch);
      return this.refuse(batch, error);
    }
  }

  private async addOneByOne(batch: readonly Judged[]): Promise<number> {
    let done = 0;
    for (const one of batch) done += await this.add([one]);
    return done;
  }

  /** A report that cannot be registered now is looked at again by the next sweep; one that never can fails its job. */
  private async refuse(batch: readonly Judged[], error: DdmError | NoEndpoint): Promise<number> {
    const pandaIds = batch.map(({ row }) => row.pandaId);
    if (error instanceof NoEndpoint || error.kind === 'temporary') {
      this.log.warn('outputs cannot be registered yet', { pandaIds, reason: error.message });
      return 0;
    }
    const verdict: OutputVerdict = { kind: 'failed', code: ddmErrorCode.adder, diag: error.message, logs: [] };
    return this.settle(batch.map(({ row }) => ({ row, verdict })));
  }

  private async settle(batch: readonly Judged[]): Promise<number> {
    const settled = taskBatch(batch);
    const settlement = await this.jobs.settle({ ...settled, ...(await this.retry.judge(settled.outcomes)) });
    for (const { pandaId, jediTaskId, to } of settlement.settled) this.log.info('job ended', { pandaId, jediTaskId, status: to });
    return batch.length - settlement.losers.length;
  }
}

function filesOf(verdict: OutputVerdict) {
  return verdict.kind === 'good' ? verdict.files : verdict.logs;
}

function byTask(judged: readonly Judged[]): Judged[][] {
  const tasks = new Map<number | null, Judged[]>();
  for (const one of judged) tasks.set(one.row.jediTaskId, [...(tasks.get(one.row.jediTaskId) ?? []), one]);
  return [...tasks.values()];
}

function taskBatch(batch: readonly Judged[]): TaskBatch {
  const outcomes: JobOutcome[] = [];
  const merging: TaskBatch['merging'][number][] = [];
  for (const { row, verdict } of batch) {
    const result = outcomeOf(row, verdict);
    if ('outcome' in result) outcomes.push(result.outcome);
    else merging.push(result.merging);
  }
  return { jediTaskId: batch[0]?.row.jediTaskId ?? null, outcomes, merging };
}

import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, IDLE, type Wake } from '@panda/agents';
import {
  ClaimLost,
  type DatasetRow,
  GenerationRepository,
  TaskClaims,
  type TaskEvent,
  type TaskToGenerate,
} from '@panda/database';
import {
  type BrokerageWorld,
  brokerageRequest,
  brokerJobs,
  DdmError,
  explainVerdict,
  FormulaError,
  generatingTaskStatuses,
  type InputChunk,
  LiveCounter,
  type Queue,
  Random,
  type TaskParameters,
  type TaskSpec,
  type ThrottleVerdict,
  taskOfColumns,
  taskStatus,
  UnbuildableTask,
  UnresolvedPlaceholder,
} from '@panda/domain';
import { UndefinedPlugin } from '@panda/plugins-generic';
import { BrokerageWorldReader } from './brokerage-world.js';
import { type Allowance, ChunkReader } from './chunk-reader.js';
import { type JobGeneratorConfig, jobGeneratorKeys } from './job-generator.config.js';
import { JobMaker, type WorkOrder } from './job-maker.js';
import { Policies } from './policies.js';
import { PreprocessingStep } from './preprocessing-step.js';
import type { Throttling } from './throttling.js';

/** What became of one task. */
interface Round {
  readonly outcome: 'made' | 'nothing' | 'waiting' | 'broken';
  /** Input is left, and it could be used at once. */
  readonly more: boolean;
}

/** What one cycle saw when it began. */
interface Cycle {
  readonly claim: string;
  readonly world: BrokerageWorld;
  readonly throttling: Throttling;
}

const NOTHING: Round = { outcome: 'nothing', more: false };

/** Ready input → brokered, split and stored jobs. Spec: JEDI › Job Generator. */
@Injectable()
export class JobGeneratorAgent extends Agent {
  private readonly live = new LiveCounter();

  constructor(
    runtime: AgentRuntime,
    @Inject(jobGeneratorKeys.token) private readonly config: JobGeneratorConfig,
    private readonly claims: TaskClaims,
    private readonly jobs: GenerationRepository,
    private readonly worlds: BrokerageWorldReader,
    private readonly chunks: ChunkReader,
    private readonly maker: JobMaker,
    private readonly preprocessing: PreprocessingStep,
    private readonly policies: Policies,
    private readonly random: Random,
  ) {
    super('jedi-job-generator', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const claim = this.newClaim();
    const claimed = await this.claims.take({
      statuses: generatingTaskStatuses,
      ids: wake.sweep ? await this.jobs.waiting(limit) : wake.ids,
      claim,
      limit,
    });
    // What was announced may have come after the holder's look: input of a job that ended at once, a file that was fed.
    if (!wake.sweep) this.wakeLater(await this.claims.missed(generatingTaskStatuses, wake.ids, claimed));
    if (claimed.length === 0) return IDLE;
    try {
      const tasks = await this.jobs.look(
        claim,
        claimed.map(({ id }) => id),
      );
      const cycle: Cycle = { claim, world: await this.worlds.read(this.live), throttling: this.policies.throttling() };
      const outcomes = { made: 0, nothing: 0, waiting: 0, broken: 0, more: false };
      for (const task of tasks) {
        const { outcome, more } = await this.generate(cycle, task);
        outcomes[outcome] += 1;
        outcomes.more ||= more;
      }
      const { made, nothing, waiting, broken } = outcomes;
      return {
        claimed: claimed.length,
        done: made + nothing,
        waiting,
        failed: broken,
        more: outcomes.more || (claimed.length === limit && made > 0),
      };
    } finally {
      await this.claims.release(claim);
    }
  }

  /** One round of one task. Whatever goes wrong, picked files that became no jobs are given back. */
  private async generate(cycle: Cycle, row: TaskToGenerate): Promise<Round> {
    const { claim } = cycle;
    const task = taskOfColumns(row.task);
    try {
      return await this.round(cycle, row, task);
    } catch (error) {
      await this.jobs.giveBack(claim, row.id);
      if (error instanceof ClaimLost) return NOTHING;
      if (isHopeless(error)) {
        await this.jobs.break(claim, row.id, error.message);
        this.log.info('task cannot get jobs', { jediTaskId: row.id, reason: error.message });
        return { outcome: 'broken', more: false };
      }
      if (!(error instanceof DdmError)) throw error;
      return this.wait(claim, row.id, `data management: ${error.message}`);
    }
  }

  private async round({ claim, world, throttling }: Cycle, row: TaskToGenerate, task: TaskSpec): Promise<Round> {
    const throttle = await throttling.judge(task);
    const datasets = await this.jobs.datasets(row.id);
    const allowed = allowance(throttle, this.config.jobsPerRound);
    const { chunks, more } = isPreprocessing(row.status)
      ? await this.chunks.preprocessing(task, datasets)
      : await this.chunks.read(task, datasets, allowed);
    if (chunks.length === 0) {
      if (allowed.throttledBy !== null) return this.holdBack(claim, row.id, throttle, allowed.throttledBy);
      await this.jobs.progressed([row.id]);
      return NOTHING;
    }
    let made = 0;
    for (const chunk of chunks) {
      const jobs = await this.generateChunk(claim, row, chunk, { world, datasets, isFirst: made === 0 });
      if (typeof jobs === 'string') {
        await this.jobs.giveBack(claim, row.id);
        return this.wait(claim, row.id, jobs);
      }
      made += jobs;
    }
    throttling.made(task, made);
    this.log.info('jobs made', {
      jediTaskId: row.id,
      jobs: made,
      scouts: chunks.some(({ useScout }) => useScout),
      merging: chunks.some(({ isMerging }) => isMerging),
    });
    return { outcome: 'made', more: more && made > 0 };
  }

  /** Brokers, cuts and stores one chunk: the number of jobs, or why it has to wait. */
  private async generateChunk(
    claim: string,
    row: TaskToGenerate,
    chunk: InputChunk,
    { world, datasets, isFirst }: { world: BrokerageWorld; datasets: readonly DatasetRow[]; isFirst: boolean },
  ): Promise<number | string> {
    const seen = await this.worlds.forChunk(world, chunk, row.usedQueues, this.live);
    const request = brokerageRequest(chunk, sitesOf(row.parameters));
    const { candidates, verdict } = brokerJobs(this.policies.broker(chunk.task), request, seen, this.random);
    await this.jobs.verdict(row.id, chunk.isMerging ? 'merge' : 'job', verdict);
    if (candidates.length === 0) return explainVerdict(verdict);
    const order: WorkOrder = {
      claim,
      chunk,
      candidates,
      queues: new Map<string, Queue>(seen.queues.map((queue) => [queue.name, queue])),
      parameters: parametersOf(row),
      template: row.template ?? '',
      datasets,
      live: this.live,
      event: isFirst ? eventOf(row.status, chunk) : null,
    };
    if (isPreprocessing(row.status)) return this.preprocessing.make(order);
    const { jobs, queuesFull } = await this.maker.make(order);
    const names = candidates.map(({ queue }) => queue).join(', ');
    return jobs === 0 && queuesFull ? `enough jobs are queued at ${names}` : jobs;
  }

  private async holdBack(claim: string, taskId: number, verdict: ThrottleVerdict, reason: string): Promise<Round> {
    await this.jobs.holdBack(claim, taskId, verdict, `throttled: ${reason}`, this.holdS);
    this.log.info('task is throttled', { jediTaskId: taskId, reason });
    return { outcome: 'waiting', more: false };
  }

  private async wait(claim: string, taskId: number, reason: string): Promise<Round> {
    await this.jobs.hold(claim, taskId, reason, this.holdS);
    this.log.info('task waits', { jediTaskId: taskId, reason });
    return { outcome: 'waiting', more: false };
  }

  private get holdS(): number {
    return Math.ceil(this.config.holdFor / 1_000);
  }
}

/** What can never get better by waiting. */
function isHopeless(error: unknown): error is Error {
  return [UnbuildableTask, UnresolvedPlaceholder, FormulaError, UndefinedPlugin].some((kind) => error instanceof kind);
}

/** What the throttler leaves a task in this round. */
function allowance(verdict: ThrottleVerdict, jobsPerRound: number): Allowance {
  if (verdict.kind === 'throttled') return { jobsMax: jobsPerRound, throttledBy: verdict.reason, mergeOnly: verdict.mergeOnly };
  return { jobsMax: Math.min(jobsPerRound, verdict.maxJobs ?? jobsPerRound), throttledBy: null, mergeOnly: false };
}

/** What the first jobs of a round make of the task's state; later ones and merges change nothing. */
function eventOf(status: string, chunk: InputChunk): TaskEvent | null {
  if (chunk.isMerging) return null;
  if (status === taskStatus.topreprocess) return 'preprocessingSent';
  if (status === taskStatus.ready) return chunk.useScout ? 'scoutsSent' : 'jobsSent';
  return status === taskStatus.scouting && !chunk.useScout ? 'jobsSent' : null;
}

/** The task's jobs come later: now it is about the step before it. */
function isPreprocessing(status: string): boolean {
  return status === taskStatus.topreprocess || status === taskStatus.preprocessing;
}

function parametersOf(row: TaskToGenerate): TaskParameters {
  if (row.parameters === null) throw new UnbuildableTask('the task has no parameters');
  return row.parameters as TaskParameters;
}

/** includedSite and excludedSite: lists or comma texts. Spec: prun › --site, --excludedSite. */
function sitesOf(parameters: Record<string, unknown> | null) {
  const list = (value: unknown) =>
    (Array.isArray(value) ? value.map(String) : String(value ?? '').split(',')).filter((name) => name !== '' && name !== 'AUTO');
  return { includedSites: list(parameters?.includedSite), excludedSites: list(parameters?.excludedSite) };
}

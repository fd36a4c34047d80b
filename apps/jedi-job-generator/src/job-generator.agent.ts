import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, IDLE, type Wake } from '@panda/agents';
import { ClaimLost, GenerationRepository, TaskClaims, type TaskEvent, type TaskToGenerate } from '@panda/database';
import {
  type BrokerageWorld,
  brokerageRequest,
  brokerJobs,
  DdmError,
  explainVerdict,
  FormulaError,
  generatingTaskStatuses,
  genericJobBroker,
  type InputChunk,
  LiveCounter,
  type Queue,
  Random,
  type TaskParameters,
  type TaskSpec,
  taskOfColumns,
  taskStatus,
  UnbuildableTask,
  UnresolvedPlaceholder,
} from '@panda/domain';
import { BrokerageWorldReader } from './brokerage-world.js';
import { ChunkReader } from './chunk-reader.js';
import { type JobGeneratorConfig, jobGeneratorKeys } from './job-generator.config.js';
import { JobMaker } from './job-maker.js';

type Outcome = 'made' | 'nothing' | 'waiting' | 'broken';

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
    private readonly random: Random,
  ) {
    super('jedi-job-generator', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const claim = this.newClaim();
    const claimed = await this.claims.take({
      statuses: generatingTaskStatuses,
      ...(wake.sweep ? {} : { ids: wake.ids }),
      claim,
      limit,
    });
    if (claimed.length === 0) return IDLE;
    try {
      const tasks = await this.jobs.look(
        claim,
        claimed.map(({ id }) => id),
      );
      const world = await this.worlds.read(this.live);
      const outcomes = { made: 0, nothing: 0, waiting: 0, broken: 0, more: false };
      for (const task of tasks) {
        const { outcome, more } = await this.generate(claim, task, world);
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
  private async generate(
    claim: string,
    row: TaskToGenerate,
    world: BrokerageWorld,
  ): Promise<{ outcome: Outcome; more: boolean }> {
    const task = taskOfColumns(row.task);
    try {
      return await this.round(claim, row, task, world);
    } catch (error) {
      await this.jobs.giveBack(row.id);
      if (error instanceof ClaimLost) return { outcome: 'nothing', more: false };
      if (error instanceof UnbuildableTask || error instanceof UnresolvedPlaceholder || error instanceof FormulaError) {
        await this.jobs.break(claim, row.id, error.message);
        this.log.info('task cannot get jobs', { jediTaskId: row.id, reason: error.message });
        return { outcome: 'broken', more: false };
      }
      if (!(error instanceof DdmError)) throw error;
      await this.wait(claim, row.id, `data management: ${error.message}`);
      return { outcome: 'waiting', more: false };
    }
  }

  private async round(
    claim: string,
    row: TaskToGenerate,
    task: TaskSpec,
    world: BrokerageWorld,
  ): Promise<{ outcome: Outcome; more: boolean }> {
    const datasets = await this.jobs.datasets(row.id);
    const { chunks, more } = await this.chunks.read(task, datasets, this.config.jobsPerRound);
    if (chunks.length === 0) {
      await this.jobs.progressed([row.id]);
      return { outcome: 'nothing', more: false };
    }
    let made = 0;
    for (const chunk of chunks) {
      const seen = await this.worlds.forChunk(world, chunk, row.usedQueues, this.live);
      const { candidates, verdict } = brokerJobs(
        genericJobBroker,
        brokerageRequest(chunk, sitesOf(row.parameters)),
        seen,
        this.random,
      );
      await this.jobs.verdict(row.id, chunk.isMerging ? 'merge' : 'job', verdict);
      if (candidates.length === 0) {
        await this.jobs.giveBack(row.id);
        await this.wait(claim, row.id, explainVerdict(verdict));
        return { outcome: 'waiting', more: false };
      }
      const queues = new Map<string, Queue>(seen.queues.map((queue) => [queue.name, queue]));
      const event = eventOf(row.status, chunk, made);
      const order = {
        claim,
        chunk,
        candidates,
        queues,
        parameters: parametersOf(row),
        template: row.template ?? '',
        datasets,
        live: this.live,
        event,
      };
      made += (await this.maker.make(order)).jobs;
    }
    this.log.info('jobs made', {
      jediTaskId: row.id,
      jobs: made,
      scouts: chunks.some(({ useScout }) => useScout),
      merging: chunks.some(({ isMerging }) => isMerging),
    });
    return { outcome: 'made', more: more && made > 0 };
  }

  private async wait(claim: string, taskId: number, reason: string): Promise<void> {
    await this.jobs.hold(claim, taskId, reason, Math.ceil(this.config.holdFor / 1_000));
    this.log.info('task waits', { jediTaskId: taskId, reason });
  }
}

/** What the first jobs of a round make of the task's state; later ones and merges change nothing. */
function eventOf(status: string, chunk: InputChunk, made: number): TaskEvent | null {
  if (made > 0 || chunk.isMerging) return null;
  if (status === taskStatus.ready) return chunk.useScout ? 'scoutsSent' : 'jobsSent';
  return status === taskStatus.scouting && !chunk.useScout ? 'jobsSent' : null;
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

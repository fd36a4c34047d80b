import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, type Wake } from '@panda/agents';
import { ClaimLost, RefinementRepository, TaskClaims, type TaskToRefine } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  type Ddm,
  DdmError,
  datasetLookups,
  hopelessParentStatuses,
  type ParentOfTask,
  type RefineOutcome,
  type RefineRequest,
  refinableTaskStatuses,
  refineTask,
  SplitRule,
  type TaskParameters,
  type TaskStatus,
  taskOfColumns,
  taskParameterFaults,
  taskStatus,
  terminalTaskStatuses,
  withPreprocessResult,
} from '@panda/domain';
import { lookUp } from './dataset-lookup.js';
import { RefineWorldReader } from './refine-world.js';
import { type TaskRefinerConfig, taskRefinerKeys } from './task-refiner.config.js';

/** registered → defined: reads the parameter map, makes datasets and templates. Spec: JEDI › Task Refiner. */
@Injectable()
export class TaskRefinerAgent extends Agent {
  constructor(
    runtime: AgentRuntime,
    @Inject(taskRefinerKeys.token) config: TaskRefinerConfig,
    private readonly claims: TaskClaims,
    private readonly tasks: RefinementRepository,
    private readonly world: RefineWorldReader,
    @Inject(DDM) private readonly ddm: Ddm,
  ) {
    super('jedi-task-refiner', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const adopted = await this.tasks.adoptIntake(limit);
    const claim = this.newClaim();
    const ids = wake.sweep ? undefined : [...wake.ids, ...adopted];
    const claimed = await this.claims.take({ statuses: refinableTaskStatuses, ...(ids ? { ids } : {}), claim, limit });
    if (ids) this.wakeLater(await this.claims.missed(refinableTaskStatuses, ids, claimed));
    if (claimed.length === 0) return { claimed: 0, done: 0, more: adopted.length === limit };
    const outcomes = await this.refineAll(
      claim,
      claimed.map(({ id }) => id),
    );
    const count = (kind: RefineOutcome['kind']) => outcomes.filter((outcome) => outcome === kind).length;
    return {
      claimed: claimed.length,
      done: count('refined') + count('preprocess'),
      waiting: count('wait') + count('stage'),
      failed: count('refuse'),
      more: claimed.length === limit,
    };
  }

  private async refineAll(claim: string, ids: readonly number[]): Promise<RefineOutcome['kind'][]> {
    const outcomes: RefineOutcome['kind'][] = [];
    try {
      for (const task of await this.tasks.look(claim, ids)) {
        const outcome = await this.decide(task);
        await this.write(claim, task, outcome);
        outcomes.push(outcome.kind);
      }
    } finally {
      await this.claims.release(claim); // what an error left behind; stored tasks gave their claim up themselves
    }
    return outcomes;
  }

  private async decide(task: TaskToRefine): Promise<RefineOutcome> {
    const parameters = decoded(task.parameters);
    if (parameters === undefined) return { kind: 'refuse', reason: 'the task parameters are not a JSON object' };
    // What a job found is as foreign as what a user sent: both are checked as one.
    const filled = withPreprocessResult(parameters, decoded(task.preprocessed));
    const faults = taskParameterFaults(filled);
    if (faults.length > 0) return { kind: 'refuse', reason: faults.map(({ key, reason }) => `${key} ${reason}`).join('; ') };
    try {
      const found = await lookUp(this.ddm, datasetLookups(filled));
      return refineTask(requestOf(task, parameters), await this.world.read({ found, parent: parentOf(task) }));
    } catch (error) {
      if (!(error instanceof DdmError)) throw error;
      const reason = `data management: ${error.message}`;
      return error.kind === 'temporary'
        ? { kind: 'wait', reason, freezes: true, unknownDatasets: [] }
        : { kind: 'refuse', reason };
    }
  }

  private async write(claim: string, task: TaskToRefine, outcome: RefineOutcome): Promise<void> {
    try {
      await this.store(claim, task, outcome);
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
      this.log.warn('another refiner took the task', { jediTaskId: task.id });
      return;
    }
    const reason = 'reason' in outcome ? outcome.reason : undefined;
    this.log.info('task refined', { jediTaskId: task.id, outcome: outcome.kind, reason });
  }

  private async store(claim: string, task: TaskToRefine, outcome: RefineOutcome): Promise<void> {
    switch (outcome.kind) {
      case 'refined':
        return this.storeRefined(claim, task, outcome.refined);
      case 'preprocess':
        return this.tasks.storePreprocessing(claim, outcome.plan, outcome.parameters);
      case 'stage':
        return this.tasks.storeVerdict(claim, task.id, 'stagingAsked', outcome.reason);
      case 'wait':
        return this.tasks.storeVerdict(claim, task.id, 'held', outcome.reason, outcome.freezes);
      case 'refuse':
        return this.tasks.storeVerdict(claim, task.id, 'foundBroken', outcome.reason);
    }
  }

  private async storeRefined(
    claim: string,
    task: TaskToRefine,
    refined: Extract<RefineOutcome, { kind: 'refined' }>['refined'],
  ): Promise<void> {
    const again = task.status === taskStatus.rerefine;
    if (refined.hpoRequest) {
      return this.tasks.storeVerdict(
        claim,
        task.id,
        'held',
        'no intelligent data delivery service is configured for hyper-parameter optimisation',
        true,
      );
    }
    const namesake = refined.uniqueName && !again ? await this.tasks.namesakeOf(refined.task) : undefined;
    if (namesake !== undefined) {
      return this.tasks.storeVerdict(
        claim,
        task.id,
        'duplicateFound',
        `jediTaskID=${namesake} of the same name is still under way`,
      );
    }
    await this.tasks.storeRefined(claim, refined, again ? 'rerefined' : 'refined');
  }
}

function requestOf(task: TaskToRefine, parameters: TaskParameters): RefineRequest {
  const row = taskOfColumns(task.task);
  const preprocessed = decoded(task.preprocessed);
  return {
    jediTaskId: task.id,
    parameters,
    splitRule: row.splitRule ?? SplitRule.empty,
    isStaged: task.status === taskStatus.staged,
    ...(task.status === taskStatus.rerefine ? { previous: row } : {}),
    ...(preprocessed ? { preprocessed } : {}),
  };
}

function parentOf({ parent, parentStatus }: TaskToRefine): ParentOfTask | undefined {
  if (parent === null || parentStatus === null) return undefined;
  const status = parentStatus as TaskStatus;
  if ((hopelessParentStatuses as readonly TaskStatus[]).includes(status)) return { id: parent, state: 'corrupted' };
  return { id: parent, state: terminalTaskStatuses.includes(status) ? 'complete' : 'unfinished' };
}

function decoded(text: string | null): TaskParameters | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as TaskParameters) : undefined;
  } catch {
    return undefined; // the caller says so to the user
  }
}

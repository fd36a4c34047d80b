import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, type Wake } from '@panda/agents';
import { ConclusionRepository, TaskClaims, type TaskToConclude } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  afterValidation,
  type Conclusion,
  concludeTask,
  type Ddm,
  datasetName,
  postProcessableTaskStatuses,
  SplitRule,
  type TaskStatus,
  taskStatus,
} from '@panda/domain';
import { OutputValidation } from './output-validation.js';
import { type PostProcessorConfig, postProcessorKeys } from './post-processor.config.js';

/** Nobody wants what the jobs of these tasks make. */
const jobsAreVoid: readonly string[] = [taskStatus.tobroken, taskStatus.toabort];

/** prepared → done, finished, failed: final state, datasets closed, children told. Spec: JEDI › Post Processor. */
@Injectable()
export class PostProcessorAgent extends Agent {
  constructor(
    runtime: AgentRuntime,
    @Inject(postProcessorKeys.token) config: PostProcessorConfig,
    private readonly claims: TaskClaims,
    private readonly tasks: ConclusionRepository,
    private readonly validation: OutputValidation,
    @Inject(DDM) private readonly ddm: Ddm,
  ) {
    super('jedi-post-processor', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const claim = this.newClaim();
    const claimed = await this.claims.take({
      statuses: postProcessableTaskStatuses,
      ...(wake.sweep ? {} : { ids: wake.ids }),
      claim,
      limit,
    });
    if (!wake.sweep) this.wakeLater(await this.claims.missed(postProcessableTaskStatuses, wake.ids, claimed));
    if (claimed.length === 0) return { claimed: 0, done: 0, more: false };
    try {
      const scouted = claimed.filter(({ status }) => status === taskStatus.scouted).map(({ id }) => id);
      const opened = await this.tasks.openAvalanche(claim, scouted);
      const ended = await this.concludeAll(
        claim,
        claimed.map(({ id }) => id).filter((id) => !scouted.includes(id)),
      );
      return { claimed: claimed.length, done: opened + ended.done, waiting: ended.waiting, more: claimed.length === limit };
    } finally {
      await this.claims.release(claim);
    }
  }

  private async concludeAll(claim: string, ids: readonly number[]): Promise<{ done: number; waiting: number }> {
    const looked = await this.tasks.look(claim, ids);
    const futile = looked.filter(({ liveJobs, status }) => liveJobs > 0 && jobsAreVoid.includes(status));
    for (const task of futile) await this.tasks.endJobs(task);
    const tasks = futile.length > 0 ? await this.tasks.look(claim, ids) : looked;
    // A task whose jobs still run is concluded when the last of them has ended; their end wakes us again.
    const ready = tasks.filter(({ liveJobs }) => liveJobs === 0);
    let done = 0;
    for (const task of ready) {
      const conclusion = await this.judge(task);
      await this.closeDatasets(task, conclusion);
      if (await this.tasks.conclude(claim, task, conclusion)) done += 1;
      this.log.info('task concluded', {
        jediTaskId: task.id,
        event: conclusion.event,
        completeness: conclusion.completeness,
        reason: conclusion.reason,
      });
    }
    return { done, waiting: tasks.length - ready.length };
  }

  /** What its counters say, and whether its output is there: a task that goes on may still mend it. */
  private async judge(task: TaskToConclude): Promise<Conclusion> {
    const conclusion = concludeTask(snapshotOf(task));
    if (conclusion.event === 'goalMissed') return conclusion;
    return afterValidation(conclusion, await this.validation.check(task));
  }

  /** All jobs have ended, so no file will come. Done before the final state is written: closing twice is harmless, never closing is not. */
  private async closeDatasets(task: TaskToConclude, conclusion: Conclusion): Promise<void> {
    if (conclusion.event === 'goalMissed') return; // its user may let the task go on
    const datasets = task.outputs.map(({ name }) => datasetName(name));
    await this.ddm.close(datasets);
    await this.ddm.eraseEmpty(datasets);
  }
}

function snapshotOf(task: TaskToConclude) {
  const rule = SplitRule.parse(task.splitRule);
  return {
    status: task.status as TaskStatus,
    masters: task.masters,
    parentStatus: task.parentStatus as TaskStatus | null,
    goal: task.goal,
    failsBelowGoal: rule.get('failGoalUnreached'),
    usesExhausted: rule.get('useExhausted'),
    isHpo: rule.get('hpoWorkflow'),
    nEventsFinished: task.eventsFinished,
  };
}

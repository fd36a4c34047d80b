import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, type Wake } from '@panda/agents';
import { type FinalisableTask, FinalisationRepository, type Tx } from '@panda/database';
import {
  type AvalancheVerdict,
  type DatasetState,
  type Finalisation,
  inputDatasetStatus,
  judgeFinalisation,
  needsSecondMeasurement,
  type ScoutOutcome,
  SplitRule,
  scoutOutcome,
  splitRuleValues,
  type TaskStatus,
  taskStatus,
} from '@panda/domain';
import { type WatchdogConfig, watchdogKeys } from '../watchdog.config.js';
import { type MeasurementSettings, measuredTask, type TaskMeasured } from './measured-task.js';
import { MeasurementSettingsReader } from './measurement-settings.js';

/** Scouts measured, avalanche opened, settled tasks handed to the post processor. Spec: JEDI › Watch Dog. */
@Injectable()
export class FinalisationAgent extends Agent {
  /** Where the sweep goes on: it walks over all candidates, a batch at a time. */
  private after = 0;

  constructor(
    runtime: AgentRuntime,
    @Inject(watchdogKeys.token) config: WatchdogConfig,
    private readonly tasks: FinalisationRepository,
    private readonly settingsReader: MeasurementSettingsReader,
  ) {
    super('jedi-watchdog', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const ids = wake.sweep ? await this.tasks.find(this.after, limit) : wake.ids;
    if (wake.sweep) this.after = ids.length === limit ? (ids.at(-1) ?? 0) : 0;
    let claimed = 0;
    let done = 0;
    // One transaction a task: a task that fails, or is locked for long, holds no other up.
    for (const id of ids) {
      const outcome = await this.tasks.transaction(async (tx) => {
        const [task] = await this.tasks.look(tx, [id]);
        return task ? this.finalise(tx, task) : undefined;
      });
      if (outcome !== undefined) claimed += 1;
      if (outcome) done += 1;
    }
    return { claimed, done, waiting: claimed - done, more: wake.sweep && ids.length === limit };
  }

  /** True when the task moved on. */
  private async finalise(tx: Tx, task: FinalisableTask): Promise<boolean> {
    const verdict = judgeFinalisation(snapshotOf(task), task.now);
    if (task.held && !endsWork(verdict)) return false; // its generator may be making jobs of it; their end wakes us again
    switch (verdict.kind) {
      case 'measure':
        return this.openAvalanche(tx, task, verdict.avalanche);
      case 'lookup':
        return this.tasks.lookUp(tx, task, verdict.datasetIds);
      case 'settled':
        return this.tasks.settle(tx, task);
      case 'preprocessed':
        return this.endPreprocessing(tx, task, verdict.succeeded);
      case 'wait':
        return this.measureAgain(tx, task);
    }
  }

  private async openAvalanche(
    tx: Tx,
    task: FinalisableTask,
    avalanche: Extract<AvalancheVerdict, { open: true }>,
  ): Promise<boolean> {
    const measured = await this.measured(tx, task);
    const outcome = scoutOutcome({
      finishedFiles: task.masters.reduce((sum, { nFilesFinished }) => sum + nFilesFinished, 0),
      successRate: SplitRule.parse(task.splitRule).get('scoutSuccessRate') ?? null,
      // Only scouts can be at fault: a task that comes back to `ready` goes on and ends by what its input comes to.
      forced: avalanche.forced || task.status !== taskStatus.scouting,
      exhausted: measured.verdict.kind === 'exhausted',
    });
    // Scouts that still run may bring the success that is missing.
    if (outcome.event === 'foundBroken' && avalanche.why !== 'nothingLeft') return false;
    if (outcome.event !== 'foundBroken') {
      await this.tasks.writeMeasurement(tx, measured.write);
      await this.tasks.openInput(tx, task.id);
    }
    this.log.info('scouts measured', { jediTaskId: task.id, event: outcome.event, why: avalanche.why });
    return this.tasks.move(tx, task.id, outcome.event, dialogOf(outcome, measured));
  }

  /** Once more when many jobs of the running task have finished, or when a retry asked for it. Spec: Dynamic Optimization. */
  private async measureAgain(tx: Tx, task: FinalisableTask): Promise<boolean> {
    if (!needsSecondMeasurement({ ...task, status: task.status as TaskStatus }, task.now)) return false;
    const measured = await this.measured(tx, task);
    await this.tasks.writeMeasurement(tx, measured.write);
    if (measured.verdict.kind !== 'exhausted') return false;
    return this.tasks.move(tx, task.id, 'foundExhausted', dialogOf({ event: 'foundExhausted' }, measured));
  }

  private async measured(tx: Tx, task: FinalisableTask): Promise<TaskMeasured> {
    const settings: MeasurementSettings = await this.settingsReader.read(task);
    return measuredTask(task, await this.tasks.finishedJobs(tx, task.id), settings);
  }

  private async endPreprocessing(tx: Tx, task: FinalisableTask, succeeded: boolean): Promise<boolean> {
    if (!succeeded) return this.tasks.move(tx, task.id, 'preprocessingFailed', 'Preprocessing step failed');
    const rule = SplitRule.parse(task.splitRule).with('usePrePro', splitRuleValues.usePrePro.done);
    await this.tasks.writeSplitRule(tx, task.id, rule.toString());
    return this.tasks.move(tx, task.id, 'preprocessed', null);
  }
}

/** Nothing is left for another agent to do: its claim may be taken away, which undoes none of its work. */
function endsWork(verdict: Finalisation): boolean {
  if (verdict.kind === 'measure') return verdict.avalanche.why !== 'enoughFinished';
  return verdict.kind !== 'wait';
}

function dialogOf(outcome: ScoutOutcome, { verdict }: TaskMeasured): string | null {
  if (outcome.event === 'foundBroken') return outcome.reason;
  return outcome.event === 'foundExhausted' && verdict.kind === 'exhausted' ? `${verdict.code}: ${verdict.reason}` : null;
}

function snapshotOf(task: FinalisableTask) {
  return {
    ...task,
    status: task.status as TaskStatus,
    useScout: SplitRule.parse(task.splitRule).get('useScout'),
    masters: task.masters.map((master) => ({
      ...master,
      state: master.state as DatasetState | null,
      stateCheckTime: master.stateCheckTime === null ? null : new Date(`${master.stateCheckTime}Z`),
      isReady: master.status === inputDatasetStatus.ready,
    })),
  };
}

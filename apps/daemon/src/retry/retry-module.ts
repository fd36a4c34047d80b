import { Injectable } from '@nestjs/common';
import { AgentRuntime } from '@panda/agents';
import { FailedJobRepository, type FailedJobRow, type JobOutcome, OperatorTables, type TaskNeeds } from '@panda/database';
import {
  jobMachine,
  jobStatus,
  judgeRetry,
  parseQueue,
  type RetryEffect,
  type RetryRule,
  ramIsPerCore,
  readRetryRules,
  resourceTypeOfTask,
  rowsOf,
} from '@panda/domain';
import { failedJob } from './failed-job.js';

export interface Retried {
  /** With the attempts and memory that the rules leave to the input. */
  readonly outcomes: JobOutcome[];
  readonly needs: TaskNeeds[];
}

interface Decided {
  readonly row: FailedJobRow;
  readonly effects: readonly RetryEffect[];
  readonly explanation: string;
}

/** Operators' rules about failed jobs: no more attempts, fewer, more memory, more time. Spec: Job Retry Module. */
@Injectable()
export class RetryModule {
  private readonly complained = new Set<string>();

  constructor(
    private readonly jobs: FailedJobRepository,
    private readonly tables: OperatorTables,
    private readonly runtime: AgentRuntime,
  ) {}

  /** Looks at the outcomes that fail their job before they are written. */
  async judge(outcomes: readonly JobOutcome[]): Promise<Retried> {
    const failing = new Map(outcomes.filter(fails).map((outcome) => [outcome.pandaId, outcome]));
    const rules = failing.size > 0 ? await this.rules() : [];
    if (rules.length === 0) return { outcomes: [...outcomes], needs: [] };
    const powers = await this.corePowers();
    const decided: Decided[] = [];
    for (const row of await this.jobs.look([...failing.keys()])) {
      const outcome = failing.get(row.pandaId);
      const decisions = outcome && judgeRetry(rules, failedJob(row, outcome, powers.get(row.queue ?? '') ?? null), row.now);
      if (!decisions || decisions.length === 0) continue;
      const explanation = decisions.map((decision) => decision.explanation).join('; ');
      this.runtime.log.info('retry rules', { pandaId: row.pandaId, jediTaskId: row.jediTaskId, explanation });
      decided.push({ row, effects: decisions.filter(({ active }) => active).map(({ effect }) => effect), explanation });
    }
    const byId = new Map(decided.map((one) => [one.row.pandaId, one]));
    return {
      outcomes: outcomes.map((outcome) => ({ ...outcome, ...inputLimits(byId.get(outcome.pandaId)?.effects ?? []) })),
      needs: await this.needs(decided),
    };
  }

  private async rules(): Promise<readonly RetryRule[]> {
    const rows = await this.tables.retryRules();
    const { rules, refused } = readRetryRules(rows.map((row) => ({ ...row, retryErrorId: row.id, expirationDate: row.expires })));
    for (const { message } of refused) {
      if (!this.complained.has(message)) this.runtime.log.warn('a retry rule is not used', { reason: message });
      this.complained.add(message);
    }
    return rules;
  }

  private async corePowers(): Promise<Map<string, number>> {
    const queues = await this.tables.queues();
    return new Map(queues.map(({ name, data }) => [name, parseQueue(name, data).corePower]));
  }

  private async needs(decided: readonly Decided[]): Promise<TaskNeeds[]> {
    const types = await this.tables.resourceTypes();
    const tasks = [...new Set(decided.map(({ row }) => row.jediTaskId))];
    return tasks.map((jediTaskId) => {
      const mine = decided.filter(({ row }) => row.jediTaskId === jediTaskId);
      const effects = mine.flatMap((one) => one.effects);
      const ramCount = highest(effects.flatMap((effect) => (effect.kind === 'raiseTask' ? effect.ramCount : [])));
      const task = mine[0]?.row.task;
      return {
        jediTaskId,
        ramCount,
        resourceType: task && ramCount !== null ? resourceTypeOfTask(types, taskMemory(task, ramCount)) : null,
        cpuTime: cpuTimeInUnit(
          task,
          highest(effects.flatMap((effect) => (effect.kind === 'raiseCpuTime' ? effect.cpuTime : []))),
        ),
        remeasure: effects.some(({ kind }) => kind === 'remeasure'),
        decisions: mine.map(({ row, explanation }) => ({ pandaId: row.pandaId, explanation })),
      };
    });
  }
}

function fails({ event }: JobOutcome): boolean {
  return rowsOf(jobMachine, event).some(({ to }) => to === jobStatus.failed);
}

function highest(values: readonly number[]): number | null {
  return values.length > 0 ? Math.max(...values) : null;
}

/** What the rules leave to the input files of one job. */
function inputLimits(effects: readonly RetryEffect[]): Pick<JobOutcome, 'maxAttempt' | 'ramCountMb'> {
  const attempts = effects.flatMap((effect) => (effect.kind === 'limitAttempts' ? effect.maxAttempt : []));
  const memory = highest(effects.flatMap((effect) => (effect.kind === 'raiseFiles' ? effect.ramCount : [])));
  return {
    ...(attempts.length > 0 ? { maxAttempt: Math.min(...attempts) } : {}),
    ...(memory === null ? {} : { ramCountMb: memory }),
  };
}

function taskMemory(task: FailedJobRow['task'], ramCount: number) {
  const { coreCount, ramUnit, baseRamCount } = task;
  return { coreCount, ramCount, baseRamCount, ramPerCore: ramIsPerCore({ ramUnit, baseRamCount: baseRamCount ?? 0 }) };
}

/** HS06 seconds per event in the unit of the task: `m…` counts thousandths. */
function cpuTimeInUnit(task: FailedJobRow['task'] | undefined, seconds: number | null): number | null {
  return seconds !== null && task?.cpuTimeUnit?.startsWith('m') ? seconds * 1_000 : seconds;
}

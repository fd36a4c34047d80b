import { Inject, Injectable } from '@nestjs/common';
import { AgentRuntime, PeriodicScript, type ScriptRun } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { type JobOutcome, OperatorTables, PresenceRepository, type TimedJobRow, TimeoutRepository } from '@panda/database';
import {
  dispatchedJobStatuses,
  finalWorkerStatuses,
  heartbeatExtensionS,
  judgeTimeout,
  sweepBudget,
  type TimedQueue,
  type TimeoutContext,
  type TimeoutVerdict,
  timeoutFloors,
} from '@panda/domain';
import { RetryModule } from '../retry/retry-module.js';
import { timedJob, timedQueues, timeoutOutcome } from './timed-job.js';
import { configuredHours, rebrokerLimits, watcherLimits } from './timeout-limits.js';

/** Jobs looked at by one statement, and ended by one transaction. */
const PAGE = 1_000;
const CHUNK = 200;
/** A queue where nothing started for longer than this is inactive to every rule. */
const LAST_START_H = 6;
/** A full heartbeat period: an interruption lengthens the limits this long after its end. s. */
const HEARTBEAT_PERIOD_S = 7_200;
/** Accounts without activity for longer are idle to every rule. s. */
const ACCOUNT_IDLE_S = 86_400;

interface World {
  readonly queues: ReadonlyMap<string, TimedQueue>;
  readonly lastStarts: ReadonlyMap<string, Date>;
  readonly configured: TimeoutContext['configured'];
  readonly extensionS: number;
}

interface TimedOut {
  readonly row: TimedJobRow;
  readonly verdict: TimeoutVerdict;
  readonly outcome: JobOutcome;
}

/** Ends jobs that waited too long: lost heartbeats, hand-outs without reply, outputs that never came. Spec: Brokerage › Timeout Rules. */
@Injectable()
export class WatcherScript extends PeriodicScript {
  readonly name = 'watcher';

  constructor(
    private readonly jobs: TimeoutRepository,
    private readonly presence: PresenceRepository,
    private readonly tables: OperatorTables,
    @Inject(OperationalConfig) private readonly config: OperationalConfig,
    private readonly retry: RetryModule,
    private readonly runtime: AgentRuntime,
  ) {
    super();
  }

  async run(run: ScriptRun): Promise<boolean> {
    const world = await this.look();
    let budget = this.config.get(watcherLimits.SWEEP_MAX_FAILED) ?? sweepBudget(await this.jobs.count(dispatchedJobStatuses));
    const floors = timeoutFloors(
      world.configured,
      [...world.queues.values()].flatMap(({ workflow }) => workflow ?? []),
    );
    const asksAccounts = this.config.get(rebrokerLimits.ANALY_TIMEOUT) !== undefined;
    const accountIdleS = asksAccounts ? ACCOUNT_IDLE_S : null;
    for (let after = 0; !run.signal.aborted; ) {
      const rows = await this.jobs.look({ floors, after, endedWorkers: finalWorkerStatuses, accountIdleS, limit: PAGE });
      const timedOut = rows.flatMap((row) => judged(row, world));
      const ends = withinBudget(timedOut, budget);
      budget -= ends.filter(isFailure).length;
      if (ends.length < timedOut.length) this.warn(timedOut.length - ends.length);
      await this.end(ends, run);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) break;
      after = last.pandaId;
    }
    return false;
  }

  private async look(): Promise<World> {
    const lastStarts = await this.jobs.lastStarts(LAST_START_H);
    const [queues, interruptions] = await Promise.all([
      timedQueues(this.tables, lastStarts),
      this.presence.interruptions(HEARTBEAT_PERIOD_S),
    ]);
    const now = interruptions[0]?.now;
    const extensionS = now ? heartbeatExtensionS(interruptions, now, HEARTBEAT_PERIOD_S) : 0;
    if (extensionS > 0) this.runtime.log.warn('heartbeat limits are longer: we were away', { extensionS });
    return { queues, lastStarts, configured: configuredHours(this.config), extensionS };
  }

  private async end(timedOut: readonly TimedOut[], { signal, fence }: ScriptRun): Promise<void> {
    for (let from = 0; from < timedOut.length && !signal.aborted; from += CHUNK) {
      const chunk = timedOut.slice(from, from + CHUNK);
      const { outcomes, needs } = await this.retry.judge(chunk.map(({ outcome }) => outcome));
      const { settled } = await this.jobs.end(outcomes, needs, fence);
      const ended = new Set(settled.map(({ pandaId }) => pandaId));
      for (const { row, verdict } of chunk) {
        if (ended.has(row.pandaId)) this.runtime.log.info('job timed out', { pandaId: row.pandaId, reason: verdict.diag });
      }
    }
  }

  private warn(left: number): void {
    this.runtime.log.error('more jobs timed out than one sweep may fail: is it them, or is it us?', {
      left,
      override: `CONFIG row pandaserver.watcher.${watcherLimits.SWEEP_MAX_FAILED.name}`,
    });
  }
}

const isFailure = ({ verdict }: TimedOut) => 'fail' in verdict.result;

function judged(row: TimedJobRow, { queues, lastStarts, configured, extensionS }: World): TimedOut[] {
  const verdict = judgeTimeout(timedJob(row, queues, lastStarts), { now: row.now, configured, extensionS });
  const outcome = verdict && timeoutOutcome(row, verdict);
  return verdict && outcome ? [{ row, verdict, outcome }] : [];
}

/** Jobs that never ran are cheap to make again; only those that fail count. */
function withinBudget(timedOut: readonly TimedOut[], budget: number): TimedOut[] {
  let left = budget;
  return timedOut.filter((one) => !isFailure(one) || left-- > 0);
}

import { Inject, Injectable } from '@nestjs/common';
import { AgentRuntime, PeriodicScript, type ScriptRun } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { PriorityRepository } from '@panda/database';
import { userPriorityStart, waitingJobPriority, waitingLimitS } from '@panda/domain';
import { configuredHours } from '../watcher/timeout-limits.js';

/** Jobs looked at by one query, which has to number all of its kind: large, so that there are few. */
const PORTION = 50_000;
/** Jobs changed by one transaction: a pilot that asks meanwhile passes over them. */
const WRITTEN_AT_ONCE = 2_000;

/** Raises what waits, so that it runs before it expires. Spec: FAQ › How job priorities are calculated. */
@Injectable()
export class PrioritiesScript extends PeriodicScript {
  readonly name = 'priorities';

  constructor(
    private readonly priorities: PriorityRepository,
    @Inject(OperationalConfig) private readonly operational: OperationalConfig,
    private readonly runtime: AgentRuntime,
  ) {
    super();
  }

  async run({ fence, signal }: ScriptRun): Promise<boolean> {
    const expiresAfterS = waitingLimitS(configuredHours(this.operational));
    let after = 0;
    let raised = 0;
    for (let full = true; full && !signal.aborted; ) {
      const jobs = await this.priorities.waiting(userPriorityStart, after, PORTION);
      const due = jobs
        .map((job) => ({ id: job.pandaId, current: job.current, priority: waitingJobPriority({ ...job, expiresAfterS }) }))
        .filter(({ current, priority }) => priority > current);
      for (let i = 0; i < due.length && !signal.aborted; i += WRITTEN_AT_ONCE) {
        raised += await this.priorities.raise(due.slice(i, i + WRITTEN_AT_ONCE), fence);
      }
      after = jobs.at(-1)?.pandaId ?? after;
      full = jobs.length === PORTION;
    }
    if (raised > 0) this.runtime.log.info('priorities raised', { jobs: raised });
    return false;
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { AgentRuntime, PeriodicScript, type ScriptRun } from '@panda/agents';
import { OperationalConfig } from '@panda/config';
import { RebrokerageRepository } from '@panda/database';
import { judgeFastRebrokerage, type RebrokerageLimits, rebrokerageDefaults } from '@panda/domain';
import { rebrokerLimits } from './timeout-limits.js';

/** Takes jobs away from queues where they pile up, so that they are made again elsewhere. Spec: Brokerage › Timeout Rules, fast rebrokerage. */
@Injectable()
export class FastRebrokerageScript extends PeriodicScript {
  readonly name = 'fastRebrokerage';

  constructor(
    private readonly jobs: RebrokerageRepository,
    @Inject(OperationalConfig) private readonly config: OperationalConfig,
    private readonly runtime: AgentRuntime,
  ) {
    super();
  }

  async run({ fence, signal }: ScriptRun): Promise<boolean> {
    const limits = this.limits();
    for (const share of await this.jobs.queuedShares()) {
      if (signal.aborted) break;
      const verdict = judgeFastRebrokerage(share, limits);
      if (verdict === undefined) continue;
      const { queue, gshare, jobs, dryRun } = verdict;
      const facts = { queue, gshare, queued: share.queued, running: share.running, jobs };
      if (dryRun) this.runtime.log.info('jobs pile up; they stay, as their share has no threshold', facts);
      else
        this.runtime.log.info('jobs taken away from a queue', { ...facts, ended: await this.jobs.takeAway(share, jobs, fence) });
    }
    return false;
  }

  private limits(): RebrokerageLimits {
    const { config } = this;
    return {
      queuedPerRunning: config.get(rebrokerLimits.FAST_REBRO_THRESHOLD_NQNR_RATIO) ?? rebrokerageDefaults.queuedPerRunning,
      partOfAll: config.get(rebrokerLimits.FAST_REBRO_THRESHOLD_NQUEUE_FRAC) ?? rebrokerageDefaults.partOfAll,
      queued: (gshare) => config.get(rebrokerLimits['FAST_REBRO_THRESHOLD_NQUEUE_<gshare>'], { fill: { gshare } }),
    };
  }
}

import { Inject, Injectable } from '@nestjs/common';
import { AgentRuntime, PeriodicScript, type ScriptRun } from '@panda/agents';
import { type Expired, RetentionRepository } from '@panda/database';
import { type DaemonConfig, daemonKeys } from '../daemon.config.js';

/** Rows deleted by one transaction. */
const PORTION = 5_000;
/** An idempotency key serves repeats of one request: a day outlasts every client. */
const KEYS_DAYS = 1;
/** Verdicts answer "why does this task wait?", which nobody asks about a task of last quarter. */
const VERDICTS_DAYS = 90;

/** Makes partitions ahead of time, drops those past theirs, and deletes rows nobody needs any more, in bounded portions. */
@Injectable()
export class RetentionScript extends PeriodicScript {
  readonly name = 'retention';

  constructor(
    private readonly retention: RetentionRepository,
    private readonly runtime: AgentRuntime,
    @Inject(daemonKeys.token) private readonly config: DaemonConfig,
  ) {
    super();
  }

  async run({ fence, signal }: ScriptRun): Promise<boolean> {
    for (const done of await this.retention.maintainPartitions(fence)) this.runtime.log.info('partition', { done });
    for (const [what, days] of Object.entries(this.limits()) as [Expired, number][]) {
      let gone = 0;
      let portion: number;
      do {
        portion = await this.retention.prune(what, days, PORTION, fence);
        gone += portion;
      } while (portion === PORTION && !signal.aborted);
      if (gone > 0) this.runtime.log.info('old rows deleted', { what, days, rows: gone });
      if (signal.aborted) break;
    }
    return false;
  }

  private limits(): Readonly<Record<Expired, number>> {
    return {
      idempotency: KEYS_DAYS,
      verdicts: VERDICTS_DAYS,
      inbox: this.config.keepMessagesDays,
      outbox: this.config.keepMessagesDays,
      handouts: this.config.keepHandoutsDays,
      workers: this.config.keepWorkersDays,
      audit: this.config.keepAuditDays,
      register: this.config.keepRegisterDays,
    };
  }
}

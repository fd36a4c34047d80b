import { Inject, Injectable } from '@nestjs/common';
import { PeriodicScript } from '@panda/agents';
import { defineOperational, OperationalConfig } from '@panda/config';
import { WatchdogRepository } from '@panda/database';
import { judgePending, Log, type PendingSettings, releaseMinutes, type TaskStatus } from '@panda/domain';
import { type WatchdogConfig, watchdogKeys } from '../watchdog.config.js';

export const pendingLimits = defineOperational(
  { app: 'jedi', component: 'watchdog' },
  {
    'PENDING_TIMEOUT_<label>': {
      type: 'int',
      unit: 'h',
      doc: 'Time in pending after which the user of a task must decide; no row: PANDA_WATCHDOG_PENDING_TIMEOUT.',
      readBy: 'jedi-watchdog › release-pending',
    },
  },
);

/** Priority above every limit: the shortest waiting time of all. */
const MOST_URGENT = 10_000;

/** Pending tasks try again where they were, urgent ones sooner; those that waited too long are exhausted. */
@Injectable()
export class ReleasePending extends PeriodicScript {
  readonly name = 'release-pending';

  constructor(
    private readonly tasks: WatchdogRepository,
    @Inject(watchdogKeys.token) private readonly config: WatchdogConfig,
    @Inject(OperationalConfig) private readonly operational: OperationalConfig,
    private readonly log: Log,
  ) {
    super();
  }

  async run(): Promise<boolean> {
    const shortest = releaseMinutes(MOST_URGENT, this.settings({ vo: null, label: null })) * 60;
    const { rows, more } = await this.tasks.pending(shortest);
    const released: number[] = [];
    for (const row of rows) {
      const task = { ...row, parentStatus: row.parentStatus as TaskStatus | null };
      const verdict = judgePending(task, this.settings(row), row.now);
      if (verdict.event === 'released') released.push(row.id);
      if (verdict.event !== 'pendingExpired') continue;
      await this.tasks.move([row.id], verdict.event, { errorDialog: verdict.dialog, frozen: 'clear' });
      this.log.warn('pending task timed out', { jediTaskId: row.id, reason: verdict.dialog });
    }
    const moved = await this.tasks.move(released, 'released');
    return more && moved > 0;
  }

  private settings({ vo, label }: { vo: string | null; label: string | null }): PendingSettings {
    const lookup = { ...(vo ? { vo } : {}), fill: { label: label ?? 'any' } };
    const hours = this.operational.get(pendingLimits['PENDING_TIMEOUT_<label>'], lookup);
    return {
      releaseMinutes: this.config.pendingRetryMs / 60_000,
      timeoutHours: hours ?? this.config.pendingTimeoutMs / 3_600_000,
    };
  }
}

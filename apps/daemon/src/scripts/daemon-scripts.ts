import { Inject, Injectable } from '@nestjs/common';
import { AgentRuntime, Leases, ScheduledScripts } from '@panda/agents';
import { runtimeKeys } from '@panda/runtime';
import { type DaemonConfig, daemonKeys, daemonSchedule } from '../daemon.config.js';
import { MailsScript } from '../mail/mails.script.js';
import { FastRebrokerageScript } from '../watcher/fast-rebrokerage.script.js';
import { WatcherScript } from '../watcher/watcher.script.js';
import { PrioritiesScript } from './priorities.script.js';
import { RetentionScript } from './retention.script.js';
import { StatisticsScript, TypicalInputScript } from './statistics.script.js';

/** The periodic scripts of the server. Spec: PanDA server › PanDA daemon. */
@Injectable()
export class DaemonScripts extends ScheduledScripts {
  constructor(
    runtime: AgentRuntime,
    leases: Leases,
    @Inject(daemonKeys.token) config: DaemonConfig,
    statistics: StatisticsScript,
    typicalInput: TypicalInputScript,
    retention: RetentionScript,
    watcher: WatcherScript,
    priorities: PrioritiesScript,
    mails: MailsScript,
    fastRebrokerage: FastRebrokerageScript,
  ) {
    const pool = { workers: config.workers, drainMs: runtimeKeys.read().drainLimit };
    const all = [statistics, typicalInput, retention, watcher, priorities, mails, fastRebrokerage];
    super(all, daemonSchedule(config), runtime, leases, pool);
  }
}

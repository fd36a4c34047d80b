import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import {
  AdderRepository,
  DatabaseModule,
  FailedJobRepository,
  MailRepository,
  PresenceRepository,
  PriorityRepository,
  RebrokerageRepository,
  RetentionRepository,
  StatisticsRepository,
  TimeoutRepository,
} from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { AdderAgent } from './adder/adder.agent.js';
import { adderKeys } from './adder/adder.config.js';
import { AdderConsumer } from './adder/adder.consumer.js';
import { OutputRegistration } from './adder/output-registration.js';
import { daemonKeys } from './daemon.config.js';
import { MailsScript } from './mail/mails.script.js';
import { RetryModule } from './retry/retry-module.js';
import { DaemonScripts } from './scripts/daemon-scripts.js';
import { PrioritiesScript } from './scripts/priorities.script.js';
import { RetentionScript } from './scripts/retention.script.js';
import { StatisticsScript, TypicalInputScript } from './scripts/statistics.script.js';
import { FastRebrokerageScript } from './watcher/fast-rebrokerage.script.js';
import { WatcherScript } from './watcher/watcher.script.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [AdderConsumer],
  providers: [
    ...[adderKeys.provider, AdderRepository, OutputRegistration, AdderAgent],
    ...[FailedJobRepository, RetryModule],
    ...[daemonKeys.provider, DaemonScripts],
    ...[StatisticsRepository, StatisticsScript, TypicalInputScript],
    ...[RetentionRepository, RetentionScript],
    ...[RebrokerageRepository, FastRebrokerageScript],
    ...[MailRepository, MailsScript],
    ...[PriorityRepository, PrioritiesScript],
    ...[TimeoutRepository, PresenceRepository, WatcherScript],
  ],
})
export class DaemonModule {}

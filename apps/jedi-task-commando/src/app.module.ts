import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { CommandRepository, DatabaseModule, FinalisationRepository, RetryRepository } from '@panda/database';
import { RuntimeModule } from '@panda/runtime';
import { CommandAcceptance } from './command-acceptance.js';
import { FinishTask } from './commands/finish.js';
import { IncrementalExecution } from './commands/incexec.js';
import { KillTask } from './commands/kill.js';
import { ReassignTask } from './commands/reassign.js';
import { RetryTask } from './commands/retry.js';
import { TaskCommandoAgent } from './task-commando.agent.js';
import { taskCommandoKeys } from './task-commando.config.js';
import { TaskCommandoConsumer } from './task-commando.consumer.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule],
  controllers: [TaskCommandoConsumer],
  providers: [
    taskCommandoKeys.provider,
    CommandRepository,
    FinalisationRepository,
    RetryRepository,
    CommandAcceptance,
    KillTask,
    FinishTask,
    RetryTask,
    IncrementalExecution,
    ReassignTask,
    TaskCommandoAgent,
  ],
})
export class JediTaskCommandoModule {}

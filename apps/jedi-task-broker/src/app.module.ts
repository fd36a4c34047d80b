import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, TaskBrokerRepository, TaskClaims } from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { Nuclei } from './nuclei.js';
import { TaskBrokerAgent } from './task-broker.agent.js';
import { taskBrokerKeys } from './task-broker.config.js';
import { TaskBrokerConsumer } from './task-broker.consumer.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [TaskBrokerConsumer],
  providers: [taskBrokerKeys.provider, TaskClaims, TaskBrokerRepository, Nuclei, TaskBrokerAgent],
})
export class JediTaskBrokerModule {}

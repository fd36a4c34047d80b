import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, RefinementRepository, TaskClaims } from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { RefineWorldReader } from './refine-world.js';
import { TaskRefinerAgent } from './task-refiner.agent.js';
import { taskRefinerKeys } from './task-refiner.config.js';
import { TaskRefinerConsumer } from './task-refiner.consumer.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [TaskRefinerConsumer],
  providers: [taskRefinerKeys.provider, TaskClaims, RefinementRepository, RefineWorldReader, TaskRefinerAgent],
})
export class JediTaskRefinerModule {}

import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { ConclusionRepository, DatabaseModule, TaskClaims } from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { OutputValidation } from './output-validation.js';
import { PostProcessorAgent } from './post-processor.agent.js';
import { postProcessorKeys } from './post-processor.config.js';
import { PostProcessorConsumer } from './post-processor.consumer.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [PostProcessorConsumer],
  providers: [postProcessorKeys.provider, TaskClaims, ConclusionRepository, OutputValidation, PostProcessorAgent],
})
export class JediPostProcessorModule {}

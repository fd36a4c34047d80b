import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, GenerationRepository, PriorityRepository, TaskClaims } from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { BrokerageWorldReader } from './brokerage-world.js';
import { ChunkReader } from './chunk-reader.js';
import { JobGeneratorAgent } from './job-generator.agent.js';
import { jobGeneratorKeys } from './job-generator.config.js';
import { JobGeneratorConsumer } from './job-generator.consumer.js';
import { JobMaker } from './job-maker.js';
import { Libraries } from './libraries.js';
import { OutputStreams } from './output-streams.js';
import { Policies } from './policies.js';
import { PreprocessingStep } from './preprocessing-step.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [JobGeneratorConsumer],
  providers: [
    jobGeneratorKeys.provider,
    TaskClaims,
    GenerationRepository,
    PriorityRepository,
    Policies,
    BrokerageWorldReader,
    ChunkReader,
    OutputStreams,
    Libraries,
    JobMaker,
    PreprocessingStep,
    JobGeneratorAgent,
  ],
})
export class JediJobGeneratorModule {}

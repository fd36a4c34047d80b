import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, FeedingRepository, TaskClaims } from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { ContentsFeederAgent } from './contents-feeder.agent.js';
import { contentsFeederKeys } from './contents-feeder.config.js';
import { ContentsFeederConsumer } from './contents-feeder.consumer.js';
import { DatasetListing } from './dataset-listing.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [ContentsFeederConsumer],
  providers: [contentsFeederKeys.provider, TaskClaims, FeedingRepository, DatasetListing, ContentsFeederAgent],
})
export class JediContentsFeederModule {}

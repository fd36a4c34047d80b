import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { AdderRepository, DatabaseModule } from '@panda/database';
import { DdmCatalogModule } from '@panda/ddm-catalog';
import { RuntimeModule } from '@panda/runtime';
import { AdderAgent } from './adder/adder.agent.js';
import { adderKeys } from './adder/adder.config.js';
import { AdderConsumer } from './adder/adder.consumer.js';
import { OutputRegistration } from './adder/output-registration.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule, DdmCatalogModule],
  controllers: [AdderConsumer],
  providers: [adderKeys.provider, AdderRepository, OutputRegistration, AdderAgent],
})
export class DaemonModule {}

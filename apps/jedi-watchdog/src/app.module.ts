import { Module } from '@nestjs/common';
import { AgentsModule } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, FinalisationRepository } from '@panda/database';
import { RuntimeModule } from '@panda/runtime';
import { FinalisationAgent } from './finalisation/finalisation.agent.js';
import { FinalisationConsumer } from './finalisation/finalisation.consumer.js';
import { MeasurementSettingsReader } from './finalisation/measurement-settings.js';
import { watchdogKeys } from './watchdog.config.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule],
  controllers: [FinalisationConsumer],
  providers: [watchdogKeys.provider, FinalisationRepository, MeasurementSettingsReader, FinalisationAgent],
})
export class JediWatchdogModule {}

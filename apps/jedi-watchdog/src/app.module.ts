import { Module } from '@nestjs/common';
import { AgentsModule, type PeriodicScript } from '@panda/agents';
import { BusModule } from '@panda/bus';
import { DatabaseModule, FinalisationRepository, WatchdogRepository } from '@panda/database';
import { RuntimeModule } from '@panda/runtime';
import { FinalisationAgent } from './finalisation/finalisation.agent.js';
import { FinalisationConsumer } from './finalisation/finalisation.consumer.js';
import { MeasurementSettingsReader } from './finalisation/measurement-settings.js';
import { watchdogKeys } from './watchdog.config.js';
import { WATCHDOGS, Watchdogs, watchdogs } from './watchdogs/watchdogs.js';

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule],
  controllers: [FinalisationConsumer],
  providers: [
    watchdogKeys.provider,
    FinalisationRepository,
    WatchdogRepository,
    MeasurementSettingsReader,
    FinalisationAgent,
    ...watchdogs,
    { provide: WATCHDOGS, useFactory: (...all: PeriodicScript[]) => all, inject: [...watchdogs] },
    Watchdogs,
  ],
})
export class JediWatchdogModule {}

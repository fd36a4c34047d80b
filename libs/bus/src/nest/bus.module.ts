import { Global, Module } from '@nestjs/common';
import { Database } from '@panda/database';
import { Clock, Ids } from '@panda/domain';
import { type BusConfig, busKeys } from '../bus.config.js';
import { BUS, type Bus } from '../bus.js';
import { BusRuntime } from '../bus-runtime.js';
import { DeadLetters } from '../dead-letter/dead-letters.js';
import { type OpenBus, openBus } from '../open-bus.js';
import { OutboxRelay } from '../outbox/outbox-relay.js';
import { BusClient } from './bus-client.js';
import { BusLife, OPEN_BUS } from './bus-life.js';

/** The bus of a process; needs RuntimeModule and DatabaseModule beside it. Consumers are connected by `attachBus`. */
@Global()
@Module({
  providers: [
    busKeys.provider,
    BusRuntime,
    {
      provide: OPEN_BUS,
      useFactory: (config: BusConfig, database: Database, runtime: BusRuntime) => openBus(config, database, runtime),
      inject: [busKeys.token, Database, BusRuntime],
    },
    { provide: BUS, useFactory: ({ bus }: OpenBus) => bus, inject: [OPEN_BUS] },
    {
      provide: OutboxRelay,
      useFactory: (config: BusConfig, database: Database, bus: Bus, runtime: BusRuntime) =>
        new OutboxRelay(database, bus, runtime, { batch: config.relayBatch, pollMs: config.relayPoll }),
      inject: [busKeys.token, Database, BUS, BusRuntime],
    },
    {
      provide: DeadLetters,
      useFactory: (database: Database, bus: Bus) => new DeadLetters(database, bus),
      inject: [Database, BUS],
    },
    {
      provide: BusClient,
      useFactory: (bus: Bus, ids: Ids, clock: Clock, config: BusConfig) => new BusClient(bus, ids, clock, config.prefix),
      inject: [BUS, Ids, Clock, busKeys.token],
    },
    BusLife,
  ],
  exports: [BUS, OutboxRelay, DeadLetters, BusClient],
})
export class BusModule {}

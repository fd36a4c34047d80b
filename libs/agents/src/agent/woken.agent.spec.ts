import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Injectable, Module } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { attachBus, BusModule, busKeys, Consumes, type Delivery, nudgedIds } from '@panda/bus';
import { topics } from '@panda/contracts';
import { Database, DatabaseModule, databaseKeys, nudge } from '@panda/database';
import { Log, RuntimeModule } from '@panda/runtime';
import { Gathered, pg, RecordingLog, type TestDatabase } from '@panda/testing';
import { AgentsModule } from '../agents.module.js';
import { Agent } from './agent.js';
import { AgentRuntime } from './agent-runtime.js';
import { type CycleReport, IDLE } from './cycle-report.js';
import type { Wake } from './wake-queue.js';

const SETTINGS = { sweepMs: 3_600_000, concurrency: 1, batch: 100, drainMs: 5_000 };

@Injectable()
class Refiner extends Agent {
  readonly wakes = new Gathered<Wake>();

  constructor(runtime: AgentRuntime) {
    super('refiner', runtime, SETTINGS);
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    this.wakes.add(wake);
    return IDLE;
  }
}

@Controller()
class RefinerConsumer {
  constructor(private readonly agent: Refiner) {}

  @Consumes(topics.taskSubmitted, 'jedi-task-refiner', { batch: 20 })
  wake(@Payload() deliveries: readonly Delivery[]): void {
    this.agent.wake(nudgedIds(deliveries));
  }
}

@Module({
  imports: [RuntimeModule, DatabaseModule, BusModule, AgentsModule],
  providers: [Refiner],
  controllers: [RefinerConsumer],
})
class RefinerModule {}

describe('an agent in its application', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  const log = new RecordingLog();
  beforeAll(async () => {
    db = await pg();
    const module = await Test.createTestingModule({ imports: [RefinerModule] })
      .overrideProvider(Log)
      .useValue(log)
      .overrideProvider(databaseKeys.token)
      .useValue(databaseKeys.with({ url: db.url }))
      .overrideProvider(busKeys.token)
      .useValue(busKeys.with({ driver: 'postgres', poll: 25, relayPoll: 25 }))
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await attachBus(app);
    await app.init();
  });
  afterAll(() => db.close());

  it('sweeps when it starts, and is woken by the commit that made work', async () => {
    const agent = app.get(Refiner);
    await agent.wakes.count(1);
    await app.get(Database).transaction((tx) => nudge(tx, topics.taskSubmitted, [11, 12]));
    await agent.wakes.count(2);
    expect(agent.wakes.items).toEqual([
      { ids: [], sweep: true },
      { ids: [11, 12], sweep: false },
    ]);
  });

  it('stops with its application, without an error', async () => {
    await app.close();
    expect(log.messages('error')).toEqual([]);
  });
});

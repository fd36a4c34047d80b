import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { topics } from '@panda/contracts';
import { Database, DatabaseModule, databaseKeys, nudge } from '@panda/database';
import { Log, RuntimeModule, ServiceHealth } from '@panda/runtime';
import { Gathered, pg, RecordingLog, type TestDatabase } from '@panda/testing';
import { lastValueFrom } from 'rxjs';
import { busKeys } from '../bus.config.js';
import type { Delivery } from '../bus.js';
import { DeadLetters } from '../dead-letter/dead-letters.js';
import { Unprocessable } from '../failure.js';
import { attachBus } from './attach-bus.js';
import { BusModule } from './bus.module.js';
import { BusClient } from './bus-client.js';
import type { BusContext } from './bus-context.js';
import { Consumes } from './consumes.js';

const batches = new Gathered<readonly Delivery[]>();
const single = new Gathered<readonly Delivery[]>();

@Controller()
class Consumers {
  @Consumes(topics.taskReady, 'jedi-job-generator', { batch: 10 })
  ready(@Payload() deliveries: readonly Delivery[], @Ctx() context: BusContext): void {
    expect(context.deliveries).toBe(deliveries);
    expect(context.overdue.aborted).toBe(false);
    batches.add(deliveries);
  }

  @EventPattern(topics.taskPrepared.name)
  async prepared(@Payload() deliveries: readonly Delivery[]): Promise<void> {
    const ids = deliveries.flatMap(({ envelope }) => (envelope.payload as { ids: number[] }).ids);
    if (ids.includes(13)) throw new Unprocessable('unlucky', 'thirteen');
    single.add(deliveries);
  }
}

describe('the bus in a Nest application', () => {
  let db: TestDatabase;
  let app: NestFastifyApplication;
  beforeAll(async () => {
    db = await pg();
    const module = await Test.createTestingModule({
      imports: [RuntimeModule, DatabaseModule, BusModule],
      controllers: [Consumers],
    })
      .overrideProvider(Log)
      .useValue(new RecordingLog())
      .overrideProvider(databaseKeys.token)
      .useValue(databaseKeys.with({ url: db.url }))
      .overrideProvider(busKeys.token)
      .useValue(busKeys.with({ driver: 'postgres', poll: 25, relayPoll: 25 }))
      .compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await attachBus(app);
    await app.init();
    app.get(ServiceHealth).started();
  });
  afterAll(async () => {
    await app.close();
    await db.close();
  });

  it('brings a nudge from the transaction that wrote it to its consumer', async () => {
    await app.get(Database).transaction((tx) => nudge(tx, topics.taskReady, [1, 2]));
    const [[delivery] = []] = await batches.count(1);
    expect(delivery?.envelope).toMatchObject({ type: 'task.ready', payload: { ids: [1, 2] } });
  });

  it('brings what its client emits to a handler bound by the name of the topic', async () => {
    await lastValueFrom(app.get(BusClient).emit(topics.taskPrepared.name, { ids: [5] }), { defaultValue: undefined });
    const [[delivery] = []] = await single.count(1);
    expect(delivery?.envelope).toMatchObject({ type: 'task.prepared', producer: 'panda', payload: { ids: [5] } });
  });

  it('lets the error of a handler decide what becomes of its message', async () => {
    await app.get(Database).transaction((tx) => nudge(tx, topics.taskPrepared, [13]));
    for (;;) {
      const [letter] = await app.get(DeadLetters).list();
      if (letter) {
        expect(letter).toMatchObject({ reason_code: 'unlucky', reason_text: 'thirteen', consumer: 'jedi-post-processor' });
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, 10)); // polls the table the bus writes
    }
  });

  it('refuses to emit what no topic is declared for', async () => {
    await expect(lastValueFrom(app.get(BusClient).emit('task.unknown', {}))).rejects.toThrow('names no topic');
  });

  it('takes part in the readiness of the service', async () => {
    expect(await app.get(ServiceHealth).readiness()).toMatchObject({ ok: true, checks: { bus: 'ok', database: 'ok' } });
  });
});

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { ConfigRows, defineOperational, OperationalConfig } from '@panda/config';
import {
  ConfigValue,
  Database,
  DatabaseModule,
  databaseKeys,
  GlobalShare,
  OperatorTables,
  pingDatabase,
  SchemaTooOld,
} from '@panda/database';
import { Clock, Health, Log, Metrics, Random } from '@panda/domain';
import { PromMetrics } from '@panda/runtime';
import { aQueue, FakeClock, insertRows, pg, RecordingLog, SeededRandom, type TestDatabase } from '@panda/testing';
import { validate } from 'class-validator';
import { DataSource } from 'typeorm';

const clock = new FakeClock();
const log = new RecordingLog();
const metrics = new PromMetrics({ service: 'test', defaults: false });
const checks = new Map<string, () => Promise<void>>();

@Global()
@Module({
  providers: [
    { provide: Log, useValue: log },
    { provide: Metrics, useValue: metrics },
    { provide: Clock, useValue: clock },
    { provide: Random, useValue: new SeededRandom() },
    { provide: Health, useValue: { register: (name: string, check: () => Promise<void>) => checks.set(name, check) } },
  ],
  exports: [Log, Clock, Random, Health, Metrics],
})
class Ports {}

const brokerKeys = defineOperational(
  { app: 'jedi', component: 'testbroker' },
  { NQUEUED_CAP: { type: 'int', default: 50, doc: 'test', readBy: 'this test' } },
);

describe('operators change the running system by SQL', () => {
  let db: TestDatabase;
  const boot = (url = db.url, logStatements = false) =>
    Test.createTestingModule({ imports: [Ports, DatabaseModule] })
      .overrideProvider(databaseKeys.token)
      .useValue(databaseKeys.with({ url, poolMax: 2, logStatements }))
      .compile();
  beforeAll(async () => {
    db = await pg();
  }, 60_000);
  afterAll(() => db.close());

  it('CONFIG-01 CONFIG-02 CONFIG-03 a row of CONFIG takes effect without a restart, typed, per VO', async () => {
    const module = await boot();
    await module.init();
    const config = new OperationalConfig(module.get(ConfigRows));
    await config.refresh();
    expect(config.get(brokerKeys.NQUEUED_CAP)).toBe(50);
    await db.database.pool.query(
      `insert into doma_panda.config (app, component, key, value, type, vo, descr)
       values ('jedi', 'testbroker', 'NQUEUED_CAP', '70', 'int', 'any', 'd'), ('jedi', 'testbroker', 'NQUEUED_CAP', '90', 'int', 'atlas', 'd')`,
    );
    await config.refresh();
    expect([config.get(brokerKeys.NQUEUED_CAP), config.get(brokerKeys.NQUEUED_CAP, { vo: 'atlas' })]).toEqual([70, 90]);
    expect(config.find('jedi', 'testbroker', 'UNDEFINED_KEY')).toBeUndefined();
    await module.close();
  });

  it('DB-52 edits CONFIG and shares as entities, over the pool of the statements', async () => {
    const module = await boot();
    await module.init();
    const source = module.get(DataSource);
    const shares = source.getRepository(GlobalShare);
    await shares.insert({ name: 'Express', value: 5, parent: null, prodsourcelabel: 'managed' });
    expect(await shares.findOneBy({ name: 'Express' })).toMatchObject({ value: 5, throttled: null });
    const values = source.getRepository(ConfigValue);
    await values.update({ app: 'pandaserver', key: 'TIMEOUT_holding' }, { value: '48' });
    expect(await values.findOneBy({ key: 'TIMEOUT_holding' })).toMatchObject({ value: '48', type: 'int' });
    expect(module.get(Database).pool.totalCount).toBeLessThanOrEqual(2);
    await module.close();
  });

  it('says what is wrong with a row before it is written', async () => {
    const share = Object.assign(new GlobalShare(), { name: 'x'.repeat(40), value: -1, throttled: 'maybe' });
    expect((await validate(share)).map((error) => error.property).toSorted()).toEqual(['name', 'throttled', 'value']);
  });

  it('reads a table at most once in half a minute, and then sees the change', async () => {
    const tables = new OperatorTables(db.database, clock);
    expect(await tables.queues()).toEqual([]);
    await insertRows(db.database, aQueue('QUEUE_A'));
    expect(await tables.queues()).toEqual([]);
    await clock.advance(30_000);
    expect(await tables.queues()).toMatchObject([{ name: 'QUEUE_A', data: { status: 'online' } }]);
  });

  it('keeps the order in which work queues and resource types are tried', async () => {
    const tables = new OperatorTables(db.database, clock);
    expect((await tables.resourceTypes()).map(({ name }) => name).at(-1)).toBe('Undefined');
    expect((await tables.workQueues()).map(({ queueId }) => queueId)).toEqual([1, 2, 3]);
    expect((await tables.retryRules()).length).toBe(0);
  });

  it('answers health checks and closes its pool', async () => {
    const module = await boot();
    await module.init();
    await checks.get('database')?.();
    const database = module.get(Database);
    await module.close();
    await expect(database.run(pingDatabase, {})).rejects.toThrow();
  });

  it('DB-05 logs statements when the switch is on, and measures them always', async () => {
    for (const logStatements of [false, true]) {
      const module = await boot(db.url, logStatements);
      await module.init();
      log.lines.length = 0;
      await module.get(Database).run(pingDatabase, {});
      expect(log.lines.filter((line) => line.facts.statement === 'database.ping')).toHaveLength(logStatements ? 1 : 0);
      await module.close();
    }
    expect(await metrics.text()).toMatch(/panda_db_statement_seconds_count\{.*statement="database.ping"/);
  });

  it('refuses to start on a database that was never migrated', async () => {
    const empty = new URL(db.url);
    empty.pathname = '/postgres';
    const module = await boot(empty.toString());
    await expect(module.init()).rejects.toThrow(SchemaTooOld);
  });
});

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { taskStatus } from '@panda/domain';
import { bus, pg, type TestBus, type TestDatabase } from '@panda/testing';
import { demonstrated, readBooks } from './books.js';
import { type FleetBroker, hasFleetBroker, missingQueues, openFleetBroker } from './fleet-broker.js';
import { type KeptProcess, LaunchedBox } from './launched-box.js';

jest.setTimeout(600_000); // two minutes on two quiet cores

const STOP_MS = 10_000;
const LOOK_MS = 1_000;
const suite = (await hasFleetBroker()) ? describe : describe.skip;

/** The whole chain with a process for each service, over RabbitMQ, while things break. */
suite('a fleet of processes', () => {
  let broker: FleetBroker;
  let dir: string;
  let db: TestDatabase;
  let queues: TestBus;
  let fleet: LaunchedBox;

  beforeAll(async () => {
    broker = await openFleetBroker();
  });
  afterAll(() => broker?.close());

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'panda-fleet-e2e-'));
    db = await pg({ max: 2 });
    queues = bus('rabbitmq', db.database, { amqpUrl: broker.url, prefix: `e2e-${randomBytes(4).toString('hex')}` });
    fleet = start('--exit-when-done');
  });
  afterEach(async () => {
    await fleet.stop();
    await queues.close();
    await broker.forget(queues);
    await db.close();
    await rm(dir, { recursive: true, force: true });
  });

  const start = (...args: string[]) =>
    LaunchedBox.start('fleet', dir, args, {
      PANDA_FLEET_DATABASE_URL: db.url,
      PANDA_FLEET_AMQP_URL: broker.url,
      PANDA_BUS_PREFIX: queues.prefix,
    });
  const isDone = async (jediTaskId: number): Promise<boolean> => {
    const { rows } = await db.database.pool.query('select status from doma_panda.jedi_tasks where jeditaskid = $1', [jediTaskId]);
    return rows[0]?.status === taskStatus.done;
  };
  const ends = (name: string) => fleet.output.split(`${name} ended (SIGKILL) and is started again`).length - 1;
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  /** Resolves when the launcher has put another process in its place. */
  const kill = async ({ pid, name }: KeptProcess): Promise<void> => {
    process.kill(pid, 'SIGKILL');
    for (;;) {
      const now = (await fleet.processes()).find((other) => other.name === name);
      if (now !== undefined && now.pid !== pid) return;
      await pause(50);
    }
  };
  const killEach = async (services: readonly KeptProcess[]) => {
    for (const service of services) await kill(service);
  };

  it('ends a chain although each service is killed and the broker restarted, and registers each output once', async () => {
    await fleet.says(/generate (scouting|running)/);
    const services = await fleet.processes();
    expect(services.map(({ name }) => name)).toContain('gateway');
    await killEach(services);
    await fleet.says(/analyse (ready|running)/);
    await broker.restart('SIGTERM');
    expect(await missingQueues(broker.url, queues)).toEqual([]); // services declare them when they start, and none has
    await Promise.all([broker.restart('SIGKILL'), killEach(await fleet.processes())]);
    expect(fleet.output).not.toContain('a Z boson'); // all this happened during the chain
    const code = await fleet.exit();
    expect(fleet.output).toContain('a Z boson');
    expect(code).toBe(0);
    for (const { name } of services) expect(ends(name)).toBe(2);
    expect(await readBooks(db.url)).toEqual(demonstrated);
  });

  it('all killed at once, with the broker, takes up its work where it was when it is started again', async () => {
    await fleet.says(/generate running: [1-9]/);
    await Promise.all([fleet.killAll(), broker.restart('SIGKILL')]);
    fleet = start('--no-demo');
    await fleet.says(/The fleet stays up/);
    while (!(await isDone(1))) await pause(LOOK_MS);
    const { code, ms } = await fleet.interrupt();
    expect(code).toBe(0);
    expect(ms).toBeLessThan(STOP_MS);
    const generated = { broken: [], tasks: [{ jeditaskid: 1, status: taskStatus.done }], outputs: { files: 20, names: 20 } };
    expect(await readBooks(db.url)).toEqual(generated);
  });
});

import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serviceNames } from '@panda/box';
import { brokerUrl, bus, deleteQueues, type TestDatabase } from '@panda/testing';
import { ServiceProcess } from '../worker-node/service-process.js';
import { environment } from './bench-task.js';

/** All services at work on a database, however they are spread over processes. */
export interface RunningFleet {
  /** Where the API is served. */
  readonly port: number;
  stop(): Promise<void>;
}

/** As `npm start` runs it: one process, messages go through PostgreSQL. */
export async function startInOneProcess(db: TestDatabase): Promise<RunningFleet> {
  const site = await emptySite();
  const env = { ...environment(db), ...site.env, BUS: 'postgres', PANDA_DB_POOL_MAX: '16' };
  const box = await ServiceProcess.start('box', env, 'all-in-one.js');
  return { port: box.port, stop: () => box.stop().then(() => site.remove()) };
}

/** As `npm run fleet` runs it: a process for each service, with its pool, over RabbitMQ. */
export async function startInProcesses(db: TestDatabase): Promise<RunningFleet> {
  const site = await emptySite();
  const queues = bus('rabbitmq', db.database);
  const carrier = { BUS: 'rabbitmq', AMQP_URL: brokerUrl().toString(), PANDA_BUS_PREFIX: queues.prefix };
  const env = { ...environment(db), ...site.env, ...carrier, PANDA_DB_POOL_MAX: '6' };
  const services = await Promise.all(serviceNames.map((name) => ServiceProcess.start(name, env)));
  return {
    port: services[serviceNames.indexOf('gateway')]?.port ?? 0,
    stop: async () => {
      await Promise.all(services.map((service) => service.stop()));
      await queues.close();
      await deleteQueues(queues);
      await site.remove();
    },
  };
}

/** A Harvester without queues: it runs, and takes no job away. */
async function emptySite(): Promise<{ env: Record<string, string>; remove(): Promise<void> }> {
  const queues = join(tmpdir(), `bench-queues-${process.pid}.json`);
  await writeFile(queues, '{}');
  return {
    env: { PANDA_HARVESTER_QUEUECONFIG: queues, PANDA_HARVESTER_STATE: `${queues}.state` },
    remove: async () => {
      await rm(queues, { force: true });
      await rm(`${queues}.state`, { force: true, recursive: true });
    },
  };
}

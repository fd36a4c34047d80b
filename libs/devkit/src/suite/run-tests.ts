import { environment } from '@panda/config';
import { sharedServer } from './postgres.js';
import type { Project } from './projects.js';
import { sharedBroker } from './rabbitmq.js';
import type { Counts } from './results.js';
import { runProjects } from './run-jest.js';

/** Says which services the tests use, starts what is missing, runs the projects. */
export async function runTests(projects: readonly Project[]): Promise<Counts> {
  const variables = environment();
  if (projects.every((project) => project === 'unit')) return runProjects(projects, variables);
  const postgres = await sharedServer();
  const broker = await sharedBroker(variables);
  try {
    console.error(`PostgreSQL: ${postgres.origin}`);
    console.error(`RabbitMQ: ${broker.origin}`);
    const found = { DATABASE_URL: postgres.url, ...(broker.url ? { AMQP_URL: broker.url } : {}) };
    return await runProjects(projects, { ...variables, ...found });
  } finally {
    await broker.stop();
    await postgres.stop();
  }
}

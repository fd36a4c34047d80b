import { fileURLToPath } from 'node:url';
import { fleetKeys } from './launch/fleet.config.js';
import { givenDatabase } from './launch/given-servers.js';
import { parseOptions } from './launch/options.js';
import { fleetServices } from './launch/services.js';
import { run } from './run.js';

// The fleet as on a cluster, on one machine: each service is a process of its own, over RabbitMQ and PostgreSQL servers that run already.
const options = parseOptions(process.argv.slice(2), {
  name: 'npm run fleet --',
  description: 'PanDA Fleet with one process for each service, over RabbitMQ (AMQP_URL) and PostgreSQL (DATABASE_URL).',
  dir: '.panda-fleet',
});
const { databaseUrl, amqpUrl } = fleetKeys.read();
process.exitCode = await run({
  options,
  launcherEntry: fileURLToPath(import.meta.url),
  openDatabase: () => givenDatabase(databaseUrl),
  amqpUrl,
  services: fleetServices(),
  say: (line) => process.stdout.write(`${line}\n`),
}).catch(failed);

function failed(error: Error): number {
  process.stderr.write(`the fleet could not start: ${error.message}\n`);
  return 1;
}

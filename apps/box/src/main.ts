import { fileURLToPath } from 'node:url';
import { ownDatabase } from './launch/database.js';
import { parseOptions } from './launch/options.js';
import { allInOneEntry } from './launch/services.js';
import { run } from './run.js';

// The box: the whole fleet in one process, on a database of its own; messages go through PostgreSQL.
const options = parseOptions(process.argv.slice(2), {
  name: 'npm start --',
  description: 'PanDA Fleet in a box: database, identity provider, all services and pilots on this machine.',
  dir: '.panda',
});
process.exitCode = await run({
  options,
  launcherEntry: fileURLToPath(import.meta.url),
  openDatabase: ownDatabase,
  services: [{ name: 'fleet', entry: allInOneEntry, servesApi: true }],
  say: (line) => process.stdout.write(`${line}\n`),
}).catch(failed);

function failed(error: Error): number {
  process.stderr.write(`the box could not start: ${error.message}\n`);
  return 1;
}

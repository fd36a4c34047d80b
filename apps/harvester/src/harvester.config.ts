import { fileURLToPath } from 'node:url';
import { bool, type ConfigOf, defineKeys, ms, str, url } from '@panda/config';

/** What a Harvester instance is told by its operator. Periods are those of the real Harvester's template, where it has them. */
export const harvesterKeys = defineKeys('harvester', {
  id: str('PANDA_HARVESTER_ID', {
    default: 'panda-fleet',
    pattern: /^[\w.-]{1,50}$/,
    doc: 'Name of this instance at the server.',
  }),
  server: url('PANDA_HARVESTER_SERVER', {
    default: 'http://127.0.0.1:25080',
    schemes: ['http', 'https'],
    aliases: ['PANDA_API_URL_SSL'],
    doc: 'The PanDA server, for this instance and its pilots.',
  }),
  queueConfig: str('PANDA_HARVESTER_QUEUECONFIG', {
    default: 'panda_queueconfig.json',
    doc: 'Harvester queue configuration (JSON): queues, their limits and plug-ins. Read again when it changes.',
  }),
  stateDir: str('PANDA_HARVESTER_STATE', { default: 'harvester-state', doc: 'Journal of workers and their work directories.' }),
  tokenFile: str('PANDA_HARVESTER_TOKEN_FILE', {
    optional: true,
    doc: 'File with the bearer token of this instance and its pilots.',
  }),
  origin: str('PANDA_HARVESTER_ORIGIN', { optional: true, doc: 'Community and role the token speaks for.' }),
  pilot: str('PANDA_HARVESTER_PILOT', {
    default: fileURLToPath(new URL('../../pilot/dist/main.js', import.meta.url)),
    doc: 'The pilot’s program.',
  }),
  cycle: ms('PANDA_HARVESTER_CYCLE', { default: '1s', min: 20, doc: 'How often workers are looked at and new ones started.' }),
  youth: ms('PANDA_HARVESTER_YOUTH', {
    default: '3s',
    min: 0,
    doc: 'So long a new worker counts as about to take a waiting job.',
  }),
  report: ms('PANDA_HARVESTER_REPORT', {
    default: '5m',
    min: 50,
    doc: 'Workers that did not change are reported again after this.',
  }),
  commands: ms('PANDA_HARVESTER_COMMANDS', { default: '5s', min: 20, doc: 'How often the server is asked for commands.' }),
  statistics: ms('PANDA_HARVESTER_STATISTICS', { default: '5m', min: 50, doc: 'How often numbers of workers are reported.' }),
  heartbeat: ms('PANDA_HARVESTER_HEARTBEAT', { default: '10m', min: 50, doc: 'How often this instance says that it is alive.' }),
  timeout: ms('PANDA_HARVESTER_TIMEOUT', { default: '20s', min: 100, doc: 'One request to the server.' }),
  killGrace: ms('PANDA_HARVESTER_KILL_GRACE', {
    default: '200s',
    doc: 'Between SIGTERM and SIGKILL of a worker: a pilot needs time for the log and last report of its job.',
  }),
  pilotHeartbeat: ms('PANDA_HARVESTER_PILOT_HEARTBEAT', {
    default: '30s',
    min: 20,
    doc: 'Period of the pilots’ reports, and so the longest wait until one hears of a kill; 30m for tens of thousands of pilots.',
  }),
  stopWorkers: bool('PANDA_HARVESTER_STOP_WORKERS', {
    default: false,
    doc: 'End the workers when this instance stops. Otherwise they go on, and the next start finds them.',
  }),
  keepEnded: ms('PANDA_HARVESTER_KEEP_ENDED', {
    default: '1d',
    doc: 'Ended workers and their directories are kept for so long.',
  }),
});

export type HarvesterConfig = ConfigOf<typeof harvesterKeys>;

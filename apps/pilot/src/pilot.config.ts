import { type ConfigOf, defineKeys, float, int, ms, oneOf, secret, str } from '@panda/config';

/** What the batch system, harvester and the operator tell a pilot through its environment; periods are those of pilot3's default.cfg. */
export const pilotKeys = defineKeys('pilot', {
  home: str('PILOT_HOME', { optional: true, doc: 'Where caches and unsent reports lie; the current directory when absent.' }),
  spool: str('PANDA_PILOT_SPOOL', {
    optional: true,
    doc: 'Directory of job states that outlive a pilot; below PILOT_HOME when absent.',
  }),
  tokenFile: str('PILOT_TOKEN_FILE', {
    optional: true,
    aliases: ['OIDC_REFRESHED_AUTH_TOKEN', 'OIDC_AUTH_TOKEN', 'PANDA_AUTH_TOKEN'],
    doc: 'File with the bearer token.',
  }),
  tokenDir: str('PILOT_TOKEN_DIR', {
    optional: true,
    aliases: ['OIDC_AUTH_DIR', 'PANDA_AUTH_DIR'],
    doc: 'Directory of the token file when its name is relative.',
  }),
  origin: str('PANDA_PILOT_ORIGIN', {
    optional: true,
    aliases: ['OIDC_AUTH_ORIGIN', 'PANDA_AUTH_ORIGIN'],
    doc: 'Community and role the token speaks for, sent as Origin.',
  }),
  proxy: secret('PANDA_PILOT_PROXY', { optional: true, aliases: ['X509_USER_PROXY'], doc: 'PEM file with certificate and key.' }),
  caPath: str('PANDA_PILOT_CA_PATH', { optional: true, aliases: ['X509_CERT_DIR'], doc: 'Directory of trusted certificates.' }),
  harvesterId: str('HARVESTER_ID', { optional: true, doc: 'Harvester that submitted this pilot.' }),
  workerId: str('HARVESTER_WORKER_ID', { optional: true, doc: 'Worker that holds this pilot.' }),
  schedulerId: str('PANDA_JSID', { optional: true, doc: 'Id of the scheduler, reported with each update.' }),
  logUrl: str('GTAG', { optional: true, doc: 'URL of the batch log, the first part of the pilot id.' }),
  hostName: str('PANDA_HOSTNAME', { optional: true, doc: 'Name of this worker node instead of the system’s.' }),
  wire: oneOf('PANDA_PILOT_WIRE', ['form', 'json'], {
    default: 'form',
    doc: 'Encoding of requests: form as pilot2, or gzip-compressed JSON as pilot3.',
  }),
  logFormat: oneOf('PANDA_PILOT_LOG_FORMAT', ['pipe', 'keys'], {
    default: 'pipe',
    doc: 'Lines of the log: parts between bars, or key=value pairs.',
  }),
  heartbeat: ms('PANDA_PILOT_HEARTBEAT', { default: '30m', min: 20, doc: 'Period of reports while a job runs.' }),
  debugHeartbeat: ms('PANDA_PILOT_DEBUG_HEARTBEAT', { default: '60s', min: 20, doc: 'The same for a job in debug mode.' }),
  monitorTick: ms('PANDA_PILOT_MONITOR_TICK', { default: '1s', min: 10, doc: 'Shortest period of the job monitor.' }),
  memoryPeriod: ms('PANDA_PILOT_MEMORY_PERIOD', { default: '60s', min: 10, doc: 'Period of memory and CPU samples.' }),
  diskPeriod: ms('PANDA_PILOT_DISK_PERIOD', { default: '60s', min: 10, doc: 'Period of disk checks.' }),
  killFilePeriod: ms('PANDA_PILOT_KILL_FILE_PERIOD', { default: '60s', min: 10, doc: 'Period of looks for pilot_kill_payload.' }),
  loopingPeriod: ms('PANDA_PILOT_LOOPING_PERIOD', { default: '15m', min: 10, doc: 'Period of the looping check.' }),
  loopingLimit: ms('PANDA_PILOT_LOOPING_LIMIT', {
    default: '2h',
    min: 10,
    doc: 'A job that touches no file for so long is killed.',
  }),
  killGrace: ms('PANDA_PILOT_KILL_GRACE', { default: '10s', doc: 'Between SIGTERM and SIGKILL of a payload.' }),
  getJobPause: ms('PANDA_PILOT_GETJOB_PAUSE', { default: '60s', doc: 'Pause after a request for a job that brought none.' }),
  lastReportLimit: ms('PANDA_PILOT_REPORT_LIMIT', {
    default: '6h',
    doc: 'So long a pilot tries to deliver a final report; then it leaves it to the next pilot in this place.',
  }),
  reportPauseMax: ms('PANDA_PILOT_REPORT_PAUSE_MAX', { default: '60s', min: 10, doc: 'Longest pause between two such tries.' }),
  requestTimeout: ms('PANDA_PILOT_TIMEOUT', { default: '120s', min: 100, doc: 'One request to the server.' }),
  transferAttempts: int('PANDA_PILOT_TRANSFER_ATTEMPTS', { default: 2, min: 1, doc: 'Tries for each input file.' }),
  transferPause: ms('PANDA_PILOT_TRANSFER_PAUSE', { default: '5s', doc: 'Pause between tries of a transfer.' }),
  logTimeout: ms('PANDA_PILOT_LOG_TIMEOUT', {
    default: '90s',
    min: 100,
    doc: 'Packing the log of a small work directory; grows with its size.',
  }),
  freeSpaceStartMb: int('PANDA_PILOT_FREE_SPACE_START_MB', { default: 2_048, min: 0, doc: 'Free disk needed to take a job.' }),
  freeSpaceRunMb: int('PANDA_PILOT_FREE_SPACE_RUN_MB', { default: 1_024, min: 0, doc: 'Free disk needed while a job runs.' }),
  stdoutMaxMb: int('PANDA_PILOT_STDOUT_MAX_MB', { default: 2_048, min: 1, doc: 'Largest standard output of a payload.' }),
  outputMaxGb: int('PANDA_PILOT_OUTPUT_MAX_GB', { default: 500, min: 1, doc: 'Largest output file.' }),
  memoryGrace: float('PANDA_PILOT_MEMORY_GRACE', {
    default: 2,
    min: 1,
    doc: 'A payload is killed above this times the queue’s maxrss.',
  }),
});

export type PilotConfig = ConfigOf<typeof pilotKeys>;

import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Variables } from '@panda/config';
import type { WorkerTask } from '../batch/batch-system.js';
import type { HarvesterConfig } from '../harvester.config.js';
import type { QueueConfig } from '../queue/queue-config.js';
import type { Worker } from '../worker/worker.js';

/** What of this process's environment a worker needs; its secrets are not among it. */
const PASSED_ON =
  /^(PATH|HOME|USER|LOGNAME|LANG|LC_\w+|TZ|TMPDIR|SHELL|X509_\w+|SSL_CERT_\w+|NODE_EXTRA_CA_CERTS|PANDA_PILOT_(?!SPOOL|HEARTBEAT)\w+)$/;

/**
 * A pilot for a worker. The queue's submitter may give other `pilotArguments` and `environment`, with {queue}, {label}, {server}, {jobType},
 * {resourceType} and {workerID} filled in, as the templates of Harvester do.
 */
export function pilotTask(worker: Worker, queue: QueueConfig, config: HarvesterConfig, variables: Variables): WorkerTask {
  const { options } = queue.submitter;
  const values = {
    queue: queue.name,
    label: worker.label,
    server: config.server,
    jobType: worker.jobType,
    resourceType: worker.resourceType,
    workerID: String(worker.workerId),
  };
  const filled = (text: string): string =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => (values as Record<string, string>)[name] ?? whole);
  const extra = Array.isArray(options.pilotArguments) ? options.pilotArguments.map(String) : [];
  const added = Object.entries(isTexts(options.environment) ? options.environment : {});
  return {
    program: typeof options.program === 'string' ? options.program : process.execPath,
    args:
      typeof options.program === 'string'
        ? extra.map(filled)
        : [config.pilot, ...ownArguments(worker, queue, config), ...extra.map(filled)],
    env: {
      ...passedOn(variables),
      ...identity(worker, config),
      ...Object.fromEntries(added.map(([name, value]) => [name, filled(String(value))])),
    },
  };
}

/** Where the pilots of this instance keep the states of their jobs. */
export function spoolOf({ stateDir }: Pick<HarvesterConfig, 'stateDir'>): string {
  return join(resolve(stateDir), 'pilot_jobs');
}

function ownArguments(worker: Worker, queue: QueueConfig, config: HarvesterConfig): string[] {
  const optional = (name: string, value: string): string[] => (value === '' || value === 'ANY' ? [] : [name, value]);
  return [
    ...['--pilot-user', 'generic', '-w', 'generic', '-q', queue.name, '-j', worker.label, '-i', 'PR', '-t', '-u', '-b'],
    ...['--url', config.server, '--harvester-submit-mode', 'PULL', '-v', '1'],
    ...optional('--job-type', worker.jobType),
    ...optional('--resource-type', worker.resourceType),
  ];
}

function identity(worker: Worker, config: HarvesterConfig): Record<string, string> {
  return {
    PANDA_PILOT_HEARTBEAT: `${config.pilotHeartbeat}ms`,
    HARVESTER_ID: config.id,
    HARVESTER_WORKER_ID: String(worker.workerId),
    PILOT_HOME: worker.directory,
    // Jobs of a pilot that died here are reported by whichever pilot of this instance comes next.
    PANDA_PILOT_SPOOL: spoolOf(config),
    GTAG: pathToFileURL(join(worker.directory, 'stdout.txt')).href,
    ...(config.tokenFile === undefined ? {} : { PANDA_AUTH_TOKEN: config.tokenFile }),
    ...(config.origin === undefined ? {} : { PANDA_AUTH_ORIGIN: config.origin }),
  };
}

function passedOn(variables: Variables): Record<string, string> {
  const entries = Object.entries(variables).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && PASSED_ON.test(entry[0]),
  );
  return Object.fromEntries(entries);
}

function isTexts(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@panda/client';
import type { Variables } from '@panda/config';
import type { Clock, Log, Metrics } from '@panda/domain';
import { type HarvesterConfig, harvesterKeys } from '../harvester.config.js';
import { Harvester } from '../harvester.js';
import { WorkerFleet } from '../provision/fleet.js';
import { QueueConfigFile } from '../queue/queue-config.js';
import { HarvesterServer } from '../server/harvester-server.js';
import { WorkerJournal } from '../worker/journal.js';
import type { Worker } from '../worker/worker.js';

export const QUEUE = 'LOCAL';

export interface SiteTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** A directory with a queue configuration and the state of one instance, which can be stopped and started again. */
export class HarvesterSite {
  readonly root = mkdtempSync(join(tmpdir(), 'harvester-'));
  private journal: WorkerJournal | undefined;

  constructor(
    private readonly server: string,
    private readonly tools: SiteTools,
    private readonly changes: Partial<HarvesterConfig> = {},
  ) {}

  get config(): HarvesterConfig {
    const own = { id: 'test', server: this.server, stateDir: join(this.root, 'state'), queueConfig: this.queueFile };
    return harvesterKeys.with({ ...own, cycle: 20, youth: 0, killGrace: 300, commands: 20, timeout: 2_000, ...this.changes });
  }

  get queueFile(): string {
    return join(this.root, 'queues.json');
  }

  /** Workers run `script` under sh instead of a pilot. */
  useScript(script: string, changes: Readonly<Record<string, unknown>> = {}): void {
    this.useQueue({
      submitter: { name: 'LocalProcessSubmitter', module: 'local', program: '/bin/sh', pilotArguments: ['-c', script] },
      ...changes,
    });
  }

  useQueue(changes: Readonly<Record<string, unknown>>): void {
    const plugin = (role: string) => ({ name: `LocalProcess${role}`, module: 'local' });
    const queue = {
      prodSourceLabel: 'user',
      maxWorkers: 3,
      submitter: plugin('Submitter'),
      monitor: plugin('Monitor'),
      sweeper: plugin('Sweeper'),
    };
    writeFileSync(this.queueFile, JSON.stringify({ [QUEUE]: { queueStatus: 'online', ...queue, ...changes } }));
  }

  /** An instance as a process would make it. */
  start(variables: Variables = { PATH }): Harvester {
    const { config } = this;
    this.journal = WorkerJournal.open(config.stateDir);
    const connection = new Connection({ baseUrl: config.server, timeoutMs: config.timeout, retry: { attempts: 1 } });
    const queues = new QueueConfigFile(config.queueConfig, (error) => this.tools.log.error(error.message));
    const fleet = new WorkerFleet({ journal: this.journal, config, variables, clock: this.tools.clock, log: this.tools.log });
    const server = new HarvesterServer(connection, config);
    return new Harvester({ config, queues, fleet, journal: this.journal, server, version: 'test', ...this.tools });
  }

  get workers(): Worker[] {
    return this.journal?.all() ?? [];
  }

  /** As a process that ends: its workers go on. */
  stop(): void {
    this.journal?.close();
    this.journal = undefined;
  }

  /** Ends what still runs and removes everything. */
  close(): void {
    for (const { batchId } of this.workers) {
      const pid = Number(batchId?.split(':')[0] ?? 0);
      try {
        if (pid > 1) process.kill(-pid, 'SIGKILL');
      } catch {
        // Ended already.
      }
    }
    this.stop();
    rmSync(this.root, { recursive: true, force: true });
  }
}

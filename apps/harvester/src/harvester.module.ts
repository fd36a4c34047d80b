import { Inject, Injectable, Module, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Connection, tokenFromFile } from '@panda/client';
import { environment } from '@panda/config';
import { Clock, Log, Metrics, RuntimeModule } from '@panda/runtime';
import { type HarvesterConfig, harvesterKeys } from './harvester.config.js';
import { Harvester } from './harvester.js';
import { WorkerFleet } from './provision/fleet.js';
import { QueueConfigFile } from './queue/queue-config.js';
import { HarvesterServer } from './server/harvester-server.js';
import { WorkerJournal } from './worker/journal.js';

const VERSION = '0.1.0';
const STOP_MS = 5_000;

/** Starts the instance with the application and stops it before the application ends; workers are left running. */
@Injectable()
export class HarvesterService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private harvester: Harvester | undefined;
  private running: Promise<void> = Promise.resolve();
  private journal: WorkerJournal | undefined;

  constructor(
    @Inject(harvesterKeys.token) private readonly config: HarvesterConfig,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly metrics: Metrics,
  ) {}

  onApplicationBootstrap(): void {
    const { config, clock, log, metrics } = this;
    const journal = WorkerJournal.open(config.stateDir);
    this.journal = journal;
    const token = config.tokenFile === undefined ? {} : { token: tokenFromFile(config.tokenFile) };
    const origin = config.origin === undefined ? {} : { vo: config.origin };
    const retry = { attempts: 1 };
    const connection = new Connection({
      baseUrl: config.server,
      timeoutMs: config.timeout,
      userAgent: `harvester/${VERSION}`,
      retry,
      ...token,
      ...origin,
    });
    const queues = new QueueConfigFile(config.queueConfig, (error) =>
      log.error('the queue configuration became wrong', { error }),
    );
    const fleet = new WorkerFleet({ journal, config, variables: environment(), clock, log });
    const server = new HarvesterServer(connection, config);
    this.harvester = new Harvester({ config, queues, fleet, journal, server, clock, log, metrics, version: VERSION });
    // A configuration that was never good stops the start, not the first cycle.
    queues.current();
    this.running = this.harvester.run(this.stopping.signal);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.running;
    // Pilots need a while for the last words of their jobs; what is not done by then is left to the next start.
    if (this.config.stopWorkers) await this.harvester?.endWorkers(AbortSignal.timeout(STOP_MS));
    this.journal?.close();
  }
}

@Module({ imports: [RuntimeModule], providers: [harvesterKeys.provider, HarvesterService] })
export class HarvesterModule {}

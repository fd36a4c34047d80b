import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { type ConfigComplaint, OperationalConfig } from '@panda/config';
import { Clock, Log } from '@panda/domain';
import { runtimeKeys } from '../runtime.config.js';

/** Reads the CONFIG table again and again, so that an operator's SQL takes effect within a minute. */
@Injectable()
export class OperationalRefresh implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly stopping = new AbortController();
  private readonly reported = new Set<string>();
  private loop: Promise<void> | undefined;

  constructor(
    private readonly config: OperationalConfig,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Modules of the kernel come before those of the agents, so that no cycle runs without the operators' values. */
  async onApplicationBootstrap(): Promise<void> {
    await this.refresh();
    this.loop = this.run();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping.abort();
    await this.loop;
  }

  /** One refresh; a failure keeps the former values and is reported, never thrown. */
  async refresh(): Promise<void> {
    try {
      for (const complaint of await this.config.refresh()) this.report(complaint);
    } catch (error) {
      this.log.warn('the CONFIG table cannot be read, former values stay', { error });
    }
  }

  private async run(): Promise<void> {
    const { operationalRefresh } = runtimeKeys.read();
    while (!this.stopping.signal.aborted) {
      await this.clock.sleep(operationalRefresh, this.stopping.signal);
      if (!this.stopping.signal.aborted) await this.refresh();
    }
  }

  /** Once per row and problem: the same row is seen at every refresh. */
  private report({ row, problem }: ConfigComplaint): void {
    const name = `${row.app}.${row.component}.${row.key}`;
    const id = `${name} ${row.vo} ${problem}`;
    if (this.reported.has(id)) return;
    this.reported.add(id);
    this.log.warn('a row of the CONFIG table has no effect', { row: name, vo: row.vo, problem });
  }
}

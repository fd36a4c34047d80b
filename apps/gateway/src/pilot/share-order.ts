import { Inject, Injectable } from '@nestjs/common';
import { OperatorTables, StatisticsRepository } from '@panda/database';
import {
  Clock,
  dispatchRanks,
  executingJobStatuses,
  jobStatus,
  Log,
  leavesByNeed,
  type ShareLoad,
  type ShareTree,
  type ShareUsage,
  shareLoads,
  shareTree,
} from '@panda/domain';

/** How old the order of shares may be: targets are met over minutes, not per request. */
const FRESH_MS = 5_000;

/** Global shares in the order in which they are served: furthest below target first. Spec: Global Shares › Job dispatch. */
@Injectable()
export class ShareOrder {
  private known: Promise<readonly string[]> | undefined;
  private knownAtMs = 0;
  private tree: ShareTree | undefined;

  constructor(
    private readonly tables: OperatorTables,
    private readonly statistics: StatisticsRepository,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Log) private readonly log: Log,
  ) {}

  /** The tree as operators have it now. */
  async currentTree(): Promise<ShareTree> {
    return this.treeOf(await this.tables.shares());
  }

  /** Leaves with what they use and what belongs to them, the neediest first. */
  async loads(): Promise<readonly ShareLoad[]> {
    const [rows, used] = await Promise.all([this.tables.shares(), this.usage()]);
    return leavesByNeed(shareLoads(this.treeOf(rows), used));
  }

  private async usage(): Promise<ReadonlyMap<string, ShareUsage>> {
    const usage = await this.statistics.shareUsage(executingJobStatuses, [jobStatus.activated]);
    return new Map(usage.flatMap((row) => (row.gshare === null ? [] : [[row.gshare, row] as const])));
  }

  /** Names of shares, those with waiting jobs that stand in no tree last. */
  names(): Promise<readonly string[]> {
    if (this.known === undefined || this.clock.elapsedMs() - this.knownAtMs > FRESH_MS) {
      this.knownAtMs = this.clock.elapsedMs();
      const read = this.read();
      this.known = read;
      read.catch(() => {
        if (this.known === read) this.known = undefined;
      });
    }
    return this.known;
  }

  private async read(): Promise<readonly string[]> {
    const [rows, used] = await Promise.all([this.tables.shares(), this.usage()]);
    const ranks = dispatchRanks(shareLoads(this.treeOf(rows), used));
    const ranked = [...ranks].sort(([, a], [, b]) => a - b).map(([name]) => name);
    return [...ranked, ...[...used.keys()].filter((name) => !ranks.has(name)).sort()];
  }

  /** A tree that makes no sense is refused as a whole: the former one stays in use. */
  private treeOf(rows: Awaited<ReturnType<OperatorTables['shares']>>): ShareTree {
    try {
      this.tree = shareTree(rows);
    } catch (error) {
      this.log.warn('the global shares are refused, the former ones stay', { error });
      this.tree ??= shareTree([]);
    }
    return this.tree;
  }
}

/** Jobs of one global share at one queue. */
export interface QueuedShare {
  readonly queue: string;
  readonly gshare: string;
  /** Defined, assigned, activated and starting. */
  readonly queued: number;
  readonly running: number;
  /** Queued jobs of the share at all queues. */
  readonly queuedEverywhere: number;
  /** HARVESTER_SLOTS has rows for the queue: it is meant to queue much and run little. */
  readonly hasSlots: boolean;
}

export interface RebrokerageLimits {
  /** FAST_REBRO_THRESHOLD_NQNR_RATIO. */
  readonly queuedPerRunning: number;
  /** FAST_REBRO_THRESHOLD_NQUEUE_FRAC. */
  readonly partOfAll: number;
  /** FAST_REBRO_THRESHOLD_NQUEUE_<gshare>; undefined = the share does not take part, only a dry run is reported. */
  readonly queued: (gshare: string) => number | undefined;
}

/** Thresholds without a row of CONFIG. panda-server:pandaserver/daemons/scripts/copyArchive.py@34d4b8f3. */
export const rebrokerageDefaults = { queuedPerRunning: 3, partOfAll: 0.3, dryRunQueued: 10 } as const;

export interface RebrokerageVerdict {
  readonly queue: string;
  readonly gshare: string;
  /** The oldest so many jobs are to be moved. */
  readonly jobs: number;
  /** Nothing is done: it only shows what the rule would do. */
  readonly dryRun: boolean;
}

/**
 * How many jobs of a share to take away from a queue where they pile up: those above each of the three thresholds, whichever is the
 * nearest. Spec: Brokerage › Timeout Rules, fast rebrokerage.
 */
export function judgeFastRebrokerage(share: QueuedShare, limits: RebrokerageLimits): RebrokerageVerdict | undefined {
  if (share.hasSlots) return undefined;
  const configured = limits.queued(share.gshare);
  const thresholds = [
    limits.queuedPerRunning * share.running,
    configured ?? rebrokerageDefaults.dryRunQueued,
    limits.partOfAll * share.queuedEverywhere,
  ];
  const excess = share.queued - Math.max(...thresholds);
  if (excess <= 0) return undefined;
  return { queue: share.queue, gshare: share.gshare, jobs: Math.ceil(excess), dryRun: configured === undefined };
}

/** What the job generator may do for one work queue and resource type in this cycle. */
export type ThrottleVerdict =
  | {
      readonly kind: 'pass';
      /** Most jobs of one cycle; null = no limit. */
      readonly maxJobs: number | null;
      /** Only tasks of at least this priority; null = all. */
      readonly minPriority: number | null;
      /** So few jobs are queued that several generators may work for the queue at once. */
      readonly lacksJobs: boolean;
    }
  /** `mergeOnly`: jobs that merge are still made. */
  | { readonly kind: 'throttled'; readonly mergeOnly: boolean; readonly rule: string; readonly reason: string };

const pass: ThrottleVerdict = { kind: 'pass', maxJobs: null, minPriority: null, lacksJobs: false };

/**
 * The generic throttler: a queue without a share runs free, one with a share is held back.
 * panda-jedi:pandajedi/jedithrottle/GenJobThrottler.py@42f4bb41.
 */
export function throttleGeneric(queue: { readonly queueShare: number | null }): ThrottleVerdict {
  if (queue.queueShare === null) return pass;
  return { kind: 'throttled', mergeOnly: false, rule: 'queueShare', reason: `the work queue has a share of ${queue.queueShare}` };
}

/** Global shares mark with `N` that nothing holds them back; everything else does. GLOBAL_SHARES.throttled. */
export function isShareThrottled(throttled: string | null): boolean {
  return throttled !== 'N';
}

/** The throttler of analysis: the share's own mark decides. panda-jedi:pandajedi/jedithrottle/AtlasAnalJobThrottler.py@42f4bb41. */
export function throttleAnalysis(queue: { readonly throttled: boolean }): ThrottleVerdict {
  if (!queue.throttled) return pass;
  return { kind: 'throttled', mergeOnly: false, rule: 'shareThrottled', reason: 'the share is marked as throttled' };
}

/** The verdict for one task of a queue: while only urgent ones pass, the others are held back, but their merge jobs are made. */
export function throttleTask(verdict: ThrottleVerdict, currentPriority: number): ThrottleVerdict {
  if (verdict.kind === 'throttled' || verdict.minPriority === null || currentPriority >= verdict.minPriority) return verdict;
  const reason = `only tasks of priority ${verdict.minPriority} and more pass, this one has ${currentPriority}`;
  return { kind: 'throttled', mergeOnly: true, rule: 'lowPriority', reason };
}

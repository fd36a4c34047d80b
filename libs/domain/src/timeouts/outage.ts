/** A time in which the gateway or the database took no updates. */
export interface Interruption {
  readonly from: Date;
  readonly to: Date;
}

/** Shorter ones cost no pilot more than one heartbeat. */
const ignoredUpToS = 300;

/**
 * Seconds to add to every heartbeat limit: pilots could not report while we were away, so their silence is ours. An interruption of
 * more than 5 minutes counts with its whole length for one full heartbeat period after its end.
 */
export function heartbeatExtensionS(interruptions: readonly Interruption[], now: Date, periodS: number): number {
  return interruptions.reduce((sum, { from, to }) => {
    const lengthS = (to.getTime() - from.getTime()) / 1_000;
    const endedAgoS = (now.getTime() - to.getTime()) / 1_000;
    return lengthS > ignoredUpToS && endedAgoS < periodS ? sum + lengthS : sum;
  }, 0);
}

const sweepMin = 1_000;
const sweepPart = 0.02;

/**
 * Most jobs that one sweep may fail without an operator's word: a mass expiry is far more often our fault than ten thousand pilots
 * dying at once.
 */
export function sweepBudget(runningJobs: number): number {
  return Math.max(sweepMin, Math.floor(runningJobs * sweepPart));
}

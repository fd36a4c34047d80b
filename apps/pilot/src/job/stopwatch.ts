import type { Clock } from '@panda/domain';

/** Parts of a job's time that pilots report, in the order of `pilotTiming`. */
export const timedParts = ['getjob', 'stagein', 'payload', 'stageout', 'initialSetup', 'setup'] as const;
export type TimedPart = (typeof timedParts)[number];

/** Adds up how long the parts of a job took. */
export class Stopwatch {
  private readonly spentMs = new Map<TimedPart, number>();

  constructor(private readonly clock: Clock) {}

  async time<T>(part: TimedPart, run: () => Promise<T>): Promise<T> {
    const start = this.clock.elapsedMs();
    try {
      return await run();
    } finally {
      this.add(part, this.clock.elapsedMs() - start);
    }
  }

  add(part: TimedPart, ms: number): void {
    this.spentMs.set(part, (this.spentMs.get(part) ?? 0) + ms);
  }

  seconds(part: TimedPart): number {
    return Math.round((this.spentMs.get(part) ?? 0) / 1_000);
  }

  /** `getjob|stagein|payload|stageout|initial_setup|setup` in whole seconds. */
  toString(): string {
    return timedParts.map((part) => this.seconds(part)).join('|');
  }
}

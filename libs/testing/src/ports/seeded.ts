import { Ids, Random } from '@panda/domain';

/** The same sequence for the same seed (mulberry32). */
export class SeededRandom extends Random {
  private state: number;

  constructor(seed = 1) {
    super();
    this.state = seed >>> 0;
  }

  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

/** `00000000-0000-7000-8000-000000000001` and so on: valid version 7 UUIDs that sort in the order they were made. */
export class CountedIds extends Ids {
  private made = 0;

  next(): string {
    this.made += 1;
    return `00000000-0000-7000-8000-${this.made.toString().padStart(12, '0')}`;
  }
}

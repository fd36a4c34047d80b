import type { Lane } from '@panda/contracts';
import { Shed } from './problem.js';

export interface LaneLimits {
  /** Requests in work at once. */
  readonly concurrent: number;
  /** Requests that may wait for their turn. */
  readonly waiting: number;
}

const RETRY_S_MIN = 15;
const RETRY_S_MAX = 60;
/** Above this multiple of the usual latency the limit shrinks. Source: reliability §3.8. */
const SLOW_FACTOR = 2;
const SHRINK = 0.7;
const CONCURRENT_MIN = 2;
/** Weight of one sample in the baseline and in the recent mean. */
const BASELINE_WEIGHT = 0.005;
const RECENT_WEIGHT = 0.1;
/** Samples between two changes of the limit. */
const WINDOW = 50;

interface Waiting {
  readonly start: () => void;
}

/** One lane: a bounded queue before a limit that follows latency, additive up and multiplicative down. */
class LaneGate {
  private running = 0;
  private limit: number;
  private baselineMs = 0;
  private recentMs = 0;
  private samples = 0;
  private readonly queue: Waiting[] = [];

  constructor(
    private readonly limits: LaneLimits,
    private readonly random: () => number,
  ) {
    this.limit = limits.concurrent;
  }

  get load(): number {
    return this.running + this.queue.length;
  }

  async enter(): Promise<void> {
    if (this.running < this.limit) {
      this.running++;
      return;
    }
    if (this.queue.length >= this.limits.waiting) {
      throw new Shed(503, Math.round(RETRY_S_MIN + this.random() * (RETRY_S_MAX - RETRY_S_MIN)));
    }
    await new Promise<void>((start) => this.queue.push({ start }));
  }

  /** The slot passes straight to the next in line, so `running` stays as it is. */
  leave(tookMs: number): void {
    this.learn(tookMs);
    const next = this.running <= this.limit ? this.queue.shift() : undefined;
    if (next) next.start();
    else this.running--;
  }

  private learn(tookMs: number): void {
    this.baselineMs = this.baselineMs === 0 ? tookMs : this.baselineMs + (tookMs - this.baselineMs) * BASELINE_WEIGHT;
    this.recentMs += (tookMs - this.recentMs) * RECENT_WEIGHT;
    if (++this.samples % WINDOW !== 0) return;
    const slow = this.recentMs > SLOW_FACTOR * this.baselineMs;
    this.limit = slow
      ? Math.max(CONCURRENT_MIN, Math.floor(this.limit * SHRINK))
      : Math.min(this.limits.concurrent, this.limit + 1);
  }
}

export type LaneSettings = Readonly<Record<Lane, LaneLimits>>;

/** The priority classes of the gateway: each has its own limit, so a flood of one cannot starve another. */
export class Lanes {
  private readonly gates: ReadonlyMap<Lane, LaneGate>;

  constructor(
    settings: LaneSettings,
    private readonly elapsedMs: () => number,
    random: () => number,
  ) {
    this.gates = new Map((Object.keys(settings) as Lane[]).map((lane) => [lane, new LaneGate(settings[lane], random)]));
  }

  /** Requests of a lane in work or waiting. */
  load(lane: Lane): number {
    return this.gates.get(lane)?.load ?? 0;
  }

  /** Runs the work in its lane. Throws {@link Shed} when too much waits already. */
  async run<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
    const gate = this.gates.get(lane) as LaneGate;
    await gate.enter();
    const started = this.elapsedMs();
    try {
      return await work();
    } finally {
      gate.leave(this.elapsedMs() - started);
    }
  }
}

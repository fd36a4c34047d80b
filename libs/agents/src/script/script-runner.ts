import { failureKind } from '@panda/bus';
import { jittered } from '@panda/domain';
import { withFacts } from '@panda/runtime';
import pLimit from 'p-limit';
import type { AgentRuntime } from '../agent/agent-runtime.js';
import type { Leases } from '../lease/leases.js';
import type { PeriodicScript, ScriptSettings } from './periodic-script.js';
import { type Fence, NO_FENCE } from './script-fence.js';

/** `elsewhere`: another instance has run it within the period. */
export type ScriptOutcome = 'ran' | 'elsewhere' | 'failed';

export interface ScriptPool {
  /** Scripts that may run at once (`n_proc`). */
  readonly workers: number;
  readonly drainMs: number;
}

/** A dead instance's script may be taken over after this; a run renews its lease well before. */
const LEASE_MS = 60_000;

/** Less than the whole period: the holder's own next start, a little early by its jitter, must find the lease free. */
const COUNTED_PART = 0.95;

/** First runs are spread over this part of the period, so that a start does not run everything at once. */
const START_SPREAD = 0.1;

/**
 * Runs scripts by their periods. A script never runs twice at once: when it takes longer than its period the next start
 * waits, with a warning except in loop mode. Spec: Using PanDA Daemon › Descriptions of config; Server › PanDA daemon.
 */
export class ScriptRunner {
  private readonly stopper = new AbortController();
  private readonly slot: ReturnType<typeof pLimit>;
  private loops: Promise<unknown> | undefined;

  constructor(
    private readonly scripts: readonly { script: PeriodicScript; settings: ScriptSettings }[],
    private readonly runtime: AgentRuntime,
    private readonly leases: Leases,
    private readonly pool: ScriptPool,
  ) {
    this.slot = pLimit(pool.workers);
  }

  start(): void {
    const enabled = this.scripts.filter(({ settings }) => settings.enable);
    this.loops ??= Promise.all(enabled.map(({ script, settings }) => this.loop(script, settings)));
  }

  /** Starts nothing more, lets running scripts see their signal, waits for them within the drain limit. */
  async stop(): Promise<void> {
    this.stopper.abort();
    const late = new AbortController();
    await Promise.race([this.loops, this.runtime.clock.sleep(this.pool.drainMs, late.signal)]);
    late.abort();
  }

  /** One run by name of the entry, as the schedule would do it. Throws when there is no such entry. */
  runOnce(name: string): Promise<ScriptOutcome> {
    const found = this.scripts.find(({ settings }) => settings.name === name);
    if (!found) throw new RangeError(`there is no script '${name}'`);
    return this.run(found.script, found.settings);
  }

  private async loop(script: PeriodicScript, settings: ScriptSettings): Promise<void> {
    const { clock, random, log } = this.runtime;
    const { signal } = this.stopper;
    await clock.sleep(settings.periodMs * START_SPREAD * random.next(), signal);
    while (!signal.aborted) {
      const from = clock.elapsedMs();
      await this.slot(() => (signal.aborted ? 'failed' : this.run(script, settings)));
      const took = clock.elapsedMs() - from;
      if (took > settings.periodMs && !settings.loop) {
        log.warn('a script took longer than its period', { script: settings.name, tookMs: took, periodMs: settings.periodMs });
      }
      await clock.sleep(Math.max(0, jittered(random, settings.periodMs, 0.02) - took), signal);
    }
  }

  private run(script: PeriodicScript, settings: ScriptSettings): Promise<ScriptOutcome> {
    return withFacts({ script: settings.name, run: this.runtime.ids.next() }, async () => {
      try {
        if (settings.sync) return await this.runAlone(script, settings);
        await this.runHere(script, settings, this.stopper.signal, NO_FENCE);
        return 'ran';
      } catch (error) {
        this.runtime.log.error('a script failed', { script: settings.name, kind: failureKind(error), error });
        return 'failed';
      }
    });
  }

  /** Under the lease `script:<name>`, which outlives the run until the period is over: that counts it over the fleet. */
  private async runAlone(script: PeriodicScript, settings: ScriptSettings): Promise<ScriptOutcome> {
    const lease = await this.leases.acquire(`script:${settings.name}`, Math.min(settings.periodMs, LEASE_MS));
    if (!lease) return 'elsewhere';
    let keepMs = 0; // a run that failed may be tried elsewhere at once
    try {
      const signal = AbortSignal.any([this.stopper.signal, lease.lost]);
      await this.runHere(script, settings, signal, (session) => lease.fence(session));
      if (!this.stopper.signal.aborted) keepMs = settings.periodMs * COUNTED_PART;
      return 'ran';
    } finally {
      await lease.release(keepMs);
    }
  }

  private async runHere(script: PeriodicScript, settings: ScriptSettings, signal: AbortSignal, fence: Fence): Promise<void> {
    const seconds = this.runtime.metrics.histogram({
      name: 'panda_script_seconds',
      help: 'Duration of the runs of a periodic script.',
      labels: ['script'],
    });
    let again: boolean;
    do {
      const from = this.runtime.clock.elapsedMs();
      again = await script.run({ arguments: settings.arguments, signal, fence });
      seconds.observe({ script: settings.name }, (this.runtime.clock.elapsedMs() - from) / 1_000);
    } while (settings.loop && again && !signal.aborted);
  }
}

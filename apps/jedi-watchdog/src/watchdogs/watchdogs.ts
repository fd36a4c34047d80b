import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { AgentRuntime, agentSettings, Leases, type PeriodicScript, ScriptRunner } from '@panda/agents';
import { type WatchdogConfig, watchdogKeys } from '../watchdog.config.js';
import { BoostTail } from './boost-tail.watchdog.js';
import { FinishAtGoal } from './finish-at-goal.watchdog.js';
import { FinishExhausted } from './finish-exhausted.watchdog.js';
import { HoldPaused } from './hold-paused.watchdog.js';
import { MoveReassigned } from './move-reassigned.watchdog.js';
import { ReleasePending } from './release-pending.watchdog.js';
import { RepairCounters } from './repair-counters.watchdog.js';
import { RescuePicked } from './rescue-picked.watchdog.js';
import { UnlockStale } from './unlock-stale.watchdog.js';
import { WakeDue } from './wake-due.watchdog.js';

/** Every named watchdog; the module provides exactly these. */
export const watchdogs = [
  RescuePicked,
  UnlockStale,
  ReleasePending,
  FinishExhausted,
  FinishAtGoal,
  WakeDue,
  HoldPaused,
  MoveReassigned,
  BoostTail,
  RepairCounters,
] as const;

/** Token of the list of all watchdogs. */
export const WATCHDOGS = Symbol('watchdogs');

/**
 * Runs the named watchdogs by their periods, independent of each other; of a fleet of watchdogs one at a time runs each.
 * Spec: JEDI Watchdogs.
 */
@Injectable()
export class Watchdogs implements OnApplicationBootstrap, OnModuleDestroy {
  readonly runner: ScriptRunner;

  constructor(
    runtime: AgentRuntime,
    leases: Leases,
    @Inject(watchdogKeys.token) config: WatchdogConfig,
    @Inject(WATCHDOGS) scripts: readonly PeriodicScript[],
  ) {
    const settings = (script: PeriodicScript) => ({
      name: `watchdog:${script.name}`,
      module: script.name,
      enable: true,
      periodMs: periodOf(config, script.name),
      sync: true,
      loop: true,
      arguments: [],
    });
    const entries = scripts.map((script) => ({ script, settings: settings(script) }));
    this.runner = new ScriptRunner(entries, runtime, leases, {
      workers: config.workers,
      drainMs: agentSettings(config).drainMs,
    });
  }

  onApplicationBootstrap(): void {
    this.runner.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.runner.stop();
  }
}

/** What somebody waits for is looked at often, the rest once in a while. */
function periodOf(config: WatchdogConfig, name: string): number {
  const often: readonly string[] = ['wake-due', 'move-reassigned', 'unlock-stale'];
  if (often.includes(name)) return config.duePeriodMs;
  return name === 'repair-counters' ? config.repairPeriodMs : config.actionPeriodMs;
}

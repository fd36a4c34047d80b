import type { OnApplicationBootstrap, OnModuleDestroy } from '@nestjs/common';
import type { AgentRuntime } from '../agent/agent-runtime.js';
import type { Leases } from '../lease/leases.js';
import type { PeriodicScript, ScriptSettings } from './periodic-script.js';
import { ScriptConfigError } from './script-config.js';
import { type ScriptOutcome, type ScriptPool, ScriptRunner } from './script-runner.js';

/** The scripts of a service, started and stopped with its application. Throws ScriptConfigError for a script that does not exist. */
export abstract class ScheduledScripts implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly runner: ScriptRunner;

  constructor(
    scripts: readonly PeriodicScript[],
    schedule: readonly ScriptSettings[],
    runtime: AgentRuntime,
    leases: Leases,
    pool: ScriptPool,
  ) {
    const entries = schedule.map((settings) => ({ script: scriptOf(settings, scripts), settings }));
    this.runner = new ScriptRunner(entries, runtime, leases, pool);
  }

  onApplicationBootstrap(): void {
    this.runner.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.runner.stop();
  }

  /** One run by name of the entry, as the schedule would do it. Throws RangeError when there is no such entry. */
  runOnce(name: string): Promise<ScriptOutcome> {
    return this.runner.runOnce(name);
  }
}

function scriptOf({ name, module }: ScriptSettings, scripts: readonly PeriodicScript[]): PeriodicScript {
  const script = scripts.find((known) => known.name === module);
  if (script) return script;
  const names = scripts.map((known) => known.name).join(', ');
  throw new ScriptConfigError([`${name}: there is no script '${module}', only ${names}`]);
}

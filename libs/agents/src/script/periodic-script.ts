import type { Fence } from './script-fence.js';

/** A run of a script; `signal` aborts when the service stops or the lease is lost. */
export interface ScriptRun {
  readonly arguments: readonly (string | number)[];
  readonly signal: AbortSignal;
  /** Ends each transaction of a script with `sync`; does nothing for others. */
  readonly fence: Fence;
}

/**
 * Something that is done again and again: a daemon script or a watchdog action. `run` says whether there is more to do,
 * which in loop mode starts it again at once. Spec: Using PanDA Daemon › Descriptions of config.
 */
export abstract class PeriodicScript {
  /** Name in the configuration: `copyArchive`, `configurator`, … */
  abstract readonly name: string;
  abstract run(run: ScriptRun): Promise<boolean>;
}

/** How and when a script runs: the attributes of the daemon configuration. */
export interface ScriptSettings {
  /** Name of this entry; several entries may run one script with different arguments. */
  readonly name: string;
  /** Name of the script. */
  readonly module: string;
  readonly enable: boolean;
  readonly periodMs: number;
  /** At most one instance of the fleet runs it, and the period counts over all of them. */
  readonly sync: boolean;
  /** Run again while it says there is more; it may then take longer than the period. */
  readonly loop: boolean;
  readonly arguments: readonly (string | number)[];
}

/** A number at three levels: of one resource type, of all of SCORE or MCORE, of the whole share. */
export interface Levels {
  readonly resource: number;
  readonly cores: number;
  readonly share: number;
}

export type Level = keyof Levels;

/** An operators' limit and the level at which it was given: counts are compared at that level. */
export interface LevelledLimit {
  readonly value: number;
  readonly level: Level;
}

export interface ProductionFacts {
  /** Mark of the share. */
  readonly throttled: boolean;
  /** The share is looked at as a whole, not per resource type (`eventservice`). */
  readonly isShareWide: boolean;
  /** Input is staged ahead: more may be queued (`Heavy Ion`, `Reprocessing default`). */
  readonly prestages: boolean;
  readonly running: Levels;
  readonly defined: Levels;
  /** Assigned, activated and starting. */
  readonly notRunning: Levels;
  readonly waiting: Levels;
  /** s that all tasks of the queue still need; null = unknown. */
  readonly totalWalltimeS: number | null;
  /** Highest priority of waiting tasks, of jobs in the table, and jobs that do not run at the latter; null = none. */
  readonly waitingPriority: number | null;
  readonly jobsPriority: number | null;
  readonly notRunningAtPriority: number;
  readonly limits: ProductionLimits;
}

export interface ProductionLimits {
  /** THROTTLE_THRESHOLD. */
  readonly threshold: number;
  readonly queueLimit: LevelledLimit | null;
  readonly runningCap: LevelledLimit | null;
  readonly queueCap: LevelledLimit | null;
}

export const throttleThresholdDefault = 2;

const tags = { queueLimit: 'NQUEUELIMIT', runningCap: 'NRUNNINGCAP', queueCap: 'NQUEUECAP' } as const;

/** SCORE or MCORE, what a resource type belongs to. */
export const coreClassOf = (resourceType: string | null) => (resourceType?.startsWith('MCORE') ? 'MCORE' : 'SCORE');

/**
 * Finds the three limits of a queue: for the resource type, else for SCORE or MCORE as a whole, else for the queue.
 * `configured` reads CONFIG `jedi.prod_job_throttler.<name>`; a limit of 0 counts as none.
 */
export function readProductionLimits(
  queueName: string,
  resourceType: string | null,
  configured: (name: string) => number | undefined,
): ProductionLimits {
  const cores = coreClassOf(resourceType);
  const find = (tag: string): LevelledLimit | null => {
    const names = [
      ['resource', `${tag}_${queueName}_${resourceType}`],
      ['cores', `${tag}_${queueName}_${cores}*`],
      ['share', `${tag}_${queueName}`],
    ] as const;
    for (const [level, name] of names) {
      const value = configured(name);
      if (value) return { level, value };
    }
    return null;
  };
  return {
    threshold: configured('THROTTLE_THRESHOLD') ?? throttleThresholdDefault,
    queueLimit: find(tags.queueLimit),
    runningCap: find(tags.runningCap),
    queueCap: find(tags.queueCap),
  };
}

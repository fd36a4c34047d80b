/** Memory of a failed job and its task; everything the decision to give more needs. */
export interface MemoryFacts {
  /** Cores of the job; 0 or null counts as one. */
  readonly cores: number | null;
  /** MB that the job asked for. */
  readonly minRamCount: number | null;
  /** kB that the pilot measured; null when it did not. */
  readonly maxPss: number | null;
  /** MB of the task: per core when `ramPerCore`. */
  readonly taskRamCount: number | null;
  readonly ramPerCore: boolean;
  /** MB, once per job. */
  readonly baseRamCount: number | null;
  /** Input files of the task, and those whose own memory is above the task's. */
  readonly files: number;
  readonly filesAboveTask: number;
}

export type MemoryVerdict =
  | { readonly kind: 'raiseTask'; readonly ramCount: number }
  | { readonly kind: 'raiseFiles'; readonly ramCount: number }
  | { readonly kind: 'none'; readonly reason: string };

/** Memory grows in these steps, MB per core. panda-server:pandaserver/taskbuffer/OraDBProxy.py `increaseRamLimitJobJEDI`@34d4b8f3. */
export const memorySteps = [1000, 2000, 3000, 4000, 6000, 8000] as const;
export const memoryMax = 8000;

/** With more of the task's files above its value than this, the task's value is wrong, not the files. */
const wrongPart = 0.3;

/**
 * How much memory the next attempts get: the next step above what the job had and above what it used. Never more than the last step,
 * never less than before.
 */
export function judgeMemory(facts: MemoryFacts): MemoryVerdict {
  const cores = facts.cores === null || facts.cores === 0 ? 1 : facts.cores;
  const base = facts.baseRamCount ?? 0;
  const units = facts.ramPerCore ? cores : 1;
  const asked = Math.max(0, ((facts.minRamCount ?? 0) - base) / units);
  const used = facts.maxPss === null ? 0 : Math.max(0, (facts.maxPss / 1024 - base) / units);
  const needed = Math.max(asked, used);
  const task = facts.taskRamCount ?? 0;
  if (asked >= memoryMax) return { kind: 'none', reason: `the job had ${Math.round(asked)} MB, the limit is ${memoryMax} MB` };
  if (task > needed) return { kind: 'none', reason: `the task gives ${task} MB to new jobs already` };
  const ramCount = memorySteps.find((step) => step > needed);
  if (ramCount === undefined)
    return { kind: 'none', reason: `the job used ${Math.round(used)} MB, the limit is ${memoryMax} MB` };
  const taskIsWrong = facts.files > 0 && facts.filesAboveTask / facts.files > wrongPart;
  return { kind: taskIsWrong ? 'raiseTask' : 'raiseFiles', ramCount };
}

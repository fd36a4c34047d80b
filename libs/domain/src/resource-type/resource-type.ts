/** A row of RESOURCE_TYPES; null is open. Memory in MB per core. */
export interface ResourceTypeRow {
  readonly name: string;
  readonly minCore: number | null;
  readonly maxCore: number | null;
  readonly minRamPerCore: number | null;
  readonly maxRamPerCore: number | null;
}

/** What no row takes. */
export const undefinedResourceType = 'Undefined';

/** Tasks and jobs that leave the number of cores open run on this many. */
const coresWhenOpen = 8;

/** Part of a task's memory request that sites must offer: requests are rounded up, and sites have a little less than they say. */
const ramCompensation = 0.9;

/** Cores to reckon with: none given is one, 0 means any. panda-server:pandaserver/taskbuffer/ResourceSpec.py@34d4b8f3. */
export function effectiveCores(coreCount: number | null): number {
  if (coreCount === null) return 1;
  return coreCount === 0 ? coresWhenOpen : coreCount;
}

const within = (value: number, min: number | null, max: number | null) =>
  (min === null || value >= min) && (max === null || value <= max);

function classify(rows: readonly ResourceTypeRow[], cores: number, ramPerCore: number): string {
  const found = rows.find((r) => within(cores, r.minCore, r.maxCore) && within(ramPerCore, r.minRamPerCore, r.maxRamPerCore));
  return found?.name ?? undefinedResourceType;
}

/** Resource type of a job: the first row, in the order of the table, that takes its cores and memory. `minRamCount` in MB. */
export function resourceTypeOfJob(
  rows: readonly ResourceTypeRow[],
  job: { readonly coreCount: number | null; readonly minRamCount: number | null },
): string {
  const cores = effectiveCores(job.coreCount);
  return classify(rows, cores, (job.minRamCount ?? 0) / cores);
}

export interface TaskMemory {
  readonly coreCount: number | null;
  /** MB; per core when `ramPerCore`. */
  readonly ramCount: number | null;
  readonly ramPerCore: boolean;
  /** MB, once per job. */
  readonly baseRamCount: number | null;
}

/** Resource type of the jobs that a task will make. */
export function resourceTypeOfTask(rows: readonly ResourceTypeRow[], task: TaskMemory): string {
  const cores = effectiveCores(task.coreCount);
  const ram = (task.ramCount ?? 0) * (task.ramPerCore ? cores : 1) + (task.baseRamCount ?? 0);
  return classify(rows, cores, Math.floor((ramCompensation * ram) / cores));
}

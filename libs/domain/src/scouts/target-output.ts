const gb = 1_024 ** 3;
/** What the splitter leaves for output of jobs that have no size rule. */
const defaultOutputGb = 2.5;
const nGbPerJobMin = 1;
const nGbPerJobMax = 100;

/** A scout whose output size is typical, and what the measurement says about the task. */
export interface TypicalJob {
  /** Bytes of output per output dataset. */
  readonly outputs: readonly number[];
  readonly inputBytes: number;
  readonly workDiskMb: number;
}

/**
 * The rule nGBPerJob for jobs whose largest output file has about the wanted size: all sizes of a typical job are scaled by the same
 * factor, and the job must hold output, input and work space. Undefined when the job made no output.
 * Spec: Dynamic Optimization › nGBPerJob; panda-jedi:pandajedi/jedicore/JediDBProxy.py `getScoutJobData_JEDI`@42f4bb41.
 */
export function nGbPerJobFor(targetGb: number, job: TypicalJob): number | undefined {
  const total = job.outputs.reduce((sum, bytes) => sum + bytes, 0);
  const big = Math.max(0, ...job.outputs);
  if (total === 0 || big === 0) return undefined;
  const factor = (targetGb * gb) / big;
  const neededGb = (factor * (total + job.inputBytes)) / gb + job.workDiskMb / 1_024 - defaultOutputGb;
  return Math.min(nGbPerJobMax, Math.max(nGbPerJobMin, Math.trunc(neededGb)));
}

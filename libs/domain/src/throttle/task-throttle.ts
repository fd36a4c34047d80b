/** Master files of a running task that failed, for holding it back as a whole. */
export interface FailingTask {
  /** Mean of failedAttempt over its master files. */
  readonly failedAttempts: number;
  /** JEDI_TASKS.numThrottled: how often it was throttled already. */
  readonly numThrottled: number;
}

const failuresPerThrottle = 5;

/** Does a task fail so much that it must pause? Each time it takes five more failed attempts per file. */
export function mustThrottleTask(task: FailingTask): boolean {
  return task.failedAttempts / failuresPerThrottle > task.numThrottled;
}

/**
 * Minutes that a task stays throttled: waitForThrottled × n² for its n-th time, so that hopeless ones come back ever more rarely.
 * panda-jedi:pandajedi/jedidog/AtlasProdWatchDog.py@42f4bb41.
 */
export function throttleMinutes(waitForThrottled: number, nthTime: number): number {
  return waitForThrottled * nthTime * nthTime;
}

import { type TaskStatus, taskStatus } from '../task/task.machine.js';

export interface ReassignedTask {
  readonly cloud: string | null;
  readonly nucleus: string | null;
  /** Where the task was when its command came. */
  readonly oldStatus: TaskStatus | null;
}

/** Tasks of this cloud need a nucleus. */
const world = 'WORLD';
/** Before these are over there is nothing to make jobs of: the task goes on where it was. */
const unprepared: readonly (TaskStatus | null)[] = [taskStatus.registered, taskStatus.defined, taskStatus.assigning];

/** How a reassigned task goes on. Spec: JEDI › Watch Dog; panda-jedi:pandajedi/jedidog/AtlasProdWatchDog.py@42f4bb41. */
export function judgeReassigned(task: ReassignedTask): 'reassigned' | 'reassignRestored' | 'destinationCleared' {
  if (unprepared.includes(task.oldStatus)) return 'reassignRestored';
  return task.cloud === world && task.nucleus === null ? 'destinationCleared' : 'reassigned';
}

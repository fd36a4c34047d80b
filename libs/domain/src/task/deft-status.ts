import { isStateOf } from '../machine/machine.js';
import { type TaskStatus, taskMachine, taskStatus } from './task.machine.js';

/** T_TASK before JEDI has seen the task. */
export const deftWaiting = 'waiting';
/** T_TASK while scouts run. */
export const deftSubmitting = 'submitting';

export type DeftStatus = TaskStatus | typeof deftWaiting | typeof deftSubmitting;

const renamed: Partial<Record<TaskStatus, DeftStatus>> = {
  scouting: deftSubmitting,
  staged: taskStatus.registered,
  toretry: taskStatus.ready,
};

/**
 * T_TASK.status and JEDI_TASKS.superStatus that mirror a task status.
 * Source: panda-jedi:pandajedi/jedicore/JediDBProxy.py `setDeftStatus_JEDI`@42f4bb41.
 */
export function deftStatusOf(status: TaskStatus): DeftStatus {
  return renamed[status] ?? status;
}

/** T_TASK.start_time is set when the task enters one of these for the first time. */
export const startingTaskStatuses = [taskStatus.scouting, taskStatus.running] as const satisfies readonly TaskStatus[];

/** Every value T_TASK.status may have. */
export const deftStatuses: readonly DeftStatus[] = [deftWaiting, deftSubmitting, ...taskMachine.states];

export function isDeftStatus(text: string): text is DeftStatus {
  return text === deftWaiting || text === deftSubmitting || isStateOf(taskMachine, text);
}

/** T_TASK.total_input_events holds ten digits. */
export const deftEventsMax = 9_999_999_999;

import { allBut, sourcesOf } from '../machine/machine.js';
import { type TaskStatus, taskMachine } from './task.machine.js';

/** Task ended: left only by a recorded command. */
export const terminalTaskStatuses: readonly TaskStatus[] = taskMachine.final;

/** Not ended. */
export const activeTaskStatuses: readonly TaskStatus[] = allBut(taskMachine.states, taskMachine.final);

/** No progress is expected without a command or the end of a waiting time. */
export const restingTaskStatuses = ['exhausted', 'paused'] as const satisfies readonly TaskStatus[];

/** Jobs may be made. */
export const generatingTaskStatuses = [
  'ready',
  'scouting',
  'running',
  'topreprocess',
  'preprocessing',
] as const satisfies readonly TaskStatus[];

/** Their growing or arriving input is fed while jobs are made of the rest: only datasets change, the state stays. */
export const liveFedTaskStatuses = ['ready', 'scouting', 'running'] as const satisfies readonly TaskStatus[];

/** The finalisation cycle looks at these: scouts to measure, input to settle. */
export const finalisableTaskStatuses = ['scouting', 'running', 'ready', 'preprocessing'] as const satisfies readonly TaskStatus[];

/** The post processor's work list. */
export const postProcessableTaskStatuses = [
  'prepared',
  'scouted',
  'tobroken',
  'toabort',
  'passed',
] as const satisfies readonly TaskStatus[];

/** The task refiner's work list. */
export const refinableTaskStatuses = ['registered', 'staged', 'rerefine'] as const satisfies readonly TaskStatus[];

/** A command is being carried out: the commando looks again until it is done. */
export const commandedTaskStatuses = [
  'aborting',
  'finishing',
  'toretry',
  'toincexec',
  'toreassign',
] as const satisfies readonly TaskStatus[];

/** `setOnHold` is possible: everything from which `held` leads to pending. */
export const holdableTaskStatuses: readonly TaskStatus[] = sourcesOf(taskMachine, 'held');

/** A child whose parent is in one of these can never get its input. */
export const hopelessParentStatuses = ['failed', 'broken', 'aborted'] as const satisfies readonly TaskStatus[];

/** A parent in one of these may still produce input for its children. */
export const producingParentStatuses: readonly TaskStatus[] = activeTaskStatuses;

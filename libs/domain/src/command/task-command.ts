import { type EventsOf, isStateOf, sourcesOf } from '../machine/machine.js';
import { type TaskStatus, taskMachine } from '../task/task.machine.js';

type TaskEvent = EventsOf<typeof taskMachine>;

/** Commands of Spec: Task Commando, and `release` of panda-server@9cc3603; each is an event of the task machine. */
export const taskCommandEvents = {
  kill: 'killAsked',
  finish: 'finishAsked',
  retry: 'retryAsked',
  incexec: 'incexecAsked',
  reassign: 'reassignAsked',
  pause: 'pauseAsked',
  resume: 'resumeAsked',
  avalanche: 'avalancheAsked',
  release: 'releaseAsked',
} as const satisfies Record<string, TaskEvent>;

export type TaskCommand = keyof typeof taskCommandEvents;
export const taskCommands = Object.keys(taskCommandEvents) as TaskCommand[];

export function isTaskCommand(text: string): text is TaskCommand {
  return Object.hasOwn(taskCommandEvents, text);
}

/** Task states in which a command is accepted: the sources of its event. */
export function acceptedStatuses(command: TaskCommand): readonly TaskStatus[] {
  return sourcesOf(taskMachine, taskCommandEvents[command]);
}

/** Commands that a task takes in this state; monitors offer exactly these. */
export function legalCommands(status: TaskStatus): TaskCommand[] {
  return taskCommands.filter((c) => acceptedStatuses(c).includes(status));
}

/** Numbers that clients read. panda-client:pandaclient/Client.py (killTask, retryTask …)@1.4.93. */
export const taskCommandCodes = {
  registered: 0,
  failedToRegister: 1,
  taskNotFound: 2,
  permissionDenied: 3,
  statusRefused: 4,
  jobsReactivated: 5,
  insecure: 100,
  badTaskId: 101,
} as const;
export type TaskCommandCode = (typeof taskCommandCodes)[keyof typeof taskCommandCodes];

export interface CommandVerdict {
  readonly code: TaskCommandCode;
  readonly message: string;
}

/** While a task is in one of these, `retry` re-activates its failed jobs at once instead of restarting the task. */
const retriedInFlight: readonly string[] = ['running', 'scouting', 'pending'] as const satisfies readonly TaskStatus[];

export interface CommandQuestion {
  readonly command: TaskCommand;
  readonly jediTaskId: number;
  /** Null when there is no such task. */
  readonly status: string | null;
  /** The caller owns the task or holds the production role. */
  readonly permitted: boolean;
  /** A task of a user, not of the production system. */
  readonly isUserTask: boolean;
}

/**
 * What a caller is told about a command, before anything is stored.
 * Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py `sendCommandTaskPanda`@34d4b8f3.
 */
export function judgeTaskCommand({ command, jediTaskId, status, permitted, isUserTask }: CommandQuestion): CommandVerdict {
  if (status === null) return { code: taskCommandCodes.taskNotFound, message: `jediTaskID=${jediTaskId} not found` };
  if (!permitted) {
    return {
      code: taskCommandCodes.permissionDenied,
      message: 'Permission denied: not the task owner or no production role',
    };
  }
  if (command === 'retry' && isUserTask && retriedInFlight.includes(status)) {
    return {
      code: taskCommandCodes.jobsReactivated,
      message: `retry has been triggered for failed jobs while the task is still ${status}`,
    };
  }
  if (!isStateOf(taskMachine, status) || !acceptedStatuses(command).includes(status)) {
    return {
      code: taskCommandCodes.statusRefused,
      message: `Command rejected: the ${command} command is not accepted if the task is in ${status} status`,
    };
  }
  return {
    code: taskCommandCodes.registered,
    message: `command=${command} is registered. will be executed in a few minutes`,
  };
}

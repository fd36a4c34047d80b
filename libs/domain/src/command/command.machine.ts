import { machine, namesOf, row, type StatesOf } from '../machine/machine.js';
import { isTaskCommand, type TaskCommand } from './task-command.js';

/**
 * A row of PRODSYS_COMM: a command waits, is taken by the commando in the transaction of its effect, or is refused.
 * A newer command for the same task replaces one that still waits.
 */
export const commandMachine = machine({
  name: 'command',
  states: ['waiting', 'taken', 'refused'],
  initial: ['waiting'],
  final: ['taken', 'refused'],
  rows: [
    row(['waiting'], 'taken', 'taken', 'jedi-task-commando'),
    row(['waiting'], 'refused', 'refused', 'jedi-task-commando', { note: 'the task is in a state that does not accept it' }),
  ],
});

export type CommandStatus = StatesOf<typeof commandMachine>;
export const commandStatus = namesOf(commandMachine);

/** `comm_owner` of commands for JEDI. */
export const commandOwner = 'DEFT';

const suffix = { waiting: '', taken: 'ing', refused: ' failed' } as const satisfies Record<CommandStatus, string>;

/** PRODSYS_COMM.comm_cmd: `kill`, `killing`, `kill failed`. panda-jedi:pandajedi/jedicore/JediDBProxy.py@42f4bb41. */
export function commandWord(command: TaskCommand, status: CommandStatus): string {
  return `${command}${suffix[status]}`;
}

/** The command and its state behind a word of PRODSYS_COMM, or undefined for words of other systems. */
export function readCommandWord(word: string): { command: TaskCommand; status: CommandStatus } | undefined {
  for (const status of ['taken', 'refused', 'waiting'] as const satisfies readonly CommandStatus[]) {
    if (!word.endsWith(suffix[status])) continue;
    const command = word.slice(0, word.length - suffix[status].length);
    if (isTaskCommand(command)) return { command, status };
  }
  return undefined;
}

import { describe, expect, it } from '@jest/globals';
import { taskMachine } from '../task/task.machine.js';
import { commandWord, readCommandWord } from './command.machine.js';
import { acceptedStatuses, isTaskCommand, judgeTaskCommand, legalCommands, taskCommands } from './task-command.js';

const ask = { jediTaskId: 7, permitted: true, isUserTask: false };
const but = (...excluded: string[]) => taskMachine.states.filter((s) => !excluded.includes(s));

describe('commands for tasks', () => {
  const stopped = ['finished', 'done', 'prepared', 'broken', 'aborted', 'tobroken', 'toabort', 'aborting', 'failed', 'passed'];

  const ended = ['finished', 'failed', 'done', 'aborted', 'broken'];

  it.each([
    ['kill', but(...stopped)],
    ['finish', but(...stopped)],
    ['retry', ['finished', 'failed', 'aborted', 'exhausted']],
    ['incexec', ['done', 'finished', 'failed', 'aborted', 'exhausted']],
    ['reassign', ['registered', 'defined', 'ready', 'running', 'scouting', 'scouted', 'pending', 'assigning', 'exhausted']],
    ['pause', but(...ended, 'paused', 'toretry', 'toincexec', 'toreassign', 'reassigning')],
    ['resume', ['paused', 'throttled', 'staging']],
    ['avalanche', ['scouting']],
    ['release', ['scouting', 'pending', 'running', 'ready', 'assigning', 'defined']],
  ] as const)('BASIC-35 accepts %s in exactly its states, and refuses with code 4 elsewhere', (command, accepted) => {
    expect([...acceptedStatuses(command)].sort()).toEqual([...accepted].sort());
    for (const status of taskMachine.states) {
      const code = judgeTaskCommand({ ...ask, command, status }).code;
      expect({ status, code }).toEqual({ status, code: (accepted as readonly string[]).includes(status) ? 0 : 4 });
    }
  });

  it('refuses to retry a broken task with code 4 and says why', () => {
    expect(judgeTaskCommand({ ...ask, command: 'retry', status: 'broken' })).toEqual({
      code: 4,
      message: 'Command rejected: the retry command is not accepted if the task is in broken status',
    });
  });

  it.each(['running', 'scouting', 'pending'])('re-activates failed jobs of a user task that is %s', (status) => {
    expect(judgeTaskCommand({ ...ask, command: 'retry', status, isUserTask: true })).toEqual({
      code: 5,
      message: `retry has been triggered for failed jobs while the task is still ${status}`,
    });
    expect(judgeTaskCommand({ ...ask, command: 'retry', status }).code).toBe(4);
  });

  it('says first that a task is unknown, then that it is not the caller’s', () => {
    expect(judgeTaskCommand({ ...ask, command: 'kill', status: null, permitted: false })).toEqual({
      code: 2,
      message: 'jediTaskID=7 not found',
    });
    expect(judgeTaskCommand({ ...ask, command: 'kill', status: 'done', permitted: false }).code).toBe(3);
  });

  it('refuses a status it has never heard of', () => {
    expect(judgeTaskCommand({ ...ask, command: 'kill', status: 'merging' }).code).toBe(4);
  });

  it('offers for each state the commands it takes', () => {
    expect(legalCommands('broken')).toEqual([]);
    expect(legalCommands('exhausted')).toEqual(['kill', 'finish', 'retry', 'incexec', 'reassign', 'pause']);
    expect(isTaskCommand('kill')).toBe(true);
    expect(isTaskCommand('constructor')).toBe(false);
  });
});

describe('the words of PRODSYS_COMM', () => {
  it('reads back every word it writes', () => {
    for (const command of taskCommands) {
      for (const status of ['waiting', 'taken', 'refused'] as const) {
        expect(readCommandWord(commandWord(command, status))).toEqual({ command, status });
      }
    }
    expect(commandWord('kill', 'taken')).toBe('killing');
    expect(commandWord('retry', 'refused')).toBe('retry failed');
  });

  it('leaves foreign words alone', () => {
    for (const word of ['', 'ing', ' failed', 'submit', 'killed']) expect(readCommandWord(word)).toBeUndefined();
  });
});

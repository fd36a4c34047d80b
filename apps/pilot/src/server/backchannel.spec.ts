import { describe, expect, it } from '@jest/globals';
import { readInstruction } from './backchannel.js';

describe('the command in an answer', () => {
  it.each([
    [undefined, { kind: 'ignored' }],
    ['NULL', { kind: 'ignored' }],
    ['', { kind: 'ignored' }],
    ['tobekilled', { kind: 'kill' }],
    ['debug,tobekilled', { kind: 'kill' }],
    ['tail payload.stdout,tobekilled', { kind: 'kill' }],
    ['softkill', { kind: 'softKill' }],
    ['debug', { kind: 'debug' }],
    ['nocleanup', { kind: 'keepDirectory' }],
    ['alreadydone', { kind: 'ignored' }],
    ['badattemptnr', { kind: 'ignored' }],
    ['debug,tail payload.stdout', { kind: 'debugCommand', words: ['tail', 'payload.stdout'] }],
    ['ls -l workDir,debug', { kind: 'debugCommand', words: ['ls', '-l', 'workDir'] }],
    ['gdb --pid % -ex generate-core-file', { kind: 'debugCommand', words: ['gdb', '--pid', '%', '-ex', 'generate-core-file'] }],
  ])('PILOT-job-13 %j means %j', (command, expected) => {
    expect(readInstruction(command)).toEqual(expected);
  });

  it('A-13 understands debugoff for what it says', () => {
    expect(readInstruction('debugoff')).toEqual({ kind: 'debugOff' });
  });

  it.each(['tail payload.stdout', 'ls -l', 'gdb --pid %', 'ps aux', 'du -sh workDir'])('PILOT-job-15 allows %j', (command) => {
    expect(readInstruction(command)).toEqual({ kind: 'debugCommand', words: command.split(' ') });
  });

  it.each([
    'rm -rf /',
    'cat /etc/passwd',
    'bash -c ls',
    'ls x; rm y',
    'ls $(id)',
    'ls `id`',
    'tail x | sh',
    'ps aux &#59 id',
    'du x\nid',
    'ls && ps',
  ])('PILOT-job-15 refuses %j', (command) => {
    expect(readInstruction(command)).toMatchObject({ kind: 'refused' });
  });
});

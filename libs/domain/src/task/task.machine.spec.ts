import { describe, expect, it } from '@jest/globals';
import { mayFollow, movesOf } from '../machine/derive.js';
import { eventsIn, isFinal, step } from '../machine/machine.js';
import { deftStatuses, deftStatusOf, isDeftStatus } from './deft-status.js';
import { type TaskStatus, taskMachine } from './task.machine.js';
import { activeTaskStatuses, commandedTaskStatuses, holdableTaskStatuses, terminalTaskStatuses } from './task-statuses.js';

/** Edges that agents draw without a command, as in the chart of the specification. */
const chart = [
  'registered>defined registered>topreprocess registered>tobroken topreprocess>preprocessing preprocessing>registered',
  'defined>ready defined>assigning defined>tobroken assigning>ready ready>scouting ready>running ready>tobroken',
  'scouting>scouted scouting>tobroken scouted>running running>throttled running>prepared running>tobroken',
  'registered>pending defined>pending ready>pending scouting>pending running>pending tobroken>broken',
  'prepared>done prepared>finished prepared>failed prepared>exhausted passed>done passed>finished passed>failed',
  'rerefine>defined',
].flatMap((line) => line.split(' '));

/** Edges the program has and the chart leaves out. */
const program = [
  'staged>defined staged>topreprocess staged>tobroken staged>pending registered>staging registered>toabort rerefine>tobroken',
  'rerefine>pending topreprocess>pending preprocessing>pending prepared>pending topreprocess>tobroken preprocessing>tobroken',
  'assigning>tobroken preprocessing>prepared pending>exhausted ready>defined running>defined preprocessing>defined',
  'scouting>running ready>scouted scouting>exhausted running>exhausted ready>prepared prepared>paused passed>paused',
  'prepared>broken passed>broken toabort>aborted exhausted>finishing running>finishing scouting>finishing scouted>finishing',
  'ready>finishing pending>finishing throttled>finishing',
].flatMap((line) => line.split(' '));

const isAgentEvent = (event: string) =>
  !/Asked$|^retry|^retried|^nothing|^kill|^finishDone|^reass|^destinationCleared|^incexec|^parent/.test(event);

describe('the task machine', () => {
  it('BASIC-34 has the edges of the transition chart and no others but the known ones of the program', () => {
    const returns = new Set(['released', 'unthrottled', 'resumeAsked']);
    const drawn = movesOf(taskMachine)
      .filter(
        (m) => (isAgentEvent(m.event) || m.event === 'stagingAsked' || m.event === 'preprocessingAsked') && !returns.has(m.event),
      )
      .map((m) => `${m.from}>${m.to}`);
    expect([...new Set(drawn)].sort()).toEqual([...new Set([...chart, ...program])].sort());
  });

  it.each(['registered', 'defined', 'ready', 'scouting', 'running'] as const)(
    'BASIC-34 holds %s in pending and returns to it',
    (s) => {
      expect(step(taskMachine, s, 'held')).toBe('pending');
      expect(step(taskMachine, 'pending', 'released', s)).toBe(s);
    },
  );

  it.each([
    ['kill', 'running', ['killAsked', 'killed', 'concludedAborted'], ['aborting', 'toabort', 'aborted']],
    ['finish', 'running', ['finishAsked', 'finishDone', 'partlySucceeded'], ['finishing', 'passed', 'finished']],
    ['finish of an exhausted task', 'exhausted', ['finishAsked', 'finishDone', 'allSucceeded'], ['finishing', 'passed', 'done']],
    ['retry', 'finished', ['retryAsked', 'retried'], ['toretry', 'ready']],
    ['incexec', 'done', ['incexecAsked', 'incexecDone', 'rerefined'], ['toincexec', 'rerefine', 'defined']],
    ['reassign', 'running', ['reassignAsked', 'reassignBegun', 'reassigned'], ['toreassign', 'reassigning', 'ready']],
  ] as const)('BASIC-35 walks the chart for the command %s', (_name, from, events, path) => {
    const walked: TaskStatus[] = [];
    let at: TaskStatus = from;
    for (const event of events) {
      at = step(taskMachine, at, event);
      walked.push(at);
    }
    expect(walked).toEqual(path);
  });

  it('pauses a task that has not ended, and nothing but a resume or the end of its life leads on', () => {
    const keepMemory: TaskStatus[] = ['paused', 'toretry', 'toincexec', 'toreassign', 'reassigning'];
    const notEnded = activeTaskStatuses.filter((s) => !keepMemory.includes(s));
    for (const s of notEnded) {
      expect(step(taskMachine, s, 'pauseAsked')).toBe('paused');
      expect(step(taskMachine, 'paused', 'resumeAsked', s)).toBe(s);
    }
    expect(eventsIn(taskMachine, 'paused').sort()).toEqual(['finishAsked', 'killAsked', 'parentEnded', 'resumeAsked']);
  });

  it('lets an exhausted task be finished or retried', () => {
    expect(eventsIn(taskMachine, 'exhausted')).toEqual(expect.arrayContaining(['finishAsked', 'retryAsked', 'retryExhausted']));
  });

  it('BASIC-33 passes through `passed` only between finishing and an end', () => {
    const into = movesOf(taskMachine).filter((m) => m.to === 'passed' && m.event !== 'resumeAsked');
    expect(into.map((m) => m.from)).toEqual(['finishing']);
    for (const s of ['done', 'finished', 'failed'] as const) expect(mayFollow(taskMachine, 'passed', s)).toBe(true);
  });

  it('keeps the named sets apart: a task has ended or is active', () => {
    expect([...activeTaskStatuses, ...terminalTaskStatuses].sort()).toEqual([...taskMachine.states].sort());
    expect(terminalTaskStatuses.every((s) => isFinal(taskMachine, s))).toBe(true);
    expect(holdableTaskStatuses).toContain('prepared');
    expect(holdableTaskStatuses).not.toContain('assigning');
    expect(commandedTaskStatuses.every((s) => activeTaskStatuses.includes(s))).toBe(true);
  });
});

describe('the mirror in T_TASK', () => {
  it('renames scouting, staged and toretry, and keeps every other word', () => {
    const renamed = taskMachine.states.filter((s) => deftStatusOf(s) !== s).map((s) => [s, deftStatusOf(s)]);
    expect(renamed).toEqual([
      ['staged', 'registered'],
      ['scouting', 'submitting'],
      ['toretry', 'ready'],
    ]);
  });

  it('never shows a word outside its list', () => {
    for (const s of taskMachine.states) expect(deftStatuses).toContain(deftStatusOf(s));
    expect(isDeftStatus('waiting') && isDeftStatus('submitting') && isDeftStatus('done')).toBe(true);
    expect(isDeftStatus('sent')).toBe(false);
  });
});

import { machine, namesOf, row, type StatesOf } from '../machine/machine.js';

/** Rows of JEDI_EVENTS. Spec: JEDI › Internal objects › Event; panda-docs:docs/source/architecture/images/jedi_event.png@f3f4c38. */
export const eventMachine = machine({
  name: 'event',
  states: ['ready', 'sent', 'running', 'finished', 'cancelled', 'discarded', 'done', 'failed', 'fatal', 'merged', 'corrupted'],
  initial: ['ready'],
  final: ['cancelled', 'discarded', 'fatal', 'merged'],
  rows: [
    row(['ready'], 'handedOut', 'sent', 'gateway'),
    row(['sent'], 'started', 'running', 'gateway'),
    row(['sent', 'running'], 'processed', 'finished', 'gateway', { note: 'pilots may skip the running report' }),
    row(['sent', 'running'], 'rangeFailed', 'failed', 'gateway', { note: 'attemptNr−1: attempts of events count down' }),
    row(['sent', 'running'], 'rangeFatal', 'fatal', 'gateway'),
    row(['sent', 'running'], 'returned', 'ready', 'daemon', { note: 'its consumer ended before it was processed' }),
    row(['failed', 'corrupted'], 'attemptsLeft', 'ready', ['daemon', 'gateway']),
    row(['failed', 'ready'], 'attemptsExhausted', 'fatal', ['daemon', 'gateway']),
    row(['ready', 'sent', 'running'], 'cancelled', 'cancelled', ['gateway', 'daemon', 'jedi-task-commando']),
    row(['finished'], 'consumerEnded', 'done', 'daemon'),
    row(['finished', 'done'], 'discarded', 'discarded', ['gateway', 'daemon', 'jedi-task-commando']),
    row(['done'], 'merged', 'merged', 'daemon'),
    row(['done'], 'foundCorrupted', 'corrupted', 'daemon', { note: 'the merge job could not read its zip file' }),
  ],
});

export type EventStatus = StatesOf<typeof eventMachine>;
export const eventStatus = namesOf(eventMachine);

/** JEDI_EVENTS.status is a number. panda-server:pandaserver/taskbuffer/EventServiceUtils.py@34d4b8f3. */
export const eventStatusCodes = {
  ready: 0,
  sent: 1,
  running: 2,
  finished: 3,
  cancelled: 4,
  discarded: 5,
  done: 6,
  failed: 7,
  fatal: 8,
  merged: 9,
  corrupted: 10,
} as const satisfies { readonly [K in EventStatus]: number };

/** Marks of a range while a merge job is being prepared; they never stay. */
export const reservedEventCodes = { failed: 98, get: 99 } as const;

/** The status behind a stored number, or undefined for reserved and unknown ones. */
export function eventStatusOf(code: number): EventStatus | undefined {
  return eventMachine.states.find((s) => eventStatusCodes[s] === code);
}

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { step } from '../machine/machine.js';
import { type JobStatus, jobMachine } from './job.machine.js';
import { finalJobStatuses } from './job-statuses.js';
import {
  isFinalReport,
  isPilotState,
  judgePilotUpdate,
  type PilotState,
  type PilotUpdate,
  pilotStates,
  type StoredJob,
} from './pilot-update.js';

const states = Object.keys(pilotStates) as PilotState[];

function aJob(status: JobStatus, more: Partial<StoredJob> = {}): StoredJob {
  return { status, attemptNr: 1, dispatcherDiag: null, batchId: null, command: null, ...more };
}

function update(state: PilotState, more: Partial<PilotUpdate> = {}): PilotUpdate {
  return { state, attemptNr: 1, batchId: null, ...more };
}

describe('judging a pilot’s update', () => {
  it('tells the pilot of an unknown job to stop', () => {
    expect(judgePilotUpdate(null, update('running'))).toMatchObject({
      effect: 'ignore',
      command: 'tobekilled',
      storesReport: false,
    });
  });

  it.each(states)('tells a pilot with another attempt to stop (%s)', (s) => {
    const verdict = judgePilotUpdate(aJob('running', { attemptNr: 2 }), update(s));
    expect(verdict).toMatchObject({ effect: 'ignore', command: 'tobekilled', storesReport: false });
  });

  it.each(['holding', 'transferring', 'starting', 'running'] as const)(
    'answers alreadydone when a failed job reports %s',
    (s) => {
      expect(judgePilotUpdate(aJob('failed'), update(s))).toMatchObject({ effect: 'ignore', command: 'alreadydone' });
    },
  );

  it.each(['finished', 'closed', 'cancelled', 'defined', 'assigned', 'pending', 'waiting'] as const)(
    'tells the pilot of a job that is %s to stop',
    (s) => {
      expect(judgePilotUpdate(aJob(s), update('finished'))).toMatchObject({
        effect: 'ignore',
        command: 'tobekilled',
        storesReport: false,
      });
    },
  );

  it.each(['finished', 'failed', 'holding'] as const)('answers alreadydone to %s while the output already moves', (s) => {
    expect(judgePilotUpdate(aJob('transferring'), update(s))).toMatchObject({ effect: 'ignore', command: 'alreadydone' });
  });

  it('takes the final report of a pilot that moved its output itself', () => {
    const verdict = judgePilotUpdate(aJob('transferring', { dispatcherDiag: 'set by the pilot' }), update('finished'));
    expect(verdict).toMatchObject({ effect: 'transition', event: 'reported', storesReport: true, command: null });
  });

  it.each(['finished', 'failed'] as const)('takes a final report %s once', (s) => {
    expect(judgePilotUpdate(aJob('running'), update(s))).toMatchObject({
      effect: 'transition',
      event: 'reported',
      storesReport: true,
    });
    expect(judgePilotUpdate(aJob('holding'), update(s))).toMatchObject({
      effect: 'ignore',
      command: 'alreadydone',
      storesReport: false,
    });
  });

  it('takes the final report after the pilot itself said holding', () => {
    const verdict = judgePilotUpdate(aJob('holding', { dispatcherDiag: 'set by the pilot' }), update('failed'));
    expect(verdict).toMatchObject({ effect: 'transition', event: 'reported', storesReport: true });
  });

  it.each([
    ['holding', 'holding'],
    ['holding', 'running'],
    ['holding', 'starting'],
    ['transferring', 'running'],
    ['transferring', 'starting'],
    ['holding', 'transferring'],
    ['merging', 'finished'],
    ['merging', 'running'],
  ] as const)('ignores in %s a late %s and repeats the stored command', (status, s) => {
    const verdict = judgePilotUpdate(aJob(status, { dispatcherDiag: 'set by the pilot', command: 'debug' }), update(s));
    expect(verdict).toMatchObject({ effect: 'ignore', command: 'debug', storesReport: false });
  });

  it('stores the attributes of a running job that says starting, not the state', () => {
    expect(judgePilotUpdate(aJob('running'), update('starting'))).toMatchObject({ effect: 'attributes', command: null });
  });

  it('stops a pilot from another batch slot unless both ids are numbers', () => {
    const other = (stored: string, sent: string) =>
      judgePilotUpdate(aJob('running', { batchId: stored }), update('running', { batchId: sent }));
    expect(other('slurm.1', 'slurm.2')).toMatchObject({ effect: 'batchMismatch', command: 'tobekilled' });
    expect(other('1234', '1235').effect).toBe('transition');
    expect(other('1234', 'slurm.1').effect).toBe('batchMismatch');
    expect(other('slurm.1', 'slurm.1').effect).toBe('transition');
  });

  it('takes a pushed job that harvester fetched, and no other update of a job nobody holds', () => {
    expect(judgePilotUpdate(aJob('activated'), update('starting'))).toMatchObject({ effect: 'transition', event: 'fetched' });
    expect(judgePilotUpdate(aJob('activated'), update('running'))).toMatchObject({ effect: 'ignore', command: 'tobekilled' });
    expect(judgePilotUpdate(aJob('throttled'), update('finished'))).toMatchObject({ effect: 'ignore', command: 'tobekilled' });
  });

  it('never fires an illegal event, never leaves a final state, stores a report only with its state', () => {
    const job = fc.record({
      status: fc.constantFrom(...jobMachine.states),
      attemptNr: fc.integer({ min: 1, max: 3 }),
      dispatcherDiag: fc.constantFrom(null, '', 'set by the pilot'),
      batchId: fc.constantFrom(null, '', '12', 'b.1', 'b.2'),
      command: fc.constantFrom(null, 'tobekilled', 'debug'),
    });
    const incoming = fc.record({
      state: fc.constantFrom(...states),
      attemptNr: fc.constantFrom(null, 1, 2),
      batchId: fc.constantFrom(null, '12', '13', 'b.1'),
    });
    fc.assert(
      fc.property(job, incoming, (stored, up) => {
        const verdict = judgePilotUpdate(stored, up);
        if (finalJobStatuses.includes(stored.status)) expect(verdict.effect).toBe('ignore');
        if (verdict.event !== undefined) expect(() => step(jobMachine, stored.status, verdict.event ?? 'closed')).not.toThrow();
        expect(verdict.event !== undefined).toBe(verdict.effect === 'transition');
        if (verdict.storesReport) expect(verdict.effect === 'transition' && isFinalReport(up.state)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('recognises the words of pilots', () => {
    expect(isPilotState('stagein')).toBe(true);
    expect(isPilotState('activated')).toBe(false);
    expect(isPilotState('toString')).toBe(false);
  });
});

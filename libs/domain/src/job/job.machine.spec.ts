import { describe, expect, it } from '@jest/globals';
import { movesOf } from '../machine/derive.js';
import { allBut, eventsIn, step } from '../machine/machine.js';
import { jobMachine } from './job.machine.js';
import {
  dispatchedJobStatuses,
  finalJobStatuses,
  jobsActive4Statuses,
  jobsArchived4Statuses,
  jobsDefined4Statuses,
  jobsWaiting4Statuses,
  liveJobStatuses,
  queuedJobStatuses,
  settlingJobStatuses,
} from './job-statuses.js';

/** The allowed pairs of a job's history, written independently of the machine. */
const allowed: Record<string, string> = {
  waiting: 'defined closed cancelled',
  pending: 'defined closed cancelled',
  defined: 'assigned activated failed closed cancelled waiting',
  assigned: 'activated failed closed cancelled defined',
  throttled: 'activated closed cancelled',
  activated: 'sent throttled starting defined closed cancelled failed',
  sent: 'starting running stagein stageout holding transferring failed cancelled closed activated',
  starting: 'running stagein stageout holding transferring failed cancelled closed activated',
  running: 'stagein stageout holding transferring failed cancelled closed',
  stagein: 'running stageout holding transferring failed cancelled closed',
  stageout: 'running stagein holding transferring failed cancelled closed',
  holding: 'transferring merging finished failed cancelled closed',
  transferring: 'holding merging finished failed cancelled closed',
  merging: 'finished failed cancelled closed',
  finished: '',
  failed: '',
  closed: '',
  cancelled: '',
};

describe('the job machine', () => {
  it('allows exactly the pairs of the table, and nothing after a final state', () => {
    const pairs = movesOf(jobMachine)
      .filter((m) => m.from !== m.to)
      .map((m) => `${m.from}>${m.to}`);
    const expected = Object.entries(allowed).flatMap(([from, tos]) =>
      tos
        .split(' ')
        .filter(Boolean)
        .map((to) => `${from}>${to}`),
    );
    expect([...new Set(pairs)].sort()).toEqual(expected.sort());
    for (const s of finalJobStatuses) expect(eventsIn(jobMachine, s)).toEqual([]);
  });

  it('lets a job without input movement skip assigned', () => {
    expect(step(jobMachine, 'defined', 'inputReady')).toBe('activated');
  });

  it('puts a reported job into holding, wherever its pilot was', () => {
    for (const s of dispatchedJobStatuses) expect(step(jobMachine, s, 'reported')).toBe('holding');
  });

  it('ends any live job as closed by the system or cancelled by a person', () => {
    for (const s of liveJobStatuses) {
      expect(step(jobMachine, s, 'closed')).toBe('closed');
      expect(step(jobMachine, s, 'cancelled')).toBe('cancelled');
    }
  });

  it('gives each state exactly one classic home table', () => {
    const homes = [...jobsWaiting4Statuses, ...jobsDefined4Statuses, ...jobsActive4Statuses, ...jobsArchived4Statuses];
    expect(homes.sort()).toEqual([...jobMachine.states].sort());
  });

  it('splits live jobs into queued, dispatched and settling', () => {
    expect([...queuedJobStatuses, ...dispatchedJobStatuses, ...settlingJobStatuses].sort()).toEqual([...liveJobStatuses].sort());
    expect(liveJobStatuses).toEqual(allBut(jobMachine.states, finalJobStatuses));
  });
});

import { describe, expect, it } from '@jest/globals';
import { IllegalTransition, step } from '../machine/machine.js';
import { finalWorkerStatuses, workerEventOf, workerMachine } from './worker.machine.js';

describe('the worker machine', () => {
  it('follows what harvester says while the worker lives', () => {
    for (const said of workerMachine.states)
      expect(step(workerMachine, 'submitted', workerEventOf[said === 'pending' ? 'ready' : said])).toBe(
        said === 'pending' ? 'ready' : said,
      );
    expect(step(workerMachine, 'running', workerEventOf.submitted)).toBe('submitted');
  });

  it('never revives an ended worker', () => {
    for (const ended of finalWorkerStatuses) {
      for (const said of workerMachine.states)
        expect(() => step(workerMachine, ended, workerEventOf[said])).toThrow(IllegalTransition);
    }
  });

  it('does not hold a worker back that is already with the batch system', () => {
    expect(() => step(workerMachine, 'running', 'heldBack')).toThrow(IllegalTransition);
  });
});

import { describe, expect, it } from '@jest/globals';
import { parseQueue } from '../queue/queue.js';
import { taskOfColumns } from '../task/task-spec.js';
import { couldRun, isBacklogged } from './nucleus-facts.js';

const task = (columns: object = {}) => taskOfColumns({ jeditaskid: 1, corecount: 1, ramcount: 2000, ramunit: 'MB', ...columns });
const queue = (data: object = {}) => parseQueue('Q', { status: 'online', corecount: 1, maxrss: 4000, ...data });

describe('what a nucleus has to offer', () => {
  it.each([
    [2000, 0, false],
    [2001, 0, true],
    [2001, 1001, false],
  ])('JEDI-tbroker-02 %d transferring beside %d running jobs are a backlog: %s', (transferring, running, backlogged) => {
    expect(isBacklogged({ transferring, running })).toBe(backlogged);
  });

  it.each([
    ['an online queue', {}, {}, true],
    ['an offline queue', {}, { status: 'offline' }, false],
    ['too little memory', { ramcount: 5000 }, {}, false],
    ['a queue without limits', { ramcount: 5000 }, { maxrss: 0 }, true],
    ['another number of cores', { corecount: 8 }, {}, false],
    ['a queue that takes any number of cores', { corecount: 8, ramcount: 16_000 }, { capability: 'ucore' }, true],
    ['jobs of any number of cores', { corecount: 0, ramcount: 1000 }, { corecount: 8 }, true],
    ['too little time', { walltime: 7200 }, { maxtime: 3600 }, false],
  ])('JEDI-tbroker-02 judges %s', (_title, columns, data, expected) => {
    expect(couldRun(task(columns), queue(data))).toBe(expected);
  });
});

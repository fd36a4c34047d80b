import { describe, expect, it } from '@jest/globals';
import { taskStatus } from '../task/task.machine.js';
import { judgeReassigned } from './reassigned.js';

describe('a reassigned task', () => {
  it.each([
    ['goes back to what comes before jobs', { cloud: 'WORLD', nucleus: null, oldStatus: taskStatus.defined }, 'reassignRestored'],
    ['gets a nucleus from brokerage', { cloud: 'WORLD', nucleus: null, oldStatus: taskStatus.running }, 'destinationCleared'],
    ['makes jobs at its new nucleus', { cloud: 'WORLD', nucleus: 'NUC', oldStatus: taskStatus.running }, 'reassigned'],
    ['makes jobs where no nucleus is needed', { cloud: null, nucleus: null, oldStatus: taskStatus.ready }, 'reassigned'],
  ] as const)('%s', (_title, task, event) => {
    expect(judgeReassigned(task)).toBe(event);
  });
});

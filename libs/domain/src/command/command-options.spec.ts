import { describe, expect, it } from '@jest/globals';
import { isSoftFinish, reassignOptions, retryOptions } from './command-options.js';

describe('options of commands', () => {
  it('tell a soft finish from a hard one', () => {
    expect([isSoftFinish('soft finish'), isSoftFinish(null), isSoftFinish('finish')]).toEqual([true, false, false]);
  });

  it('retry children, staging and events as the words say', () => {
    expect(retryOptions(null)).toEqual({ children: true, unstaged: false, discardsEvents: false });
    expect(retryOptions('sole discard staged ')).toEqual({ children: false, unstaged: true, discardsEvents: true });
    expect(retryOptions('no child retry,disable staging')).toEqual({ children: false, unstaged: true, discardsEvents: false });
  });

  it.each([
    ['site:QUEUE_A:y:soft reassign', { to: { target: 'site', name: 'QUEUE_A' }, keepsState: true, ends: 'queued' }],
    ['nucleus:CERN:n', { to: { target: 'nucleus', name: 'CERN' }, keepsState: false, ends: 'all' }],
    ['nucleus::n:nokill reassign', { to: { target: 'nucleus', name: '' }, keepsState: false, ends: 'none' }],
    ['nokill reassign', { keepsState: true, ends: 'none' }],
    [null, { keepsState: true, ends: 'all' }],
  ] as const)('read %s', (comment, options) => {
    expect(reassignOptions(comment)).toEqual(options);
  });
});

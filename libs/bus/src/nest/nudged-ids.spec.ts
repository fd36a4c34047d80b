import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../bus.js';
import { nudgedIds } from './nudged-ids.js';

const delivery = (payload: unknown) => ({ envelope: { payload } }) as Delivery;

describe('the ids of nudges', () => {
  it('are taken together, each once', () => {
    expect(nudgedIds([delivery({ ids: [1, 2] }), delivery({ ids: [2, 3] })])).toEqual([1, 2, 3]);
  });

  it.each([null, {}, { ids: 'all' }, { ids: [1.5] }, { ids: [-1] }, { ids: ['1'] }])('are refused in %j', (payload) => {
    expect(() => nudgedIds([delivery(payload)])).toThrow(expect.objectContaining({ code: 'malformed' }));
  });
});

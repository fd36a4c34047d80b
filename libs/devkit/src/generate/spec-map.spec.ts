import { describe, expect, it } from '@jest/globals';
import { citations } from './spec-map.js';

describe('a citation of the specification', () => {
  it.each([
    ['/** Spec: Global Shares. */', ['Global Shares']],
    ['// Spec: JEDI › Task Refiner. panda-jedi:pandajedi/jediorder/TaskRefiner.py@42f4bb41', ['JEDI › Task Refiner']],
    ['Spec: Brokerage › step 2 (zero share).', ['Brokerage › step 2']],
    ['Spec: Database › PANDA.CONFIG. */', ['Database › PANDA.CONFIG']],
    ['Spec: Job Sizing, max(0.5 GB, x). Spec: User secrets;', ['Job Sizing', 'User secrets']],
    ['Spec: Task Commando and `release` of panda-server', ['Task Commando']],
    ['const jobSpec: { a: 1 }; const x = { Spec: { b: 2 } };', []],
  ])('in %j is %j', (text, clauses) => {
    expect(citations(text)).toEqual(clauses);
  });
});

import { describe, expect, it } from '@jest/globals';
import { datasetName } from './ddm.js';

describe('the scope of a dataset name', () => {
  it.each([
    ['user.alice.zmumu', { scope: 'user.alice', name: 'user.alice.zmumu' }],
    ['group.phys-higgs.x.y/', { scope: 'group.phys-higgs', name: 'group.phys-higgs.x.y' }],
    ['data18_13TeV.00351223.physics', { scope: 'data18_13TeV', name: 'data18_13TeV.00351223.physics' }],
    ['mc16:mc16_13TeV.1.EVNT', { scope: 'mc16', name: 'mc16_13TeV.1.EVNT' }],
  ])('of %s', (text, expected) => {
    expect(datasetName(text)).toEqual(expected);
  });
});

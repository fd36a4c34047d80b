import { describe, expect, it } from '@jest/globals';
import { replicaPath } from './replica-path.js';

describe('the deterministic place of a replica', () => {
  it.each([
    ['mc16', 'EVNT.1._000001.pool.root', /^mc16\/[0-9a-f]{2}\/[0-9a-f]{2}\/EVNT\.1\._000001\.pool\.root$/],
    // The example of pilot3:pilot/user/generic/copytool_definitions.py@a090538.
    [
      'user.jwebb2',
      'user.jwebb2.66999._000001.top1outDS.tar',
      /^user\/jwebb2\/01\/9f\/user\.jwebb2\.66999\._000001\.top1outDS\.tar$/,
    ],
  ])('of %s:%s', (scope, lfn, path) => {
    expect(replicaPath(scope, lfn)).toMatch(path);
  });
});

import { describe, expect, it } from '@jest/globals';
import { membership, parseOrigin, parsePolicies } from './policy.js';
import { accountOf, endEntitySubject, isLimitedProxy, titleCase, userNameOf } from './user-name.js';

describe('user names', () => {
  it.each([
    ['/DC=ch/DC=cern/OU=Organic Units/OU=Users/CN=alice/CN=123456/CN=Alice Example', 'Alice Example'],
    ['/DC=ch/CN=alice/CN=123/CN=Alice Example/CN=proxy', 'Alice Example'],
    ['/C=IT/O=INFN/CN=Bob Rossi 4711', 'Bob Rossi'],
    ["/C=US/CN=Carol (CS) O'Neil/emailAddress=c@x", 'Carol CS ONeil'],
    ['Alice Example/CN=nickname:alice', 'Alice Example'],
    ['robot pilot', 'robot pilot'],
  ])('of %s is %s', (subject, name) => {
    expect(userNameOf(subject)).toBe(name);
  });

  it.each([
    ['/DC=ch/DC=cern/OU=Organic Units/OU=Users/CN=alice/CN=123456/CN=Alice Example', 'alice'],
    ['/DC=ch/CN=alice/CN=123/CN=Alice Example/CN=proxy', 'alice'],
    ['/C=IT/O=INFN/CN=Bob Rossi 4711/CN=nickname:bob', 'bob'],
    ['/C=IT/O=INFN/CN=Bob Rossi 4711', null],
    ['/C=IT/O=INFN/CN=user.bob', null],
  ])('of the certificate %s the account is %s', (subject, account) => {
    expect(accountOf(subject)).toBe(account);
  });

  it('spells token names as the server does', () => {
    expect(titleCase('ALICE van example')).toBe('Alice Van Example');
  });

  it('finds the person behind proxies, and limited ones', () => {
    expect(endEntitySubject('/DC=ch/CN=alice/CN=123/CN=proxy')).toBe('/DC=ch/CN=alice');
    expect(isLimitedProxy('/DC=ch/CN=alice/CN=limited proxy')).toBe(true);
    expect(isLimitedProxy('/DC=ch/CN=alice')).toBe(false);
  });
});

describe('policies', () => {
  const policies = parsePolicies(
    '{"wlcg": [["wlcg/higgs", {"group": "higgs", "role": "production"}], ["wlcg", {"group": "user", "role": ""}]]}',
  );

  it('IAM-09 take the first entry that matches', () => {
    expect(membership(['/wlcg/higgs', '/wlcg'], parseOrigin('wlcg'), policies)).toEqual({
      vo: 'wlcg',
      role: 'production',
      group: 'higgs',
    });
    expect(membership(['wlcg'], parseOrigin('wlcg'), policies)).toEqual({ vo: 'wlcg', role: '', group: 'user' });
    expect(membership(['wlc'], parseOrigin('wlcg'), policies)).toBeUndefined();
  });

  it('read VO and role from Origin', () => {
    expect(parseOrigin('wlcg.pilot')).toEqual({ vo: 'wlcg', role: 'pilot' });
    expect(parseOrigin('vo.esc.eu:pilot')).toEqual({ vo: 'vo.esc.eu', role: 'pilot' });
    expect(parseOrigin('vo.esc.eu')).toEqual({ vo: 'vo.esc.eu', role: null });
  });

  it.each(['[]', '{"wlcg": {}}', '{"wlcg": [["x"]]}', '{"wlcg": ["x"]}'])('refuse the file %s', (text) => {
    expect(() => parsePolicies(text)).toThrow(TypeError);
  });
});

import { describe, expect, it } from '@jest/globals';
import { slashSubject } from './distinguished-name.js';

describe('subjects of certificates', () => {
  it.each([
    ['/DC=ch/CN=alice', '/DC=ch/CN=alice'],
    ['CN=proxy,CN=Alice Example,CN=123456,CN=alice,DC=ch', '/DC=ch/CN=alice/CN=123456/CN=Alice Example/CN=proxy'],
    ['CN=host/node.example.org, O=Grid', '/O=Grid/CN=host/node.example.org'],
    ['CN=Zo\\C3\\AB,O=Example\\, Inc.,C=CH', '/C=CH/O=Example, Inc./CN=Zoë'],
    ['CN=a\\\\b\\+c', '/CN=a\\b+c'],
  ])('%s is %s', (given, subject) => {
    expect(slashSubject(given)).toBe(subject);
  });

  it.each(['CN=x/CN=somebody,O=Grid', 'CN=x\\/CN=somebody,O=Grid', 'CN=x\\2FCN=somebody', 'alice', '', 'CN=a,,O=b'])(
    'cannot be %p: it is no name, or reads as another one',
    (given) => {
      expect(slashSubject(given)).toBeNull();
    },
  );
});

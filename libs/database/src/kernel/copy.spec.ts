import { describe, expect, it } from '@jest/globals';
import { copyText } from './copy.js';

describe('COPY text', () => {
  it('writes null and undefined as \\N and an empty text as an empty text', () => {
    expect([copyText(null), copyText(undefined), copyText('')]).toEqual(['\\N', '\\N', '']);
  });

  it('escapes what would end a field or a row', () => {
    expect(copyText('a\tb\nc\\d\r')).toBe('a\\tb\\nc\\\\d\\r');
    expect(copyText('\\N')).toBe('\\\\N');
  });

  it('drops the NUL character, which PostgreSQL cannot store', () => {
    expect(copyText('a\0b')).toBe('ab');
  });

  it('writes dates in UTC without zone, booleans as letters, objects as JSON', () => {
    expect(copyText(new Date('2026-01-02T03:04:05.006Z'))).toBe('2026-01-02 03:04:05.006');
    expect([copyText(true), copyText(false), copyText(12.5)]).toEqual(['t', 'f', '12.5']);
    expect(copyText({ a: 'x\ny' })).toBe('{"a":"x\\\\ny"}');
  });
});

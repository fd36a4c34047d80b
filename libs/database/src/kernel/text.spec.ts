import { describe, expect, it } from '@jest/globals';
import { jsonParam, storableText } from './text.js';

describe('storable text', () => {
  it('leaves ordinary and astral characters alone', () => {
    expect(storableText('événement 🐼 ok')).toBe('événement 🐼 ok');
  });

  it('drops NUL and replaces half surrogate pairs', () => {
    expect(storableText('a\0b')).toBe('ab');
    expect(storableText('x\ud83d!')).toBe('x\ufffd!');
  });

  it('cleans every text inside a JSON parameter', () => {
    expect(JSON.parse(jsonParam({ a: ['q\0', 1], k: 'v\udc00' }))).toEqual({ a: ['q', 1], k: 'v\ufffd' });
  });
});

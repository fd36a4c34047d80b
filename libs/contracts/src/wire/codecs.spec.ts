import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeForm, encodeForm } from './form.js';
import { inflate, isGzip } from './gzip.js';
import { decodeV1, encodeV1, parseJson, parseJsonObject } from './json.js';
import { JSON_LIMITS } from './json-scan.js';
import { parseTime, pythonRepr, pythonTime } from './python-text.js';
import { decodeText } from './text.js';
import { WireError } from './wire-error.js';

const fault = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof WireError) return error.fault;
    throw error;
  }
  return 'accepted';
};

describe('forms', () => {
  it('keeps repeated keys, blanks and empty values', () => {
    const fields = decodeForm('dataset_types=input&dataset_types=pseudo_input&since=2021-11-22+00%3A00%3A00&x=&y');
    expect(fields.get('dataset_types')).toEqual(['input', 'pseudo_input']);
    expect(fields.get('since')).toEqual(['2021-11-22 00:00:00']);
    expect(fields.get('x')).toEqual(['']);
    expect(fields.get('y')).toEqual(['']);
  });

  it('I07 refuses invalid UTF-8, bad escapes and NUL', () => {
    expect(fault(() => decodeForm('a=%ff'))).toBe('malformed');
    expect(fault(() => decodeForm('a=%zz'))).toBe('malformed');
    expect(fault(() => decodeForm('a=%00'))).toBe('malformed');
    expect(fault(() => decodeText(Buffer.from([0xc3, 0x28])))).toBe('malformed');
  });

  it('comes back as it went out', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((s) => !s.includes('\0'));
    fc.assert(
      fc.property(
        fc.dictionary(
          text.filter((s) => s !== ''),
          text,
        ),
        (record) => {
          const fields = decodeForm(encodeForm(Object.entries(record)));
          expect([...fields].map(([key, values]) => [key, values[0]])).toEqual(Object.entries(record));
        },
      ),
    );
  });

  it('keeps the bytes of pickles, which are no UTF-8', () => {
    expect(decodeForm('ids=%28lV%E5%C3%A9%0Aa.').get('ids')).toEqual(['(lV\u00e5\u00c3\u00a9\na.']);
  });

  it('refuses forms with thousands of fields', () => {
    expect(fault(() => decodeForm('a=1&'.repeat(3_000)))).toBe('tooLarge');
  });
});

describe('gzip bodies', () => {
  it('are recognised by their magic number', () => {
    expect(isGzip(gzipSync('{}'))).toBe(true);
    expect(isGzip(Buffer.from('{}'))).toBe(false);
  });

  it('I04 stop at the inflated limit', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    await expect(inflate(bomb, 1024 * 1024)).rejects.toMatchObject({ fault: 'tooLarge' });
  });

  it('I04 have a few members at most', async () => {
    const members = (n: number) => Buffer.concat(Array.from({ length: n }, () => gzipSync('a')));
    expect((await inflate(members(16), 100)).toString()).toBe('a'.repeat(16));
    await expect(inflate(members(17), 100)).rejects.toMatchObject({ fault: 'malformed' });
  });

  it('I04 are refused when damaged, nested or followed by rubbish', async () => {
    const good = gzipSync('{"a": 1}');
    expect((await inflate(good, 100)).toString()).toBe('{"a": 1}');
    const wrongCrc = Buffer.from(good);
    wrongCrc[good.length - 6] = (wrongCrc[good.length - 6] as number) ^ 0xff;
    for (const bad of [wrongCrc, good.subarray(0, -3), gzipSync(good), Buffer.concat([good, Buffer.from('rubbish')])]) {
      await expect(inflate(bad, 1_000)).rejects.toMatchObject({ fault: 'malformed' });
    }
  });
});

describe('JSON', () => {
  it.each([
    ['10 000 levels', '['.repeat(10_000) + ']'.repeat(10_000), 'tooLarge'],
    ['5 MB of brackets', '['.repeat(5_000_000), 'tooLarge'],
    ['too many keys', `{${Array.from({ length: 20_001 }, (_, i) => `"k${i}":1`).join(',')}}`, 'tooLarge'],
    ['duplicate keys', '{"a": 1, "b": {"a": 1}, "a": 2}', 'malformed'],
    ['duplicate keys in disguise', '{"a": 1, "\\u0061": 2}', 'malformed'],
    ['NUL in a text', '{"a": "x\\u0000y"}', 'malformed'],
    ['half of a surrogate pair', '{"a": "\\ud800"}', 'malformed'],
    ['half of a surrogate pair in a key', '{"a\\uDC00": 1}', 'malformed'],
    ['a rounded integer', '[9223372036854775808]', 'malformed'],
    ['an infinite number', '[1e400]', 'malformed'],
    ['NaN', '[NaN]', 'malformed'],
    ['an open text', '{"a": "x', 'malformed'],
    ['no JSON', 'hello', 'malformed'],
  ])('I02 I08 refuses %s', (_, text, expected) => {
    expect(fault(() => parseJson(text))).toBe(expected);
  });

  it('I03 treats __proto__ and friends as data', () => {
    const value = parseJsonObject('{"__proto__": {"polluted": true}, "constructor": 1, "toString": 2}');
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor', 'toString']);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it.each(['null', '[]', '1', '"text"'])('I01 wants an object, not %s', (text) => {
    expect(fault(() => parseJsonObject(text))).toBe('malformed');
  });

  it('agrees with JSON.parse on every document within the limits', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        fc.pre(!/\d{16}/.test(text));
        const value: unknown = JSON.parse(text);
        expect(parseJson(text, { ...JSON_LIMITS })).toEqual(value);
      }),
    );
  });

  it('marks datetimes and reads them back', () => {
    const at = new Date('2026-11-22T07:00:00Z');
    expect(encodeV1({ at })).toBe('{"at":{"__datetime__":"2026-11-22T07:00:00"}}');
    expect(decodeV1(encodeV1([at]))).toEqual([at]);
  });
});

describe('Python text', () => {
  it('prints values as str() does', () => {
    expect(pythonRepr({ success: true, message: "it's", data: [null, 1, 'ü\n'] })).toBe(
      "{'success': True, 'message': 'it\\'s', 'data': [None, 1, '\\u00fc\\n']}",
    );
    expect(pythonTime(new Date('2021-11-22T07:00:00Z'))).toBe('2021-11-22 07:00:00');
  });

  it('never lets a text break out of its literal', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(pythonRepr(text)).toMatch(/^'(?:[^'\\\n]|\\.)*'$/)));
  });

  it('I45 reads the time forms of pilots and refuses times that do not exist', () => {
    expect(parseTime('2021-11-22 07:00:00')).toEqual(new Date('2021-11-22T07:00:00Z'));
    expect(parseTime('datetime/2021-11-22 07:00:00.123456')).toEqual(new Date('2021-11-22T07:00:00Z'));
    expect(parseTime(1_795_332_569.16)).toEqual(new Date(1_795_332_569_160));
    for (const bad of ['2021-02-31 00:00:00', '2021-13-01 00:00:00', 'yesterday', '', '99999-01-01 00:00:00']) {
      expect(parseTime(bad)).toBeUndefined();
    }
  });
});

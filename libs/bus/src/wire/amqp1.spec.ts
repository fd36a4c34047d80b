import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Unprocessable } from '../failure.js';
import { decodeAmqp1 } from './amqp1.js';

/** A body section as RabbitMQ's AMQP 1.0 plugin writes it. */
function section(kind: number, form: number, content: Buffer): Buffer {
  const short = form === 0xa0 || form === 0xa1;
  const length = Buffer.alloc(short ? 1 : 4);
  if (short) length.writeUInt8(content.length);
  else length.writeUInt32BE(content.length);
  return Buffer.concat([Buffer.from([0x00, 0x53, kind, form]), length, content]);
}

describe('an AMQP 1.0 body', () => {
  it.each([
    ['a short text value', 0x77, 0xa1],
    ['a long text value', 0x77, 0xb1],
    ['a short binary value', 0x77, 0xa0],
    ['a long data section', 0x75, 0xb0],
  ])('gives %s back', (_, kind, form) => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), (bytes) => {
        expect(decodeAmqp1(section(kind, form, Buffer.from(bytes)))).toEqual(Buffer.from(bytes));
      }),
    );
  });

  it('is read by the bytes of the standard', () => {
    // 00 53 77: an amqp-value section; a1 07: a text of seven bytes; {"a":1}.
    expect(decodeAmqp1(Buffer.from('005377a1077b2261223a317d', 'hex')).toString()).toBe('{"a":1}');
  });

  it.each([
    ['nothing', ''],
    ['plain JSON', '7b2261223a317d'],
    ['a list', '005377c00401a1016100'],
    ['another section', '005373c00100'],
    ['a length beyond the end', '005377a1ff61'],
    ['a length before the end', '005377a1016161'],
    ['a truncated length', '005377b10000'],
  ])('refuses %s', (_, hex) => expect(() => decodeAmqp1(Buffer.from(hex, 'hex'))).toThrow(Unprocessable));

  it('refuses any bytes cleanly', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        try {
          decodeAmqp1(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(Unprocessable);
        }
      }),
    );
  });
});

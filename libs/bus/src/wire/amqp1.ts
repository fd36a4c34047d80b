import { Unprocessable } from '../failure.js';

/** Descriptor codes of the two kinds of body sections. OASIS AMQP 1.0 §3.2.6–3.2.8. */
const DATA_SECTION = 0x75;
const VALUE_SECTION = 0x77;

/** Constructors of variable-width values: one or four bytes of length. OASIS AMQP 1.0 §1.6. */
const LENGTH_BYTES: Readonly<Record<number, 1 | 4>> = { 160: 1, 176: 4, 161: 1, 177: 4 };

/**
 * The bytes inside an AMQP 1.0 body section. RabbitMQ 3.x hands a message that was sent as an AMQP 1.0 value to a 0-9-1
 * consumer as the encoded section, with the property `type: amqp-1.0`. Throws {@link Unprocessable} for anything but one
 * text or binary value.
 */
export function decodeAmqp1(section: Buffer): Buffer {
  // 0x00 begins a described type, 0x53 a descriptor of one byte.
  if (section.length < 5 || section[0] !== 0 || section[1] !== 0x53) throw malformed('no described section');
  if (section[2] !== VALUE_SECTION && section[2] !== DATA_SECTION) throw malformed(`section 0x${section[2]?.toString(16)}`);
  const lengthBytes = LENGTH_BYTES[section[3] as number];
  if (lengthBytes === undefined) throw malformed(`value 0x${section[3]?.toString(16)}`);
  if (section.length < 4 + lengthBytes) throw malformed('no length');
  const length = lengthBytes === 1 ? section.readUInt8(4) : section.readUInt32BE(4);
  const from = 4 + lengthBytes;
  if (section.length !== from + length) throw malformed('a wrong length');
  return section.subarray(from);
}

function malformed(what: string): Unprocessable {
  return new Unprocessable('malformed', `the AMQP 1.0 body has ${what}; one text or binary value is understood`);
}

import { type Topic, topics } from '@panda/contracts';
import type { Envelope } from '../bus.js';
import { Unprocessable } from '../failure.js';
import { decodeAmqp1 } from './amqp1.js';
import { HEADER, type WireBody, type WireMessage } from './message.js';

/** Version of the envelopes this release writes; it reads every minor version of the same major one. */
export const SCHEMA_VERSION = '1.0';

/** Largest payload of our own messages: they carry ids, not rows. */
export const PAYLOAD_BYTES_MAX = 64 * 1024;

const known: Readonly<Record<string, Topic>> = Object.fromEntries(Object.values(topics).map((topic) => [topic.name, topic]));

/**
 * The envelope as properties and headers; the body is the bare payload, readable for any consumer. Throws
 * {@link Unprocessable} when a message of our own is larger than a nudge can be.
 */
export function encodeEnvelope(envelope: Envelope): WireMessage {
  const text = JSON.stringify(envelope.payload) ?? 'null';
  if (text.length > PAYLOAD_BYTES_MAX / 4 && known[envelope.type]?.about !== 'external') assertSmall(envelope, text);
  return {
    properties: {
      messageId: envelope.messageId,
      type: envelope.type,
      producer: envelope.producer,
      occurredAt: envelope.occurredAt,
      contentType: 'application/json',
      headers: {
        [HEADER.schemaVersion]: envelope.schemaVersion,
        [HEADER.aggregate]: envelope.aggregate,
        [HEADER.seq]: envelope.seq,
        ...(envelope.causationId === undefined ? {} : { [HEADER.causation]: envelope.causationId }),
        ...traceHeader(envelope.traceId),
      },
    },
    body: { json: envelope.payload, text },
  };
}

/**
 * The envelope of a message that arrived for a topic. A message without our headers is accepted on topics for outside
 * producers only, with the id `foreignId` when it has none. Throws {@link Unprocessable}.
 */
export function decodeEnvelope(message: WireMessage, topic: Topic, foreignId: () => string): Envelope {
  const { properties } = message;
  const version = properties.headers[HEADER.schemaVersion];
  if (version === undefined && topic.about === 'external') return foreignEnvelope(message, topic, foreignId);
  if (typeof version !== 'string') throw new Unprocessable('malformed', 'the message carries no schema version');
  if (major(version) > major(SCHEMA_VERSION)) {
    throw new Unprocessable('unsupported', `schema version ${version} is newer than ${SCHEMA_VERSION}`);
  }
  const type = properties.type ?? '';
  if (known[type] === undefined && topic.name !== type) throw new Unprocessable('unsupported', `the type '${type}' is not known`);
  if (properties.messageId === undefined) throw new Unprocessable('malformed', 'the message carries no id');
  const { [HEADER.aggregate]: aggregate, [HEADER.seq]: seq, [HEADER.causation]: causation } = properties.headers;
  const trace = properties.headers[HEADER.traceparent] ?? properties.headers[HEADER.traceId];
  return {
    messageId: properties.messageId,
    type,
    schemaVersion: version,
    aggregate: String(aggregate ?? ''),
    seq: Number(seq ?? 0),
    occurredAt: properties.occurredAt ?? '',
    producer: properties.producer ?? '',
    ...(typeof trace === 'string' ? { traceId: trace } : {}),
    ...(typeof causation === 'string' ? { causationId: causation } : {}),
    payload: parsed(message.body),
  };
}

/** Outside producers send JSON, or text; over AMQP 1.0 a text arrives as an encoded section. */
function foreignEnvelope({ properties, body }: WireMessage, topic: Topic, foreignId: () => string): Envelope {
  const bytes = 'bytes' in body && properties.type === 'amqp-1.0' ? decodeAmqp1(body.bytes) : undefined;
  return {
    messageId: isUuid(properties.messageId) ? properties.messageId : foreignId(),
    type: topic.name,
    schemaVersion: SCHEMA_VERSION,
    aggregate: `external:${properties.producer ?? ''}`,
    seq: 0,
    occurredAt: properties.occurredAt ?? '',
    producer: properties.producer ?? 'external',
    payload: jsonOrText(bytes === undefined ? body : { bytes }),
  };
}

function assertSmall({ type }: Envelope, text: string): void {
  const size = Buffer.byteLength(text);
  if (size > PAYLOAD_BYTES_MAX) {
    throw new Unprocessable('too-large', `a payload of ${size} bytes for '${type}' exceeds ${PAYLOAD_BYTES_MAX}`);
  }
}

function parsed(body: WireBody): unknown {
  if ('json' in body) return body.json;
  try {
    return JSON.parse(body.bytes.toString('utf8'));
  } catch (error) {
    throw new Unprocessable('malformed', `the payload is not JSON: ${(error as Error).message}`);
  }
}

function jsonOrText(body: WireBody): unknown {
  if ('json' in body) return body.json;
  const text = body.bytes.toString('utf8');
  try {
    return JSON.parse(text);
  } catch {
    return text; // plain text is allowed from outside; its processor decides what to make of it
  }
}

function traceHeader(traceId: string | undefined): Record<string, string> {
  if (traceId === undefined) return {};
  return { [TRACEPARENT.test(traceId) ? HEADER.traceparent : HEADER.traceId]: traceId };
}

function major(version: string): number {
  const number = Number.parseInt(version, 10);
  if (Number.isNaN(number)) throw new Unprocessable('malformed', `'${version}' is no schema version`);
  return number;
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function isUuid(text: string | undefined): text is string {
  return text !== undefined && UUID.test(text);
}

import { describe, expect, it } from '@jest/globals';
import { topics } from '@panda/contracts';
import fc from 'fast-check';
import type { Envelope } from '../bus.js';
import { decodeEnvelope, encodeEnvelope } from './envelope-codec.js';
import { HEADER, type WireMessage } from './message.js';

const FOREIGN_ID = '01890000-0000-7000-8000-00000000beef';
const foreignId = (): string => FOREIGN_ID;
const plain: Envelope = {
  messageId: '01890000-0000-7000-8000-000000000001',
  type: topics.taskReady.name,
  schemaVersion: '1.0',
  aggregate: 'task:7',
  seq: 3,
  occurredAt: '2021-11-22T12:00:00.123Z',
  producer: 'jedi-contents-feeder',
  payload: { ids: [7] },
};

/** As a byte transport would deliver it. */
function inBytes(message: WireMessage): WireMessage {
  return 'json' in message.body ? { ...message, body: { bytes: Buffer.from(JSON.stringify(message.body.json)) } } : message;
}

function foreign(text: string, properties: Partial<WireMessage['properties']> = {}): WireMessage {
  return { properties: { headers: {}, ...properties }, body: { bytes: Buffer.from(text) } };
}

describe('an envelope', () => {
  it('survives both kinds of transport, whatever it holds', () => {
    const anyEnvelope = fc.record(
      {
        messageId: fc.uuid(),
        type: fc.constantFrom(...Object.values(topics).map(({ name }) => name)),
        schemaVersion: fc.constantFrom('1.0', '1.9'),
        aggregate: fc.string(),
        seq: fc.nat(),
        occurredAt: fc.constant('2021-11-22T12:00:00.123Z'),
        producer: fc.string(),
        traceId: fc.constantFrom('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'request-7'),
        causationId: fc.uuid(),
        payload: fc.jsonValue(),
      },
      { requiredKeys: ['messageId', 'type', 'schemaVersion', 'aggregate', 'seq', 'occurredAt', 'producer', 'payload'] },
    );
    fc.assert(
      fc.property(anyEnvelope, (envelope) => {
        const sent = JSON.parse(JSON.stringify(envelope));
        const wire = encodeEnvelope(sent);
        expect(decodeEnvelope(wire, topics.taskReady, foreignId)).toEqual(sent);
        expect(decodeEnvelope(inBytes(wire), topics.taskReady, foreignId)).toEqual(sent);
      }),
    );
  });

  it('carries a trace context under the name every tracer reads', () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    expect(encodeEnvelope({ ...plain, traceId: traceparent }).properties.headers).toMatchObject({ traceparent });
    expect(encodeEnvelope({ ...plain, traceId: 'request-7' }).properties.headers).toMatchObject({ 'x-trace-id': 'request-7' });
  });

  it.each([
    ['without a version', { [HEADER.schemaVersion]: undefined }, 'malformed'],
    ['with a version that is none', { [HEADER.schemaVersion]: 'new' }, 'malformed'],
    ['of a newer major version', { [HEADER.schemaVersion]: '2.0' }, 'unsupported'],
  ])('is refused %s', (_, headers, code) => {
    const wire = encodeEnvelope(plain);
    const changed = { ...wire, properties: { ...wire.properties, headers: { ...wire.properties.headers, ...headers } } };
    expect(() => decodeEnvelope(changed, topics.taskReady, foreignId)).toThrow(expect.objectContaining({ code }));
  });

  it('is refused with an unknown type, without an id, or with a body that is no JSON', () => {
    const wire = encodeEnvelope(plain);
    const changed = (properties: object): WireMessage => ({ ...wire, properties: { ...wire.properties, ...properties } });
    const refusal = (message: WireMessage): unknown =>
      expect(() => decodeEnvelope(message, topics.taskReady, foreignId)).toThrow(expect.objectContaining({ kind: 'invalid' }));
    refusal(changed({ type: 'task.unknown' }));
    refusal(changed({ messageId: undefined }));
    refusal({ ...wire, body: { bytes: Buffer.from('{') } });
  });
});

describe('a message of an outside producer', () => {
  const decoded = (message: WireMessage): Envelope => decodeEnvelope(message, topics.ingressMessage, foreignId);

  it('needs no envelope: JSON and text are taken as they are', () => {
    expect(decoded(foreign('{"msg_type":"job_dataset","relation_type":"input"}')).payload).toEqual({
      msg_type: 'job_dataset',
      relation_type: 'input',
    });
    expect(decoded(foreign('hello')).payload).toBe('hello');
    expect(decoded(foreign('hello'))).toMatchObject({ messageId: FOREIGN_ID, type: 'ingress.message', producer: 'external' });
  });

  it('keeps its own id when that is a UUID, and its producer', () => {
    const message = foreign('1', { messageId: plain.messageId, producer: 'idds' });
    expect(decoded(message)).toMatchObject({ messageId: plain.messageId, producer: 'idds', aggregate: 'external:idds' });
    expect(decoded(foreign('1', { messageId: 'T_ID:7' })).messageId).toBe(FOREIGN_ID);
  });

  it('is understood when it came over AMQP 1.0 as an encoded section', () => {
    const bytes = Buffer.from('005377a1077b2261223a317d', 'hex');
    expect(decoded({ properties: { headers: {}, type: 'amqp-1.0' }, body: { bytes } }).payload).toEqual({ a: 1 });
    expect(decoded({ properties: { headers: {} }, body: { bytes: Buffer.from('{"a":1}') } }).payload).toEqual({ a: 1 });
  });

  it('is not accepted where our own services publish', () => {
    expect(() => decodeEnvelope(foreign('{"ids":[1]}'), topics.taskReady, foreignId)).toThrow('no schema version');
  });
});

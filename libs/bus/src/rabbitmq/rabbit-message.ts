import type { ConsumeMessage, Options } from 'amqplib';
import type { Envelope } from '../bus.js';
import { traceHeaders } from '../tracing.js';
import { encodeEnvelope } from '../wire/envelope-codec.js';
import { bodyBytes, type WireMessage, type WireProperties } from '../wire/message.js';

/** Exact time of an event; AMQP's own timestamp has whole seconds. */
const OCCURRED_AT = 'x-occurred-at';

/** Written by the broker; must not travel on when we publish a message again, or it would see a cycle. */
const BROKER_HEADER = /^x-(death|first-death-.*|last-death-.*|delivery-count)$/;

/** Content and options of an envelope of ours. */
export function toRabbit(envelope: Envelope): { content: Buffer; options: Options.Publish & { messageId: string } } {
  const { properties, body } = encodeEnvelope(envelope);
  return {
    content: bodyBytes(body),
    options: {
      messageId: envelope.messageId,
      type: properties.type,
      appId: properties.producer,
      contentType: properties.contentType,
      timestamp: Math.floor(Date.parse(envelope.occurredAt) / 1_000),
      headers: { ...traceHeaders(), ...properties.headers, [OCCURRED_AT]: envelope.occurredAt },
    },
  };
}

/** A message as it arrived, without the broker's own headers. */
export function fromRabbit({ properties, content }: ConsumeMessage): WireMessage {
  const headers = properties.headers ?? {};
  const occurredAt = headers[OCCURRED_AT] ?? isoTime(properties.timestamp);
  const given: WireProperties = {
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !BROKER_HEADER.test(name))),
    ...(properties.messageId === undefined ? {} : { messageId: String(properties.messageId) }),
    ...(properties.type === undefined ? {} : { type: String(properties.type) }),
    ...(properties.appId === undefined ? {} : { producer: String(properties.appId) }),
    ...(properties.contentType === undefined ? {} : { contentType: String(properties.contentType) }),
    ...(typeof occurredAt === 'string' ? { occurredAt } : {}),
  };
  return { properties: given, body: { bytes: content } };
}

/** Options that publish a message again as it is, with other headers. */
export function again(
  { properties }: ConsumeMessage,
  messageId: string,
  headers: Readonly<Record<string, unknown>>,
): Options.Publish & { messageId: string } {
  return {
    messageId,
    type: properties.type,
    appId: properties.appId,
    contentType: properties.contentType,
    contentEncoding: properties.contentEncoding,
    timestamp: properties.timestamp,
    headers: { ...headers },
  };
}

/** Seconds by the standard; some producers write milliseconds. */
function isoTime(timestamp: unknown): string | undefined {
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp) || timestamp <= 0) return undefined;
  const date = new Date(timestamp > 1e11 ? timestamp : timestamp * 1_000);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

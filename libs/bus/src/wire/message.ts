/** A message as a transport carries it: the envelope in properties and headers, the payload as the body. */
export interface WireMessage {
  readonly properties: WireProperties;
  readonly body: WireBody;
}

export interface WireProperties {
  readonly messageId?: string;
  readonly type?: string;
  readonly producer?: string;
  /** ISO 8601 with milliseconds. */
  readonly occurredAt?: string;
  readonly contentType?: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

/** JSON when the transport keeps JSON as such (`text` where it is written already), bytes otherwise. */
export type WireBody = { readonly json: unknown; readonly text?: string } | { readonly bytes: Buffer };

/** The body as JSON text or as it came. */
export function bodyBytes(body: WireBody): Buffer {
  return 'bytes' in body ? body.bytes : Buffer.from(body.text ?? JSON.stringify(body.json));
}

/** Our headers. All others pass through untouched. */
export const HEADER = {
  schemaVersion: 'x-schema-version',
  aggregate: 'x-aggregate',
  seq: 'x-seq',
  causation: 'x-causation-id',
  /** W3C trace context; a trace id of another form travels as `x-trace-id`. */
  traceparent: 'traceparent',
  traceId: 'x-trace-id',
  /** Failed tries so far. */
  failures: 'x-attempt',
  firstFailedAt: 'x-first-failed-at',
  lastFailedAt: 'x-last-failed-at',
  reasonCode: 'x-reason-code',
  reasonText: 'x-reason-text',
} as const;

import type { BusRow } from '@panda/database';
import { traceHeaders } from '../tracing.js';
import type { WireMessage, WireProperties } from '../wire/message.js';

/** The `headers` column: properties beside the headers proper. `base64` marks a body that is bytes, not JSON. */
interface StoredHeaders extends Omit<WireProperties, 'headers'> {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly encoding?: 'base64';
}

/** The columns of a message. */
export function toRow({ properties, body }: WireMessage): { headers: string; body: string } {
  const headers = { ...traceHeaders(), ...properties.headers };
  if ('json' in body)
    return { headers: JSON.stringify({ ...properties, headers }), body: body.text ?? JSON.stringify(body.json) };
  return {
    headers: JSON.stringify({ ...properties, headers, encoding: 'base64' }),
    body: JSON.stringify(body.bytes.toString('base64')),
  };
}

export function fromRow(row: BusRow): WireMessage {
  const { encoding, headers, ...properties } = row.headers as StoredHeaders;
  const body = encoding === 'base64' ? { bytes: Buffer.from(String(row.body), 'base64') } : { json: row.body };
  return { properties: { ...properties, headers: headers ?? {} }, body };
}

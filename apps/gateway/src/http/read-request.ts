import { decodeForm, decodeText, inflate, isGzip, parseJsonObject, WireError } from '@panda/contracts';

/** Inflated size of a body unless the operation says otherwise. Source: reliability §7.1. */
export const INFLATED_MAX = 64 * 1024 * 1024;
/** Compressed, or plain, size on the wire. */
export const WIRE_MAX = 16 * 1024 * 1024;

export interface RawRequest {
  readonly dialect: 'legacy' | 'v1';
  readonly method: string;
  readonly query: string;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly body: Buffer | undefined;
}

export interface DecodedRequest {
  readonly raw: ReadonlyMap<string, unknown>;
  /** Values are texts and must be cast. */
  readonly cast: boolean;
}

/**
 * Query and body as one map. Pilots and classic clients send gzip without saying so; the method of the transport does not matter in the
 * classic dialect (client-api 0.1, 0.7). Throws {@link WireError}.
 */
export async function readRequest(request: RawRequest, inflatedMax: number): Promise<DecodedRequest> {
  const query = decodeForm(request.query);
  const type = request.contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  // urllib sends `{}` as the body of every GET; answers to GET must not depend on it.
  if (request.dialect === 'v1' && request.method === 'GET') return { raw: query, cast: true };
  const text = decodeText(await plainBody(request, inflatedMax));
  if (type === 'application/json') {
    const json = text.trim() === '' ? {} : parseJsonObject(text);
    return { raw: merge(query, Object.entries(json)), cast: request.dialect === 'legacy' };
  }
  if (type !== '' && type !== 'application/x-www-form-urlencoded' && text !== '') {
    throw new WireError('unsupported', 'the content type is not supported');
  }
  return { raw: merge(query, decodeForm(text)), cast: true };
}

async function plainBody({ body, contentEncoding }: RawRequest, inflatedMax: number): Promise<Buffer> {
  const encoding = contentEncoding?.trim().toLowerCase() ?? '';
  if (!['', 'identity', 'gzip', 'x-gzip'].includes(encoding))
    throw new WireError('unsupported', 'the content encoding is not supported');
  const bytes = body ?? Buffer.alloc(0);
  if (isGzip(bytes)) return inflate(bytes, inflatedMax);
  if (encoding.endsWith('gzip') && bytes.length > 0) throw new WireError('malformed', 'the body is not gzip as announced');
  if (bytes.length > inflatedMax) throw new WireError('tooLarge', `the body is larger than ${inflatedMax} bytes`);
  return bytes;
}

function merge(first: Iterable<readonly [string, unknown]>, second: Iterable<readonly [string, unknown]>): Map<string, unknown> {
  return new Map<string, unknown>([...first, ...second]);
}

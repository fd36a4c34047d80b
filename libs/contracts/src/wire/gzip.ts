import { promisify } from 'node:util';
import { gunzip, type InputType, type ZlibOptions } from 'node:zlib';
import { WireError } from './wire-error.js';

const gunzipAsync = promisify<InputType, ZlibOptions, unknown>(gunzip);

/** Gzip bodies come without `Content-Encoding` from pilots and classic clients: the magic number decides. */
export function isGzip(body: Buffer): boolean {
  return body.length > 2 && body[0] === 0x1f && body[1] === 0x8b;
}

/**
 * Inflates off the event loop and stops at the limit, so that a bomb costs at most `inflatedMax` bytes of memory.
 * Refused: damaged data, too many members, anything behind the last one, a gzip inside the gzip (reliability I04).
 */
export async function inflate(body: Buffer, inflatedMax: number): Promise<Buffer> {
  if (mayHaveMoreMembers(body, MEMBERS_MAX))
    throw new WireError('malformed', `the body has more than ${MEMBERS_MAX} gzip members`);
  const inflated = await inflateOnce(body, inflatedMax);
  if (isGzip(inflated)) throw new WireError('malformed', 'the body is compressed twice');
  return inflated;
}

/** Clients send one member; a million empty ones would keep the decoder busy for nothing (reliability §7.1). */
const MEMBERS_MAX = 16;
const MEMBER_HEAD = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * Heads of members, counted without decoding. Compressed data has these three bytes by chance once in 16 MB, never seventeen times; the
 * text inside cannot have them, since they are no UTF-8.
 */
function mayHaveMoreMembers(body: Buffer, max: number): boolean {
  let heads = 0;
  for (let at = body.indexOf(MEMBER_HEAD); at >= 0; at = body.indexOf(MEMBER_HEAD, at + MEMBER_HEAD.length)) {
    if (++heads > max) return true;
  }
  return false;
}

async function inflateOnce(body: Buffer, inflatedMax: number): Promise<Buffer> {
  try {
    const { buffer, engine } = (await gunzipAsync(body, { maxOutputLength: inflatedMax, info: true } as ZlibOptions)) as {
      buffer: Buffer;
      engine: { bytesWritten: number };
    };
    if (engine.bytesWritten !== body.length) throw new WireError('malformed', 'the compressed body has trailing bytes');
    return buffer;
  } catch (error) {
    if (error instanceof WireError) throw error;
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new WireError('tooLarge', `the inflated body is larger than ${inflatedMax} bytes`);
    }
    throw new WireError('malformed', 'the compressed body is damaged');
  }
}

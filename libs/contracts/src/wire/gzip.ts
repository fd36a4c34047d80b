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
 * Refused: damaged data, anything behind the last member, a gzip inside the gzip (reliability I04).
 */
export async function inflate(body: Buffer, inflatedMax: number): Promise<Buffer> {
  const inflated = await inflateOnce(body, inflatedMax);
  if (isGzip(inflated)) throw new WireError('malformed', 'the body is compressed twice');
  return inflated;
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

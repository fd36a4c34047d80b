import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { ClientError, type Exchange, type HttpTransport, type TokenSource } from '@panda/client';
import { checksumOfFile } from './checksum.js';
import { type Copied, CopyError, type CopyErrorKind, type CopyOptions, type CopyTool } from './copytool.js';
import { writeMeasured } from './write-measured.js';

/** `http(s)://`: storage with plain GET and PUT (WebDAV, presigned object-store URLs). The pilot's token goes along if there is one. */
export class HttpCopyTool implements CopyTool {
  readonly name = 'https';
  readonly names = ['https', 'http', 'webdav', 's3', 'gs', 'objectstore', 'rucio'];
  readonly schemes = ['https', 'http', 'davs', 'dav'];

  constructor(
    private readonly transport: HttpTransport,
    private readonly token?: TokenSource,
  ) {}

  async fetch(url: string, path: string, options: CopyOptions): Promise<Copied> {
    const partial = `${path}.${randomUUID()}.part`;
    try {
      const copied = await this.transport.open(await this.exchange('GET', url, options), async (message) => {
        refuse(message.statusCode ?? 0, url);
        return writeMeasured(() => message as AsyncIterable<Buffer>, partial, options.checksum, false);
      });
      await rename(partial, path);
      return copied;
    } catch (error) {
      await rm(partial, { force: true });
      throw asCopyError(error, url);
    }
  }

  async store(path: string, url: string, options: CopyOptions): Promise<Copied> {
    try {
      const { size } = await stat(path);
      const exchange = await this.exchange('PUT', url, options);
      const headers = { ...exchange.headers, 'content-length': String(size) };
      const reply = await this.transport.send({ ...exchange, headers, body: () => createReadStream(path) });
      refuse(reply.status, url);
      return { bytes: size, checksum: await checksumOfFile(path, options.checksum, options.signal) };
    } catch (error) {
      throw asCopyError(error, url);
    }
  }

  private async exchange(method: 'GET' | 'PUT', url: string, { signal }: CopyOptions): Promise<Exchange> {
    const token = await this.token?.token();
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    // The caller's signal carries the time limit of the transfer.
    const limits = { timeoutMs: 24 * 3_600_000, maxBytes: Number.MAX_SAFE_INTEGER };
    return { method, url: url.replace(/^dav(s?):/, 'http$1:'), headers, signal, ...limits };
  }
}

const kinds: Readonly<Record<number, CopyErrorKind>> = {
  401: 'forbidden',
  403: 'forbidden',
  404: 'missing',
  410: 'missing',
  507: 'noSpace',
};

function refuse(status: number, url: string): void {
  if (status >= 200 && status < 300) return;
  throw new CopyError(kinds[status] ?? 'other', `${url}: HTTP ${status}`);
}

/** The transport wraps what a reader of its answer throws; here the inside counts. */
function asCopyError(error: unknown, url: string): unknown {
  const inside = error instanceof ClientError ? error.cause : error;
  if (inside instanceof CopyError || (inside as Error | undefined)?.name === 'AbortError') return inside;
  return new CopyError('other', `${url}: ${(error as Error).message}`, { cause: error });
}

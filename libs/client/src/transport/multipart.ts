import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';

export interface MultipartFile {
  readonly field: string;
  readonly filename: string;
  readonly size: number;
  /** Opens the content from its start; called once per attempt, so that a retry re-reads the file. */
  readonly open: () => AsyncIterable<Buffer | Uint8Array>;
}

/** A file of this machine as one part. */
export function fileOnDisk(field: string, path: string, filename: string, size: number): MultipartFile {
  return { field, filename, size, open: () => createReadStream(path) };
}

/**
 * `multipart/form-data` with the fields first, then one file, streamed and with a known length: servers that limit by
 * `Content-Length` can refuse before the first byte (the classic server does; panda-client › putFile).
 */
export function multipart(fields: Readonly<Record<string, string | undefined>>, file: MultipartFile) {
  const boundary = `----panda-${randomBytes(16).toString('hex')}`;
  const given = Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const parts = given.map(([name, value]) => `--${boundary}\r\n${disposition(name)}\r\n\r\n${value}\r\n`).join('');
  const fileHead = `${disposition(file.field, file.filename)}\r\nContent-Type: application/octet-stream`;
  const head = Buffer.from(`${parts}--${boundary}\r\n${fileHead}\r\n\r\n`);
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(head.length + file.size + tail.length),
    },
    body: () => Readable.from(concatenated(head, file, tail)),
  };
}

async function* concatenated(head: Buffer, file: MultipartFile, tail: Buffer): AsyncGenerator<Buffer | Uint8Array> {
  yield head;
  yield* file.open();
  yield tail;
}

function disposition(name: string, filename?: string): string {
  const suffix = filename === undefined ? '' : `; filename="${quoted(filename)}"`;
  return `Content-Disposition: form-data; name="${quoted(name)}"${suffix}`;
}

/** A quote or line break in a file name must not open a header of its own (WHATWG form-data escaping). */
function quoted(text: string): string {
  return text.replaceAll('\r', '%0D').replaceAll('\n', '%0A').replaceAll('"', '%22');
}

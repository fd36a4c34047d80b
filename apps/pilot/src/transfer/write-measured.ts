import { open as openFile } from 'node:fs/promises';
import { type ChecksumKind, newHasher } from './checksum.js';
import type { Copied } from './copytool.js';

/**
 * Writes a stream into a new file and measures it on the way. The stream is opened when it is read: one that fails before would have nobody
 * who hears of it. `durable`: on disk when this returns, for files that others are told of; an
 * input of a job may be lost with the machine that runs it.
 */
export async function writeMeasured(
  open: () => AsyncIterable<unknown>,
  path: string,
  kind: ChecksumKind,
  durable: boolean,
): Promise<Copied> {
  const hasher = await newHasher(kind);
  const target = await openFile(path, 'wx');
  let bytes = 0;
  try {
    for await (const part of open()) {
      const chunk = part as Buffer;
      hasher.update(chunk);
      for (let done = 0; done < chunk.length; ) done += (await target.write(chunk, done)).bytesWritten;
      bytes += chunk.length;
    }
    if (durable) await target.sync();
  } finally {
    await target.close();
  }
  return { bytes, checksum: hasher.digest('hex') };
}

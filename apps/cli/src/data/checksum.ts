import { createReadStream } from 'node:fs';
import { Adler32 } from '@panda/client';

/** Adler-32 of a local file. */
export async function fileAdler32(path: string): Promise<string> {
  const sum = new Adler32();
  for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  return sum.digest();
}

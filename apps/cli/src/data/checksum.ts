import { createReadStream } from 'node:fs';
import { createAdler32 } from 'hash-wasm';

/** Adler-32 of a local file. */
export async function fileAdler32(path: string): Promise<string> {
  const sum = await createAdler32();
  for await (const chunk of createReadStream(path)) sum.update(chunk as Buffer);
  return sum.digest();
}

import { WireError } from './wire-error.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Strict UTF-8: invalid bytes are refused instead of being replaced (reliability I07). */
export function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new WireError('malformed', 'the text is not valid UTF-8');
  }
}

/** Why a body could not be read; the gateway turns it into 400, 413 or 415 (reliability §7.2). */
export type WireFault = 'malformed' | 'tooLarge' | 'unsupported';

/** The request cannot be read at all. The message is short, one line, and never begins with the caller's text. */
export class WireError extends Error {
  constructor(
    readonly fault: WireFault,
    message: string,
  ) {
    super(message);
    this.name = 'WireError';
  }
}

import type { ChecksumKind } from './checksum.js';

/** What a copy moved. */
export interface Copied {
  readonly bytes: number;
  /** Checksum of the bytes at the destination, read back from there where the tool can. */
  readonly checksum: string;
}

export interface CopyOptions {
  readonly checksum: ChecksumKind;
  readonly signal: AbortSignal;
}

/**
 * Moves one file between the job directory and a storage endpoint. A copytool promises: the destination appears whole or not at all,
 * and a failed or aborted copy leaves nothing behind. Failures of its own are {@link CopyError}.
 */
export interface CopyTool {
  readonly name: string;
  /** URL schemes it serves, without colon. */
  readonly schemes: readonly string[];
  fetch(url: string, path: string, options: CopyOptions): Promise<Copied>;
  store(path: string, url: string, options: CopyOptions): Promise<Copied>;
}

export type CopyErrorKind = 'missing' | 'noSpace' | 'forbidden' | 'other';

export class CopyError extends Error {
  constructor(
    readonly kind: CopyErrorKind,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}

/** The tool for a URL; undefined when none serves its scheme. */
export function toolFor(tools: readonly CopyTool[], url: string): CopyTool | undefined {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  return scheme === undefined ? undefined : tools.find((tool) => tool.schemes.includes(scheme));
}

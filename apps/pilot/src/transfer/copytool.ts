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
  /** What queue data (`acopytools`) call it. */
  readonly names: readonly string[];
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

/**
 * The tools for a URL, in the order they are tried: those the queue names for the activity, as far as they serve its scheme; when it
 * names none of ours, whichever serves it.
 */
export function toolsFor(tools: readonly CopyTool[], url: string, wanted: readonly string[]): CopyTool[] {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase() ?? '';
  const able = tools.filter((tool) => tool.schemes.includes(scheme));
  const named = wanted.flatMap((name) => able.find((tool) => tool.names.includes(name)) ?? []);
  return named.length > 0 ? [...new Set(named)] : able.slice(0, 1);
}

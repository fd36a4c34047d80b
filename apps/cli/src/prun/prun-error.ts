/** Where a submission stopped. */
export type Stage = 'config' | 'upload' | 'archive' | 'submit';

/** Exit codes of prun: those of the real tool. panda-client:pandaclient/PrunScript.py@749e856 */
export const prunExitCodes = { ok: 0, usage: 2, config: 10, upload: 50, archive: 60, submit: 90 } as const;

/** A submission that cannot go on. `cause` is the server's or the system's error, if there is one. */
export class PrunError extends Error {
  constructor(
    readonly stage: Stage,
    message: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'PrunError';
  }
}

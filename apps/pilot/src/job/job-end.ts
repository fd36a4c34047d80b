import type { JobFailure } from '../errors/job-failure.js';

/** Who ended a job from outside: the server, a signal, a limit. The first one counts. */
export class JobEnd {
  private readonly controller = new AbortController();
  private reason: JobFailure | undefined;

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get failure(): JobFailure | undefined {
    return this.reason;
  }

  request(failure: JobFailure): void {
    if (this.reason !== undefined) return;
    this.reason = failure;
    this.controller.abort();
  }

  /** Throws the reason, if there is one. */
  check(): void {
    if (this.reason !== undefined) throw this.reason;
  }
}

import { formatDiagnostics, type PilotErrorName, pilotErrors } from '@panda/domain';

/** Why a job failed, in the pilot's vocabulary. `message` is the diagnostic: standard sentence, then the tail of the detail. */
export class JobFailure extends Error {
  readonly code: number;

  constructor(
    readonly errorName: PilotErrorName,
    detail = '',
    options?: { cause?: unknown },
  ) {
    super(formatDiagnostics(pilotErrors[errorName].code, detail), options);
    this.name = 'JobFailure';
    this.code = pilotErrors[errorName].code;
  }
}

/** Any error as a failure of the job; what is not ours becomes `fallback` with its message. */
export function asJobFailure(error: unknown, fallback: PilotErrorName = 'UNKNOWNEXCEPTION'): JobFailure {
  if (error instanceof JobFailure) return error;
  return new JobFailure(fallback, error instanceof Error ? error.message : String(error), { cause: error });
}

/** Errors of one job. The first is reported, unless a later one says who ended the job: that outranks what the end broke. */
export class FailureList {
  private readonly failures: JobFailure[] = [];

  add(failure: JobFailure, priority = false): void {
    if (this.failures.some((known) => known.code === failure.code)) return;
    if (priority) this.failures.unshift(failure);
    else this.failures.push(failure);
  }

  get first(): JobFailure | undefined {
    return this.failures[0];
  }

  get all(): readonly JobFailure[] {
    return this.failures;
  }
}

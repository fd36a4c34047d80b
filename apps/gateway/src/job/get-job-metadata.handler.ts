import { Injectable } from '@nestjs/common';
import { type ArgsOf, isObject, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { jobStatus } from '@panda/domain';
import { Handler } from '../http/call.js';

const METADATA_MAX = 10_000;

@Injectable()
export class GetJobMetadata extends Handler<typeof operations.getJobMetadata> {
  readonly operation = operations.getJobMetadata;

  constructor(private readonly tasks: TaskQueryRepository) {
    super();
  }

  async handle({ taskId }: ArgsOf<typeof operations.getJobMetadata>) {
    const rows = await this.tasks.jobMetadata(taskId, jobStatus.finished, METADATA_MAX);
    return Object.fromEntries(rows.flatMap(({ pandaid, metadata }) => decoded(pandaid, metadata)));
  }
}

/** Only JSON objects count: other texts are reports of production transforms. */
function decoded(pandaid: number, text: string | null): [string, unknown][] {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return isObject(value) ? [[String(pandaid), value]] : [];
  } catch {
    return []; // the payload wrote something that is no JSON: nothing to show
  }
}

import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations } from '@panda/contracts';
import { TaskQueryRepository } from '@panda/database';
import { Handler } from '../http/call.js';

const FILES_MAX = 100_000;

@Injectable()
export class GetDatasetsAndFiles extends Handler<typeof operations.getDatasetsAndFiles> {
  readonly operation = operations.getDatasetsAndFiles;

  constructor(private readonly tasks: TaskQueryRepository) {
    super();
  }

  async handle({ taskId, datasetTypes }: ArgsOf<typeof operations.getDatasetsAndFiles>) {
    const rows = await this.tasks.files(
      taskId,
      datasetTypes.flatMap((types) => types.split(',')),
      FILES_MAX,
    );
    const datasets = new Map<number, { dataset: { name: string; id: number }; files: operations.Fields[] }>();
    for (const row of rows) {
      const dataset = datasets.get(row.datasetid) ?? { dataset: { name: row.datasetname, id: row.datasetid }, files: [] };
      dataset.files.push({ lfn: row.lfn, scope: row.scope, id: row.fileid, status: row.status });
      datasets.set(row.datasetid, dataset);
    }
    return [...datasets.values()];
  }
}

import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { GenerationRepository, OperatorTables } from '@panda/database';
import { makePreprocessJob, outputSlots, resourceTypeOfJob, UnbuildableTask } from '@panda/domain';
import type { WorkOrder } from './job-maker.js';
import { OutputStreams } from './output-streams.js';

/** Makes the one job that runs before a task and finds values for its parameters. Spec: Basic Concepts › topreprocess. */
@Injectable()
export class PreprocessingStep {
  constructor(
    private readonly jobs: GenerationRepository,
    private readonly outputs: OutputStreams,
    private readonly tables: OperatorTables,
  ) {}

  /** Stores the job at the best candidate. Throws UnbuildableTask for a task without such a step; ClaimLost; DdmError. */
  async make({ claim, chunk, candidates, queues, parameters, datasets, event }: WorkOrder): Promise<number> {
    const { task, master } = chunk;
    const [file] = master.files;
    const [best] = [...candidates].sort((a, b) => b.weight - a.weight);
    const queue = best && queues.get(best.queue);
    if (!file || !queue) return 0;
    const streams = await this.outputs.streams(task, datasets, { site: queue.name, work: 'preprocess' });
    const reserved = await this.jobs.reserve(task.jediTaskId, 1, streams);
    const [log] = outputSlots(reserved.streams, reserved.fileIds, 0);
    if (!log) throw new UnbuildableTask('the preprocessing step has no log');
    const resourceTypes = await this.tables.resourceTypes();
    const job = makePreprocessJob({
      task,
      parameters,
      queue,
      pandaId: reserved.pandaIds[0] ?? 0,
      host: hostname(),
      input: { dataset: master.dataset, file },
      log,
      resourceTypeOf: (request) => resourceTypeOfJob(resourceTypes, request),
    });
    const { stored } = await this.jobs.store(claim, task.jediTaskId, [job], event);
    return stored.length;
  }
}

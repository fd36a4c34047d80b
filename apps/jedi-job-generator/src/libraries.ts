import { hostname } from 'node:os';
import { Injectable } from '@nestjs/common';
import { GenerationRepository, OperatorTables } from '@panda/database';
import {
  type BuiltJob,
  Clock,
  inputFileStatus,
  LIB_LIFETIME_DAYS,
  type LibFile,
  libDatasetName,
  makeBuildJob,
  outputFileStatus,
  type Queue,
  Random,
  resourceTypeOfJob,
  type TaskParameters,
  type TaskSpec,
} from '@panda/domain';

/** The library the jobs of a task need at a queue, with the job that builds it when nobody has begun yet. */
export interface Library {
  readonly lib: LibFile;
  readonly buildJob?: BuiltJob;
}

/** One build per task and place, used for a week. Spec: User Guide › build jobs. */
@Injectable()
export class Libraries {
  constructor(
    private readonly jobs: GenerationRepository,
    private readonly tables: OperatorTables,
    private readonly clock: Clock,
    private readonly random: Random,
  ) {}

  /** Undefined when the task builds nothing. */
  async at(task: TaskSpec, parameters: TaskParameters, queue: Queue): Promise<Library | undefined> {
    if (!task.splitRule.get('useBuild') || parameters.buildSpec === undefined) return undefined;
    const known = await this.jobs.library(task.jediTaskId, queue.name, LIB_LIFETIME_DAYS);
    if (known && isUsable(known.status)) {
      const isReady = known.status === outputFileStatus.finished;
      const measured = isReady ? { guid: known.guid, fsize: known.fsize ?? 0, checksum: known.checksum } : {};
      const { datasetId, datasetName, fileId, lfn, scope } = known;
      return { lib: { datasetId, datasetName, fileId, lfn, scope, isReady, ...measured } };
    }
    return this.build(task, parameters, queue);
  }

  private async build(task: TaskSpec, parameters: TaskParameters, queue: Queue): Promise<Library> {
    const name = libDatasetName(this.clock.now(), Math.floor(this.random.next() * 1_000_000), task.jediTaskId);
    const datasetId = await this.jobs.newLibrary(task.jediTaskId, name, queue.name, task.vo);
    const { pandaIds, fileIds } = await this.jobs.reserve(task.jediTaskId, 1, [], undefined, 2);
    const resourceTypes = await this.tables.resourceTypes();
    const { job, lib } = makeBuildJob({
      task,
      parameters,
      queue,
      pandaId: pandaIds[0] ?? 0,
      host: hostname(),
      lib: { datasetId, datasetName: name },
      libFileId: fileIds[0] ?? 0,
      logFileId: fileIds[1] ?? 0,
      resourceTypeOf: (request) => resourceTypeOfJob(resourceTypes, request),
    });
    return { lib, buildJob: job };
  }
}

/** A failed build is done again with the next attempt of the files that needed it. */
function isUsable(status: string): boolean {
  const hopeful: readonly string[] = [
    outputFileStatus.finished,
    outputFileStatus.prepared,
    outputFileStatus.defined,
    inputFileStatus.running,
  ];
  return hopeful.includes(status);
}

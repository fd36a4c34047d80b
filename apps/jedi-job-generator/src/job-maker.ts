import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRow, GenerationRepository, OperatorTables, type TaskEvent } from '@panda/database';
import {
  type BuiltJob,
  chunkRam,
  type InputChunk,
  JobBuilder,
  type LiveCounter,
  outputSlots,
  type Queue,
  Random,
  resourceTypeOfJob,
  type SiteAssignment,
  type SiteCandidate,
  type SubChunk,
  splitInput,
  type TaskParameters,
} from '@panda/domain';
import { type JobGeneratorConfig, jobGeneratorKeys } from './job-generator.config.js';
import { Libraries } from './libraries.js';
import { OutputStreams } from './output-streams.js';

export interface WorkOrder {
  readonly claim: string;
  readonly chunk: InputChunk;
  readonly candidates: readonly SiteCandidate[];
  readonly queues: ReadonlyMap<string, Queue>;
  readonly parameters: TaskParameters;
  readonly template: string;
  readonly datasets: readonly DatasetRow[];
  readonly live: LiveCounter;
  /** The task's first jobs: what they make of its state. */
  readonly event: TaskEvent | null;
}

export interface Made {
  readonly jobs: number;
  /** No queue had room for the rest. */
  readonly queuesFull: boolean;
}

interface Lot {
  readonly candidate: SiteCandidate;
  readonly subChunk: SubChunk;
}

/** Cuts a brokered chunk into jobs and stores them, batch by batch, while the rest is still uncut. Spec: JEDI › Job Generator. */
@Injectable()
export class JobMaker {
  constructor(
    private readonly jobs: GenerationRepository,
    private readonly outputs: OutputStreams,
    private readonly libraries: Libraries,
    private readonly tables: OperatorTables,
    private readonly random: Random,
    @Inject(jobGeneratorKeys.token) private readonly config: JobGeneratorConfig,
  ) {}

  /** Throws UnbuildableTask, UnresolvedPlaceholder, FormulaError for a task that can never get jobs; ClaimLost; DdmError. */
  async make(order: WorkOrder): Promise<Made> {
    const builder = await this.builder(order);
    const world = { queueOf: (name: string) => order.queues.get(name), random: this.random, live: order.live };
    const split = splitInput(order.chunk, order.candidates, world);
    let stored = 0;
    let lots: Lot[] = [];
    let step = split.next();
    for (; !step.done; step = split.next()) {
      lots.push(...lotsOf(step.value));
      if (lots.length < this.config.jobsPerTransaction) continue;
      stored += await this.storeAll(order, builder, lots, stored === 0);
      lots = [];
    }
    if (lots.length > 0) stored += await this.storeAll(order, builder, lots, stored === 0);
    const { unusedFileIds, queuesFull } = step.value;
    if (unusedFileIds.length > 0) await this.jobs.giveBack(order.claim, order.chunk.task.jediTaskId, unusedFileIds);
    return { jobs: stored, queuesFull };
  }

  private async builder({ chunk, parameters, template }: WorkOrder): Promise<JobBuilder> {
    const resourceTypes = await this.tables.resourceTypes();
    return new JobBuilder({
      task: chunk.task,
      parameters,
      jobParamsTemplate: template,
      isMerging: chunk.isMerging,
      useScout: chunk.useScout,
      ramCount: chunkRam(chunk),
      host: hostname(),
      resourceTypeOf: (job) => resourceTypeOfJob(resourceTypes, job),
    });
  }

  /** Jobs of one batch, queue by queue: outputs and library belong to the place. */
  private async storeAll(order: WorkOrder, builder: JobBuilder, lots: readonly Lot[], isFirst: boolean): Promise<number> {
    let stored = 0;
    for (const mine of byQueue(lots)) {
      const built = await this.build(order, builder, mine);
      const event = isFirst && stored === 0 ? order.event : null;
      const result = await this.jobs.store(order.claim, order.chunk.task.jediTaskId, built, event);
      stored += result.stored.length;
    }
    return stored;
  }

  private async build(order: WorkOrder, builder: JobBuilder, lots: readonly Lot[]): Promise<BuiltJob[]> {
    const { task, isMerging } = order.chunk;
    const queue = order.queues.get(lots[0]?.candidate.queue ?? '');
    if (!queue) throw new Error(`queue ${lots[0]?.candidate.queue} is not in the snapshot`);
    const streams = await this.outputs.streams(task, order.datasets, { site: queue.name, isMerging });
    const seed = seedOf(order);
    const library = needsLibrary(order) ? await this.libraries.at(task, order.parameters, queue) : undefined; // its job goes first
    const reserved = await this.jobs.reserve(task.jediTaskId, lots.length, streams, seed);
    const jobs = lots.map(({ candidate, subChunk }, n) =>
      builder.build({
        pandaId: reserved.pandaIds[n] ?? 0,
        queue,
        candidate,
        subChunk,
        outputs: outputSlots(reserved.streams, reserved.fileIds, n),
        ...(library ? { lib: library.lib } : {}),
        ...(reserved.seeds[n] ? { seed: reserved.seeds[n] } : {}),
      }),
    );
    return library?.buildJob ? [library.buildJob, ...jobs] : jobs;
  }
}

function lotsOf({ candidate, subChunks }: SiteAssignment): Lot[] {
  return subChunks.map((subChunk) => ({ candidate, subChunk }));
}

function byQueue(lots: readonly Lot[]): Lot[][] {
  const queues = new Map<string, Lot[]>();
  for (const lot of lots) {
    const mine = queues.get(lot.candidate.queue);
    if (mine) mine.push(lot);
    else queues.set(lot.candidate.queue, [lot]);
  }
  return [...queues.values()];
}

/** The stream of random numbers, when the task has one: each job takes the next. */
function seedOf({ chunk, datasets }: WorkOrder): { datasetId: number; datasetName: string } | undefined {
  const row = chunk.isMerging ? undefined : datasets.find(({ type }) => type === 'random_seed');
  return row && { datasetId: row.datasetId, datasetName: row.name };
}

/** Merge jobs read the library only where the user's merge step asks for it. */
function needsLibrary({ chunk, parameters }: WorkOrder): boolean {
  const { jobParameters } = (parameters.mergeSpec ?? {}) as { jobParameters?: unknown };
  return !chunk.isMerging || String(jobParameters).includes('${LIB}');
}

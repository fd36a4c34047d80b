import { hostname } from 'node:os';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRow, GenerationRepository, OperatorTables, PriorityRepository, type TaskEvent } from '@panda/database';
import {
  type BuiltJob,
  chunkRam,
  type InputChunk,
  JobBuilder,
  type LiveCounter,
  type OutputStream,
  outputSlots,
  priorityAccount,
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
import { Libraries, type Library } from './libraries.js';
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

/** What the jobs of one queue share. */
interface Place {
  readonly queue: Queue;
  readonly streams: readonly OutputStream[];
  readonly library: Library | undefined;
}

/** Kept over the batches of one order. */
interface Bench {
  readonly builder: JobBuilder;
  readonly places: Map<string, Place>;
}

/** The first jobs of a task are stored soon, so that pilots have something while the rest is made. Goal G10. */
const FIRST_BATCH = 100;

/** Cuts a brokered chunk into jobs and stores them batch by batch: one is stored while the next is built. Spec: JEDI › Job Generator. */
@Injectable()
export class JobMaker {
  constructor(
    private readonly jobs: GenerationRepository,
    private readonly outputs: OutputStreams,
    private readonly libraries: Libraries,
    private readonly tables: OperatorTables,
    private readonly priorities: PriorityRepository,
    private readonly random: Random,
    @Inject(jobGeneratorKeys.token) private readonly config: JobGeneratorConfig,
  ) {}

  /** Throws UnbuildableTask, UnresolvedPlaceholder, FormulaError for a task that can never get jobs; ClaimLost; DdmError. */
  async make(order: WorkOrder): Promise<Made> {
    const bench: Bench = { builder: await this.builder(order), places: new Map() };
    const world = { queueOf: (name: string) => order.queues.get(name), random: this.random, live: order.live };
    const split = splitInput(order.chunk, order.candidates, world);
    let stored = 0;
    let storing: Promise<number> | undefined;
    try {
      let step = split.next();
      for (let size = FIRST_BATCH; !step.done; size = this.config.jobsPerTransaction) {
        const lots: Lot[] = [];
        for (; !step.done && lots.length < Math.min(size, this.config.jobsPerTransaction); step = split.next())
          lots.push(...lotsOf(step.value));
        const built = await this.build(order, bench, lots); // while the batch before is being stored
        stored += (await storing) ?? 0;
        storing = this.store(order, built, stored === 0);
      }
      stored += (await storing) ?? 0;
      const { unusedFileIds, queuesFull } = step.value;
      if (unusedFileIds.length > 0) await this.jobs.giveBack(order.claim, order.chunk.task.jediTaskId, unusedFileIds);
      return { jobs: stored, queuesFull };
    } finally {
      await storing?.catch(() => 0); // whoever gives files back after an error must not race with it
    }
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
      activeJobs: isOfUser(chunk) ? await this.priorities.activeJobs(priorityAccount(chunk.task)) : null,
      host: hostname(),
      resourceTypeOf: (job) => resourceTypeOfJob(resourceTypes, job),
    });
  }

  /** Jobs of one batch, queue by queue: outputs and library belong to the place. */
  private async build(order: WorkOrder, bench: Bench, lots: readonly Lot[]): Promise<BuiltJob[]> {
    const built: BuiltJob[] = [];
    for (const mine of byQueue(lots)) built.push(...(await this.buildAt(order, bench, mine)));
    return built;
  }

  private async store(order: WorkOrder, built: readonly BuiltJob[], isFirst: boolean): Promise<number> {
    const event = isFirst ? order.event : null;
    const { stored } = await this.jobs.store(order.claim, order.chunk.task.jediTaskId, built, event);
    return stored.length;
  }

  private async buildAt(order: WorkOrder, bench: Bench, lots: readonly Lot[]): Promise<BuiltJob[]> {
    const name = lots[0]?.candidate.queue ?? '';
    const known = bench.places.get(name);
    const { queue, streams, library } = known ?? (await this.place(order, name));
    bench.places.set(name, { queue, streams, library: library && { lib: library.lib } }); // it is built once
    const reserved = await this.jobs.reserve(order.chunk.task.jediTaskId, lots.length, streams, seedOf(order));
    const jobs = lots.map(({ candidate, subChunk }, n) =>
      bench.builder.build({
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

  private async place(order: WorkOrder, name: string): Promise<Place> {
    const { task, isMerging } = order.chunk;
    const queue = order.queues.get(name);
    if (!queue) throw new Error(`queue ${name} is not in the snapshot`);
    const streams = await this.outputs.streams(task, order.datasets, { site: name, work: isMerging ? 'merge' : 'task' });
    const library = needsLibrary(order) ? await this.libraries.at(task, order.parameters, queue) : undefined;
    return { queue, streams, library };
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

/** Whether the jobs stand in the line of an account. */
function isOfUser({ task, isMerging }: InputChunk): boolean {
  return task.prodSourceLabel === 'user' && !isMerging;
}

/** Merge jobs read the library only where the user's merge step asks for it. */
function needsLibrary({ chunk, parameters }: WorkOrder): boolean {
  const { jobParameters } = (parameters.mergeSpec ?? {}) as { jobParameters?: unknown };
  return !chunk.isMerging || String(jobParameters).includes('${LIB}');
}

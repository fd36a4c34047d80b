import { Inject, Injectable } from '@nestjs/common';
import { GenerationRepository, OperatorTables } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  type Availability,
  type BrokerageWorld,
  Clock,
  type Ddm,
  DdmError,
  datasetName,
  emptyWorld,
  type InputChunk,
  type InputLocality,
  isExpress,
  type LiveCounter,
  parseQueue,
  parseSoftwareCatalogue,
  type Queue,
  type TaskSpec,
  wayToNucleus,
} from '@panda/domain';
import { Policies } from './policies.js';
import { type LoadRow, loadsByQueue } from './queue-loads.js';

/** Looks at the queues once per cycle: what brokerage decides on is a snapshot. */
@Injectable()
export class BrokerageWorldReader {
  /** Links to nuclei, read once per cycle. */
  private readonly links = new Map<string, ReturnType<GenerationRepository['linksTo']>>();

  constructor(
    private readonly tables: OperatorTables,
    private readonly jobs: GenerationRepository,
    @Inject(DDM) private readonly ddm: Ddm,
    private readonly policies: Policies,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async read(live: LiveCounter): Promise<BrokerageWorld> {
    const [queues, [loads, workers, slots], activity, endpoints, software] = await Promise.all([
      this.queues(),
      this.jobs.loads(),
      this.tables.pilotActivity(),
      this.tables.endpoints(),
      this.tables.softwareTags(),
    ]);
    this.links.clear();
    live.clear(); // the loads show what was sent before
    return {
      ...emptyWorld,
      queues,
      loads: loadsByQueue(loads as LoadRow[], workers, slots, activity, this.clock.now()),
      software: parseSoftwareCatalogue(Object.fromEntries(software.map(({ queue, data }) => [queue, jsonOf(data)]))),
      endpoints: new Map(
        endpoints.map((row) => [
          row.name,
          {
            name: row.name,
            freeGb: row.spaceFree,
            expiredGb: row.spaceExpired,
            totalGb: row.spaceTotal,
            isBlacklistedForWrite: row.blacklistedWrite,
            isTape: row.isTape,
          },
        ]),
      ),
    };
  }

  /** The same world as one chunk sees it: where its input is, and which queues have its task already. */
  async forChunk(
    world: BrokerageWorld,
    chunk: InputChunk,
    usedQueues: readonly string[],
    live: LiveCounter,
  ): Promise<BrokerageWorld> {
    const [locality, nucleus] = await Promise.all([this.locality(world.queues, chunk), this.nucleus(world.queues, chunk.task)]);
    const sent = new Map(world.queues.map(({ name }) => [name, live.of(name)]));
    const given = this.policies.brokerage(chunk.task);
    const options = { ...given, inputMustBeLocal: given.inputMustBeLocal && locality !== null };
    return { ...world, ...nucleus, usedQueues: new Set(usedQueues), locality: locality ?? new Map(), live: sent, options };
  }

  /** Nothing for a task without a nucleus. */
  private async nucleus(queues: readonly Queue[], task: TaskSpec): Promise<Partial<BrokerageWorld>> {
    if (task.nucleus === null) return {};
    const links = this.links.get(task.nucleus) ?? this.jobs.linksTo(task.nucleus);
    this.links.set(task.nucleus, links);
    return wayToNucleus(queues, task.nucleus, await links, isExpress(task));
  }

  /** Null: the chunk has no files that must be somewhere. Throws DdmError when data management cannot say. */
  private async locality(queues: readonly Queue[], chunk: InputChunk): Promise<Map<string, InputLocality> | null> {
    const real = [chunk.master, ...chunk.secondaries]
      .filter(({ dataset }) => !dataset.isPseudo)
      .map(({ dataset }) => dataset.datasetName);
    if (real.length === 0) return null;
    const found = await Promise.all([...new Set(real)].map((name) => this.availability(name)));
    return new Map(queues.map((queue) => [queue.name, localityAt(queue, found)]));
  }

  private async availability(name: string): Promise<Availability[]> {
    try {
      return await this.ddm.availability(datasetName(name));
    } catch (error) {
      if (error instanceof DdmError && error.kind === 'unknown') return []; // it vanished: nobody has it
      throw error;
    }
  }

  private async queues(): Promise<Queue[]> {
    const [rows, relations] = await Promise.all([this.tables.queues(), this.tables.relations()]);
    return rows.map(({ name, data, site }) => {
      const mine = relations.filter(({ queue }) => queue === name);
      const input = mine
        .filter(({ defaultRead, roles }) => defaultRead || roles?.includes('read'))
        .map(({ endpoint }) => endpoint);
      const output = mine
        .filter(({ defaultWrite, roles }) => defaultWrite || roles?.includes('write'))
        .map(({ endpoint }) => endpoint);
      const queue = mine.length > 0 ? parseQueue(name, data, { input, output }) : parseQueue(name, data);
      return { ...queue, site: site ?? queue.site };
    });
  }
}

function localityAt(queue: Queue, datasets: readonly Availability[][]): InputLocality {
  const sum = { diskBytes: 0, tapeBytes: 0, totalBytes: 0, diskFiles: 0, tapeFiles: 0, totalFiles: 0 };
  for (const replicas of datasets) {
    const here = replicas.filter(({ endpoint }) => queue.inputEndpoints.includes(endpoint));
    const best = (onTape: boolean) =>
      here.filter((replica) => replica.onTape === onTape).sort((a, b) => b.available - a.available)[0];
    const [disk, tape] = [best(false), best(true)];
    sum.diskFiles += disk?.available ?? 0;
    sum.diskBytes += disk?.availableBytes ?? 0;
    sum.tapeFiles += tape?.available ?? 0;
    sum.tapeBytes += tape?.availableBytes ?? 0;
    sum.totalFiles += replicas[0]?.total ?? 0;
    sum.totalBytes += Math.max(0, ...replicas.map(({ availableBytes }) => availableBytes));
  }
  return sum;
}

/** What a queue publishes; text that is no JSON counts as nothing published. */
function jsonOf(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}');
  } catch {
    return {};
  }
}

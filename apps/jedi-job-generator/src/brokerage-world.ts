import { Inject, Injectable } from '@nestjs/common';
import { GenerationRepository, OperatorTables } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  type Availability,
  type BrokerageWorld,
  type Ddm,
  DdmError,
  datasetName,
  emptyWorld,
  type InputChunk,
  type InputLocality,
  type LiveCounter,
  parseQueue,
  type Queue,
} from '@panda/domain';
import { Policies } from './policies.js';
import { type LoadRow, loadsByQueue } from './queue-loads.js';

/** Looks at the queues once per cycle: what brokerage decides on is a snapshot. */
@Injectable()
export class BrokerageWorldReader {
  constructor(
    private readonly tables: OperatorTables,
    private readonly jobs: GenerationRepository,
    @Inject(DDM) private readonly ddm: Ddm,
    private readonly policies: Policies,
  ) {}

  async read(live: LiveCounter): Promise<BrokerageWorld> {
    const [queues, [loads, workers, slots], endpoints] = await Promise.all([
      this.queues(),
      this.jobs.loads(),
      this.tables.endpoints(),
    ]);
    live.clear(); // the loads show what was sent before
    return {
      ...emptyWorld,
      queues,
      loads: loadsByQueue(loads as LoadRow[], workers, slots),
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
    const locality = await this.locality(world.queues, chunk);
    const sent = new Map(world.queues.map(({ name }) => [name, live.of(name)]));
    const given = this.policies.brokerage(chunk.task);
    const options = { ...given, inputMustBeLocal: given.inputMustBeLocal && locality !== null };
    return { ...world, usedQueues: new Set(usedQueues), locality: locality ?? new Map(), live: sent, options };
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
    return rows.map(({ name, data }) => {
      const mine = relations.filter(({ queue }) => queue === name);
      const input = mine
        .filter(({ defaultRead, roles }) => defaultRead || roles?.includes('read'))
        .map(({ endpoint }) => endpoint);
      const output = mine
        .filter(({ defaultWrite, roles }) => defaultWrite || roles?.includes('write'))
        .map(({ endpoint }) => endpoint);
      return mine.length > 0 ? parseQueue(name, data, { input, output }) : parseQueue(name, data);
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

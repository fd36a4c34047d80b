import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRow, type EndpointRow, OperatorTables, TaskBrokerRepository } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  type Availability,
  couldRun,
  type Ddm,
  datasetName,
  isBacklogged,
  isPseudoDataset,
  type Nucleus,
  type NucleusInput,
  parseQueue,
  type Queue,
  type StorageEndpoint,
  type TaskSpec,
} from '@panda/domain';

/** SITE.role and SITE.state, words of the information system. */
const NUCLEUS_ROLE = 'nucleus';
const ACTIVE_STATE = 'ACTIVE';
/** Output without a storage token. */
export const DEFAULT_TOKEN = 'default';

/** What does not depend on the task: looked at once per cycle. */
export interface NucleusWorld {
  readonly sites: readonly { readonly name: string; readonly isActive: boolean; readonly isBacklogged: boolean }[];
  readonly endpoints: readonly EndpointRow[];
  readonly queues: readonly Queue[];
}

/** Nuclei as task brokerage sees them: a snapshot of sites, storage, jobs and work. Spec: JEDI › Task Broker. */
@Injectable()
export class Nuclei {
  constructor(
    private readonly tables: OperatorTables,
    private readonly tasks: TaskBrokerRepository,
    @Inject(DDM) private readonly ddm: Ddm,
  ) {}

  async read(): Promise<NucleusWorld> {
    const [sites, endpoints, queues, jobs] = await Promise.all([
      this.tables.sites(),
      this.tables.endpoints(),
      this.tables.queues(),
      this.tasks.jobsOfNuclei(),
    ]);
    const backlogged = new Set(jobs.filter(isBacklogged).map(({ nucleus }) => nucleus));
    return {
      sites: sites
        .filter(({ role }) => role?.toLowerCase() === NUCLEUS_ROLE)
        .map(({ name, state }) => ({
          name,
          isActive: (state ?? ACTIVE_STATE).toUpperCase() === ACTIVE_STATE,
          isBacklogged: backlogged.has(name),
        })),
      endpoints,
      queues: queues.map(({ name, data }) => parseQueue(name, data)),
    };
  }

  /** The nuclei as this task sees them. Throws DdmError when data management cannot say where its input is. */
  async forTask(
    world: NucleusWorld,
    task: TaskSpec,
    datasets: readonly DatasetRow[],
    tokens: readonly string[],
  ): Promise<Nucleus[]> {
    const [work, replicas] = await Promise.all([this.tasks.remainingWork(task.currentPriority), this.replicas(datasets)]);
    const hasRunnableQueue = world.queues.some((queue) => couldRun(task, queue));
    return world.sites.map((site) => {
      const mine = world.endpoints.filter((endpoint) => endpoint.site === site.name);
      const input = replicas && inputAt(replicas, new Set(mine.map(({ name }) => name)));
      return {
        ...site,
        endpoints: endpointsFor(mine, tokens),
        hasRunnableQueue,
        remainingWork: work.get(site.name) ?? 0,
        ...(input ? { input } : {}),
      };
    });
  }

  /** Replicas of each real input dataset; undefined when there is no input to look for. */
  private async replicas(datasets: readonly DatasetRow[]): Promise<Availability[][] | undefined> {
    const real = datasets.filter(
      ({ type, name, attributes }) => type === 'input' && !isPseudoDataset({ datasetName: name, type, attributes }),
    );
    if (real.length === 0) return undefined;
    return Promise.all([...new Set(real.map(({ name }) => name))].map((name) => this.ddm.availability(datasetName(name))));
  }
}

function endpointsFor(mine: readonly EndpointRow[], tokens: readonly string[]): Map<string, StorageEndpoint> {
  const writable = mine.filter(({ isTape }) => !isTape);
  return new Map(
    tokens.flatMap((token): [string, StorageEndpoint][] => {
      const row =
        token === DEFAULT_TOKEN ? writable[0] : mine.find(({ spaceToken, name }) => spaceToken === token || name === token);
      return row ? [[token, storage(row)]] : [];
    }),
  );
}

function storage(row: EndpointRow): StorageEndpoint {
  return {
    name: row.name,
    freeGb: row.spaceFree,
    expiredGb: row.spaceExpired,
    totalGb: row.spaceTotal,
    isBlacklistedForWrite: row.blacklistedWrite,
    isTape: row.isTape,
  };
}

function inputAt(datasets: readonly (readonly Availability[])[], endpoints: ReadonlySet<string>): NucleusInput {
  const sum = { diskBytes: 0, anyBytes: 0, totalBytes: 0, anyFiles: 0, totalFiles: 0 };
  for (const replicas of datasets) {
    const here = replicas.filter(({ endpoint }) => endpoints.has(endpoint));
    sum.diskBytes += most(here.filter(({ onTape }) => !onTape).map(({ availableBytes }) => availableBytes));
    sum.anyBytes += most(here.map(({ availableBytes }) => availableBytes));
    sum.anyFiles += most(here.map(({ available }) => available));
    sum.totalBytes += most(replicas.map(({ availableBytes }) => availableBytes));
    sum.totalFiles += most(replicas.map(({ total }) => total));
  }
  return sum;
}

const most = (values: readonly number[]): number => Math.max(0, ...values);

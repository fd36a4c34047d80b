import { Inject, Injectable } from '@nestjs/common';
import { type ArgsOf, operations, type Scalar } from '@panda/contracts';
import {
  Database,
  type HandedJob,
  handOutJobs,
  type JobSlot,
  type JobWant,
  OperatorTables,
  type QueueRow,
} from '@panda/database';
import { type Counter, Metrics } from '@panda/domain';
import { hasRole, type Identity } from '../auth/caller.js';
import { UserSecrets } from '../creds/user-secrets.js';
import { type Call, identityOf, Refused } from '../http/call.js';
import { MicroBatch } from '../http/micro-batch.js';
import { type EndpointOf, jobDictionary, USES_SECRETS } from './job-dictionary.js';
import { fittingLabels } from './job-labels.js';
import { decimal, whole, words } from './scalars.js';
import { ShareOrder } from './share-order.js';

type Arguments = ArgsOf<typeof operations.acquireJobs>;
type Criteria = Omit<JobWant, 'slots' | 'shares'>;

interface Request {
  readonly criteria: Criteria;
  readonly slots: readonly JobSlot[];
}

/** Requests answered from one statement. */
const BATCH = { max: 200, parallel: 2 };

/** Hands jobs to pilots: concurrent requests are answered from one hand-out (performance §1a: a third of the cost per job). */
@Injectable()
export class JobDispatch {
  private readonly handOut: MicroBatch<Request, readonly HandedJob[]>;
  private readonly handed: Counter<'queue'>;

  constructor(
    private readonly database: Database,
    private readonly tables: OperatorTables,
    private readonly shares: ShareOrder,
    private readonly secrets: UserSecrets,
    @Inject(Metrics) metrics: Metrics,
  ) {
    this.handOut = new MicroBatch((requests) => this.serve(requests), BATCH);
    this.handed = metrics.counter({
      name: 'panda_gateway_jobs_handed_out_total',
      help: 'Jobs handed to pilots.',
      labels: ['queue'],
    });
  }

  async acquire(args: Arguments, call: Call): Promise<operations.JobDictionary[]> {
    const caller = identityOf(call);
    const userName = ownerOnly(args, caller);
    const queue = await this.queueOf(args);
    if (queue === undefined) return [];
    const criteria = criteriaOf(args, queue, userName);
    const jobs = await this.handOut.add({ criteria, slots: slotsOf(args, call, caller) });
    if (jobs.length > 0) this.handed.add({ queue: queue.name }, jobs.length);
    const endpointOf = await this.endpointsOf(queue.name);
    return Promise.all(jobs.map(async (job) => jobDictionary(job, { endpointOf, secrets: await this.secretsOf(job) })));
  }

  /** Pilots name the resource and the queue; the queue is what jobs are brokered to. */
  private async queueOf({ siteName, computingElement }: Arguments): Promise<QueueRow | undefined> {
    const queues = await this.tables.queues();
    return (
      queues.find(({ name }) => name === siteName) ??
      queues.find(({ name }) => name === computingElement) ??
      queues.find(({ data }) => data.panda_resource === siteName)
    );
  }

  /** One statement takes one want per queue: requests with other criteria for the same queue go into the next round. */
  private async serve(requests: readonly Request[]): Promise<(readonly HandedJob[])[]> {
    const shares = await this.shares.names();
    const results = requests.map((): HandedJob[] => []);
    for (const round of roundsOf(requests)) {
      const wants = round.map(({ criteria, members }) => ({
        ...criteria,
        shares,
        slots: members.flatMap((i) => requests[i]?.slots ?? []),
      }));
      const owners = round.map(({ members }) => members.flatMap((i) => (requests[i]?.slots ?? []).map(() => i)));
      for (const job of await handOutJobs(this.database, wants)) {
        const owner = owners[job.want]?.[job.slot];
        if (owner !== undefined) results[owner]?.push(job);
      }
    }
    return results;
  }

  private async endpointsOf(queue: string): Promise<EndpointOf> {
    const relations = (await this.tables.relations()).filter((relation) => relation.queue === queue);
    const named = new Set(relations.map(({ endpoint }) => endpoint));
    const defaults = {
      read: (relations.find(({ defaultRead }) => defaultRead) ?? relations.find(({ orderRead }) => orderRead !== null))?.endpoint,
      write: (relations.find(({ defaultWrite }) => defaultWrite) ?? relations.find(({ orderWrite }) => orderWrite !== null))
        ?.endpoint,
    };
    return (token, direction) => {
      const name = (token ?? '').split(',')[0]?.replace(/^d[ds][dt]:/, '') ?? '';
      return named.has(name) ? name : defaults[direction];
    };
  }

  private async secretsOf({ specialhandling, produsername }: HandedJob): Promise<Record<string, string> | null> {
    const uses = (specialhandling ?? '').split(',').includes(USES_SECRETS);
    return uses && produsername !== null ? this.secrets.get(produsername, null) : null;
  }
}

interface Round {
  readonly criteria: Criteria;
  /** Indexes of requests with these criteria. */
  readonly members: number[];
}

function roundsOf(requests: readonly Request[]): Round[][] {
  const groups = new Map<string, Round>();
  requests.forEach(({ criteria }, i) => {
    const key = JSON.stringify(criteria);
    const group = groups.get(key);
    if (group) group.members.push(i);
    else groups.set(key, { criteria, members: [i] });
  });
  const rounds: Round[][] = [];
  for (const group of groups.values()) {
    const free = rounds.find((round) => round.every(({ criteria }) => criteria.computingSite !== group.criteria.computingSite));
    if (free) free.push(group);
    else rounds.push([group]);
  }
  return rounds;
}

/** Without a pilot's role callers fetch their own user jobs only. Throws {@link Refused} for anything else. */
function ownerOnly({ prodSourceLabel: label }: Arguments, caller: Identity): string | undefined {
  if (hasRole(caller, 'pilot', 'production', 'harvester', 'admin')) return label === 'self' ? caller.userName : undefined;
  if (label !== 'user') throw new Refused({ reason: 'role', message: 'production or pilot role required' });
  return caller.userName;
}

function criteriaOf(args: Arguments, queue: QueueRow, userName: string | undefined): Criteria {
  const label = words(args.prodSourceLabel, 20);
  const labels = fittingLabels(label, String(queue.data.type ?? ''));
  const memoryMb = positive(args.memory);
  const diskMb = positive(args.diskSpace);
  const remainingS = positive(args.remainingTime);
  const jediTaskId = positive(args.taskId);
  const resourceType = words(args.resourceType, 56) ?? undefined;
  const computingElement = words(args.computingElement, 128) ?? undefined;
  return {
    computingSite: queue.name,
    ...(labels === undefined ? {} : { labels }),
    ...(resourceType === undefined ? {} : { resourceType }),
    ...(memoryMb === undefined ? {} : { memoryMb }),
    ...(diskMb === undefined ? {} : { diskMb }),
    ...(remainingS === undefined ? {} : { remainingS }),
    ...(userName === undefined ? {} : { userName }),
    ...(jediTaskId === undefined ? {} : { jediTaskId }),
    ...(computingElement === undefined ? {} : { computingElement }),
    ...(isTrue(args.background) ? { background: true } : {}),
  };
}

function slotsOf(args: Arguments, call: Call, caller: Identity): JobSlot[] {
  const asked = args.nJobs === null ? 1 : (whole(args.nJobs) ?? 1);
  const n = Math.min(Math.max(asked, 1), operations.JOBS_PER_CALL_MAX);
  const node = words(args.node, 128);
  const schedulerId = words(args.schedulerId, 128);
  const harvesterId = words(args.harvesterId, 50);
  const workerId = whole(args.workerId, Number.MAX_SAFE_INTEGER);
  const slot: JobSlot = {
    principal: caller.principal,
    requestId: call.traceId,
    ...(node === null ? {} : { node }),
    ...(schedulerId === null ? {} : { schedulerId }),
    ...(harvesterId === null ? {} : { harvesterId }),
    ...(workerId === null ? {} : { workerId }),
  };
  return Array.from({ length: n }, () => slot);
}

/** Zero and negative numbers mean "no limit", as upstream. */
function positive(value: Scalar | null): number | undefined {
  const number = decimal(value);
  return number !== null && number > 0 ? Math.min(Math.floor(number), 2 ** 31 - 1) : undefined;
}

function isTrue(value: Scalar): boolean {
  return value === true || /^(true|1)$/i.test(String(value));
}

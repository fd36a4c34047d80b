import type { Random } from '../ports/random.js';
import type { Queue } from '../queue/queue.js';
import type { SiteCandidate } from '../splitting/site-candidate.js';
import type { FilterContext, QueueFilter } from './filter.js';
import { type FilterRun, type Preassignment, runFilters } from './pipeline.js';
import { type BrokerageRequest, type BrokerageWorld, NO_LOAD } from './request.js';
import { groupRejections, type Rejection, type Verdict } from './verdict.js';

/** A broker is data: reading it is reading the algorithm. */
export interface JobBroker {
  readonly name: string;
  /** Queues a task may use that names none. */
  readonly candidates: (request: BrokerageRequest, world: BrokerageWorld) => readonly Queue[];
  /** In the order of the specification; the last ones may be caps. */
  readonly filters: readonly QueueFilter[];
  /** Finite and not negative; 0 = the queue has nothing yet and gets its first jobs before all others. */
  readonly weight: (context: FilterContext) => number;
  readonly maxQueues: (request: BrokerageRequest) => number;
  /** Queues that run the task already come first. */
  readonly prefersUsed: boolean;
  /** Merge jobs may also run at queues that write to the same storage as the queue of their input. */
  readonly mergesAtSharedStorage: boolean;
  /** No more jobs go to a queue that has as many queued; null = no cap. */
  readonly queuedCap: (context: FilterContext) => number | null;
}

export interface BrokerageResult {
  /** Empty: the task waits, the verdict says for what. */
  readonly candidates: readonly SiteCandidate[];
  readonly verdict: Verdict;
}

/** Where the queues of a task come from: named by it, bound to the merge input, or all that the broker considers. */
export function candidateQueues(broker: JobBroker, request: BrokerageRequest, world: BrokerageWorld) {
  const named = request.task.site ?? request.masterSite;
  const names = (named ?? '').split(',').filter((name) => name !== '');
  if (names.length === 0) return { names, preassignment: 'none' as const, queues: broker.candidates(request, world) };
  const preassignment: Preassignment = names.length === 1 ? 'single' : 'list';
  const mine = world.queues.filter((queue) => names.includes(queue.name));
  if (request.task.site !== null || !broker.mergesAtSharedStorage) return { names, preassignment, queues: mine };
  const storages = new Set(mine.flatMap((queue) => queue.outputEndpoints.slice(0, 1)));
  const sharing = world.queues.filter((queue) => storages.has(queue.outputEndpoints[0] ?? '') && !mine.includes(queue));
  return { names, preassignment, queues: [...mine, ...sharing] };
}

/** Chooses queues for one chunk of a task. Spec: Brokerage. */
export function brokerJobs(broker: JobBroker, request: BrokerageRequest, world: BrokerageWorld, random: Random): BrokerageResult {
  const { names, preassignment, queues } = candidateQueues(broker, request, world);
  const run = runFilters(broker.filters, queues, request, world, { preassignment });
  const candidates = choose(broker, run.passed, request, world, random);
  return { candidates, verdict: verdictOf(broker, names, queues.length, run, candidates) };
}

/** All reasons of all queues, not only the first: what a person asks for when nothing fits. */
export function explainJobs(broker: JobBroker, request: BrokerageRequest, world: BrokerageWorld): readonly Rejection[] {
  const { preassignment, queues } = candidateQueues(broker, request, world);
  return runFilters(broker.filters, queues, request, world, { preassignment, all: true }).rejections;
}

/** Queues that could run the request if the passing troubles of the moment are left aside: the hint for task brokerage. */
export function runnableQueues(broker: JobBroker, request: BrokerageRequest, world: BrokerageWorld): readonly string[] {
  const { preassignment, queues } = candidateQueues(broker, request, world);
  const run = runFilters(broker.filters, queues, request, world, { preassignment, withoutTemporary: true });
  return run.passed.map((queue) => queue.name);
}

function choose(
  broker: JobBroker,
  passed: readonly Queue[],
  request: BrokerageRequest,
  world: BrokerageWorld,
  random: Random,
): SiteCandidate[] {
  const weighed = passed.map((queue) => {
    const context = { request, queue, world, load: world.loads.get(queue.name) ?? NO_LOAD };
    return {
      context,
      weight: broker.weight(context),
      dice: random.next(),
      isUsed: broker.prefersUsed && world.usedQueues.has(queue.name),
    };
  });
  const bootstrapFirst = (weight: number) => (weight === 0 ? Number.POSITIVE_INFINITY : weight);
  weighed.sort(
    (a, b) =>
      Number(b.isUsed) - Number(a.isUsed) || compare(bootstrapFirst(b.weight), bootstrapFirst(a.weight)) || a.dice - b.dice,
  );
  return weighed.slice(0, broker.maxQueues(request)).map(({ context, weight }) => ({
    queue: context.queue.name,
    weight,
    nQueued: context.load.activated + context.load.defined + (world.live.get(context.queue.name) ?? 0),
    queuedCap: broker.queuedCap(context),
  }));
}

/** Difference that is not NaN for two infinities. */
const compare = (a: number, b: number) => (a === b ? 0 : a - b);

function verdictOf(
  broker: JobBroker,
  preassigned: readonly string[],
  candidates: number,
  run: FilterRun,
  chosen: readonly SiteCandidate[],
): Verdict {
  return {
    broker: broker.name,
    candidates,
    preassigned,
    funnel: run.funnel,
    rejected: groupRejections(run.rejections),
    chosen: chosen.map(({ queue, weight }) => ({ queue, weight })),
  };
}

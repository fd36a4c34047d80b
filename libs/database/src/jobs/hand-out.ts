import { jobStatus } from '@panda/domain';
import type { Session } from '../kernel/database.js';
import { type HandedJob, type HandOutParams, handOut, handOutOfType, UNIT_SEPARATOR } from '../statements/hand-out.js';

/** One job that somebody waits for. A request for n jobs is n slots with the same request id. */
export interface JobSlot {
  readonly principal: string;
  readonly requestId: string;
  readonly node?: string;
  readonly schedulerId?: string;
  readonly harvesterId?: string;
  readonly workerId?: number;
}

/** What is wanted of one queue, and by whom. */
export interface JobWant {
  readonly computingSite: string;
  /** Global shares in the order in which they are served; a share that is not named is not served. */
  readonly shares: readonly string[];
  /** prodSourceLabels that fit; absent: any. */
  readonly labels?: readonly string[];
  readonly resourceType?: string;
  readonly memoryMb?: number;
  readonly diskMb?: number;
  /** Seconds the pilot may still run. */
  readonly remainingS?: number;
  readonly userName?: string;
  readonly jediTaskId?: number;
  readonly background?: boolean;
  readonly computingElement?: string;
  /** Harvester fetched the job for a worker to come: it is `starting`, not `sent`. */
  readonly push?: boolean;
  readonly slots: readonly JobSlot[];
}

/**
 * Hands out up to one job per slot; fewer rows than slots means a queue has no more. `want` and `slot` of a row are indexes
 * into the arguments. Two wants of one call must not name the same queue (throws). Run it on the database itself: wants with
 * and without resource type are two statements, each a transaction of its own. Spec: PanDA server › Job Dispatcher.
 */
export async function handOutJobs(session: Session, wants: readonly JobWant[]): Promise<HandedJob[]> {
  const queues = new Set(wants.map((want) => want.computingSite));
  if (queues.size < wants.length) throw new Error('a hand-out takes one want per queue');
  const asked = wants
    .map((want, index) => ({ want, index }))
    .filter(({ want }) => want.slots.length > 0 && want.shares.length > 0);
  const typed = asked.filter(({ want }) => want.resourceType !== undefined);
  const untyped = asked.filter(({ want }) => want.resourceType === undefined);
  const parts = [
    { statement: handOut, asked: untyped },
    { statement: handOutOfType, asked: typed },
  ];
  const handed: HandedJob[] = [];
  for (const part of parts) {
    if (part.asked.length === 0) continue;
    const rows = await session.run(part.statement, paramsOf(part.asked.map(({ want }) => want)));
    handed.push(...rows.map((row) => ({ ...row, want: part.asked[row.want]?.index ?? row.want })));
  }
  return handed;
}

function paramsOf(wants: readonly JobWant[]): HandOutParams {
  const slots = wants.flatMap((want, index) => want.slots.map((slot, rank) => ({ ...slot, index, rank: rank + 1 })));
  return {
    sites: wants.map((w) => w.computingSite),
    shares: wants.map((w) => w.shares.join(UNIT_SEPARATOR)),
    limits: wants.map((w) => w.slots.length),
    labels: wants.map((w) => w.labels?.join(UNIT_SEPARATOR) ?? null),
    resourceTypes: wants.map((w) => w.resourceType ?? null),
    memoryMb: wants.map((w) => w.memoryMb ?? null),
    diskMb: wants.map((w) => w.diskMb ?? null),
    remainingS: wants.map((w) => w.remainingS ?? null),
    userNames: wants.map((w) => w.userName ?? null),
    taskIds: wants.map((w) => w.jediTaskId ?? null),
    background: wants.map((w) => w.background ?? false),
    computingElements: wants.map((w) => w.computingElement ?? null),
    targets: wants.map((w) => (w.push ? jobStatus.starting : jobStatus.sent)),
    slotWants: slots.map((s) => s.index),
    slotRanks: slots.map((s) => s.rank),
    principals: slots.map((s) => s.principal),
    nodes: slots.map((s) => s.node ?? null),
    schedulers: slots.map((s) => s.schedulerId ?? null),
    harvesters: slots.map((s) => s.harvesterId ?? null),
    workers: slots.map((s) => s.workerId ?? null),
    requests: slots.map((s) => s.requestId),
  };
}

import { defineOperational } from '@panda/config';
import type { GenerationRepository, OperatorTables } from '@panda/database';
import {
  isShareThrottled,
  type Occupancy,
  productionFacts,
  queueStatus,
  readProductionLimits,
  type StandbySlots,
  type TaskSpec,
  type ThrottledQueue,
  type ThrottleVerdict,
  throttleTask,
  throttleThresholdDefault,
  withNewJobs,
} from '@panda/domain';
import type { PluginRegistry } from '@panda/plugins-generic';

const READER = 'jedi-job-generator › production throttler';
const PLACES =
  '<queue> is a share or work queue, narrowed by _<resource type>, or by _SCORE* or _MCORE*: the jobs of just those are counted.';

/** Rows of CONFIG that the throttler of production reads. */
export const throttleLimits = defineOperational(
  { app: 'jedi', component: 'prod_job_throttler' },
  {
    THROTTLE_THRESHOLD: {
      type: 'float',
      default: throttleThresholdDefault,
      doc: 'Jobs that may be queued for each one that runs.',
      readBy: READER,
    },
    'NQUEUELIMIT_<queue>': { type: 'int', unit: 'jobs', doc: `Queued jobs that are enough. ${PLACES}`, readBy: READER },
    'NRUNNINGCAP_<queue>': { type: 'int', unit: 'jobs', doc: `Most running jobs. ${PLACES}`, readBy: READER },
    'NQUEUECAP_<queue>': { type: 'int', unit: 'jobs', doc: `Most queued jobs. ${PLACES}`, readBy: READER },
  },
);

/** Throttling for one cycle of the generator: what has to be counted is counted once, and jobs made meanwhile are added. */
export class Throttling {
  private seen: Promise<Occupancy> | undefined;

  constructor(
    private readonly plugins: PluginRegistry,
    private readonly tables: OperatorTables,
    private readonly jobs: GenerationRepository,
    private readonly limit: (vo: string, name: string) => number | undefined,
  ) {}

  /** Whether jobs of a task may be made now. Throws UndefinedPlugin. */
  async judge(task: TaskSpec): Promise<ThrottleVerdict> {
    const { vo, prodSourceLabel, workQueueId, gshare, resourceType } = task;
    const plugin = this.plugins.resolve(vo, prodSourceLabel, 'jobThrottler');
    const [workQueues, shares] = await Promise.all([this.tables.workQueues(), this.tables.shares()]);
    const share = shares.find(({ name }) => name === gshare);
    const workQueue = workQueues.find(({ queueId }) => queueId === workQueueId);
    const throttled = isShareThrottled(share?.throttled ?? null);
    if (plugin.looksAt === 'queue') return plugin.throttle({ queueShare: workQueue?.queueShare ?? null, throttled });
    const name = share?.name ?? workQueue?.name ?? '';
    const limits = readProductionLimits(name, resourceType, (key) => this.limit(vo, key));
    const queue: ThrottledQueue = { name, isShare: share !== undefined, workQueueId, resourceType, throttled, limits };
    return throttleTask(plugin.throttle(productionFacts(queue, await this.occupancy())), task.currentPriority ?? 0);
  }

  /** Jobs were made: the next task of the same share finds them. */
  made(task: TaskSpec, jobs: number): void {
    this.seen = this.seen?.then((occupancy) => withNewJobs(occupancy, task, jobs));
  }

  private occupancy(): Promise<Occupancy> {
    this.seen ??= this.count();
    return this.seen;
  }

  private async count(): Promise<Occupancy> {
    const [slots, queues] = await Promise.all([this.jobs.slots(), this.tables.queues()]);
    const standby = slots.flatMap((row) => {
      const queue = queues.find(({ name, data }) => name === row.queue && data.status === queueStatus.standby);
      return queue ? [{ ...row, cores: Number(queue.data.corecount) || 1 }] : [];
    });
    const dynamic = standby.filter((row) => row.slots === 0).map(({ queue }) => queue);
    const promised: StandbySlots[] = standby.map(({ gshare, resourceType, slots: n, cores }) => ({
      gshare,
      resourceType,
      jobs: Math.floor(Math.max(0, n) / cores),
    }));
    return { ...(await this.jobs.occupancy(dynamic)), standby: promised };
  }
}

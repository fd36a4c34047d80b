import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { JobFailure } from '../errors/job-failure.js';
import type { PilotContext } from '../job/job-context.js';
import { isRecord, type QueueData } from '../queue/queue-data.js';
import { freeDiskMb } from '../report/node-facts.js';
import { type Fields, type JobReply, NoAnswer } from './panda-server.js';

export interface FoundJob {
  readonly definition: Readonly<Record<string, unknown>>;
  readonly tookMs: number;
}

/** Job files that something else may place for the pilot, in the order they are looked for. */
const JOB_FILES = ['HPCJobs.json', 'pandaJobData.out'];

const HARVESTER_PAUSE_MS = 1_000;

/** Where a pilot’s jobs come from: a file placed beforehand, else the server. Spec: Pilot › retrieve. */
export class JobSource {
  constructor(
    private readonly context: PilotContext,
    private readonly stop: AbortSignal,
  ) {}

  /** The next job, or undefined after as many empty answers (`-v`) or failures (`-x`) as the options allow. */
  async next(queue: QueueData, sameTask: string | undefined): Promise<FoundJob | undefined> {
    const { clock, options, log } = this.context;
    let failures = 0;
    for (let requests = 1; ; requests++) {
      const start = clock.elapsedMs();
      const placed = this.placedJob();
      if (placed !== undefined) return { definition: placed, tookMs: 0 };
      const reply = await this.ask(queue, sameTask);
      if (reply?.kind === 'job') return { definition: reply.definition, tookMs: clock.elapsedMs() - start };
      if (reply === undefined) failures++;
      else log.info('no job', { statusCode: reply.statusCode, reason: reply.reason });
      if (requests >= options.getJobRequests || failures >= options.getJobFailures) return undefined;
      await clock.sleep(this.pauseMs, this.stop);
      if (this.stop.aborted) return undefined;
    }
  }

  /** Harvester answers with a file within seconds; a server is not to be pressed. Spec: Pilot › get_job_retrieval_delay. */
  private get pauseMs(): number {
    const { access, config } = this.context;
    return access === undefined ? config.getJobPause : Math.min(HARVESTER_PAUSE_MS, config.getJobPause);
  }

  private async ask(queue: QueueData, sameTask: string | undefined): Promise<JobReply | undefined> {
    try {
      return await this.context.server.getJob(await this.request(queue, sameTask), this.stop);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      this.context.log.warn('the request for a job found no server', { reason: error.message });
      return undefined;
    }
  }

  private async request(queue: QueueData, sameTask: string | undefined): Promise<Fields> {
    const { options, config, node, nodeName, workDir } = this.context;
    return {
      siteName: queue.resource,
      computingElement: options.queue,
      prodSourceLabel: queue.status === 'test' && options.label !== 'ptest' ? 'test' : options.label,
      diskSpace: Math.min(queue.maxWorkDirMb, await freeDiskMb(workDir)),
      workingGroup: options.workingGroup,
      cpu: node.cpuMhz,
      mem: Math.round(node.memoryMb * 10) / 10,
      node: nodeName,
      allowOtherCountry: options.allowOtherCountry,
      countryGroup: options.countryGroup,
      jobType: options.jobType,
      resourceType: options.resourceType,
      taskID: sameTask,
      harvester_id: config.harvesterId,
      worker_id: config.workerId,
    };
  }

  private placedJob(): Readonly<Record<string, unknown>> | undefined {
    for (const dir of [this.context.options.harvesterDir, this.context.home]) {
      for (const name of JOB_FILES) {
        const path = dir === undefined ? undefined : join(dir, name);
        const definition = path === undefined ? undefined : readJobFile(path);
        if (path === undefined || definition === undefined) continue;
        // Taken: the next pilot, or this one's next round, must not find it again.
        rmSync(path);
        this.context.access?.withdrawRequest();
        return definition;
      }
    }
    return undefined;
  }
}

/** `{"<PandaID>": {job}}` as harvester writes it (the first one counts), or the same keys as a query string. */
export function readJobFile(path: string): Readonly<Record<string, unknown>> | undefined {
  const text = read(path);
  if (text === undefined) return undefined;
  if (!text.trimStart().startsWith('{')) return Object.fromEntries(new URLSearchParams(text.trim()));
  const jobs = parsed(path, text);
  const [first] = isRecord(jobs) ? Object.entries(jobs) : [];
  return first !== undefined && isRecord(first[1]) ? { PandaID: first[0], ...first[1] } : undefined;
}

function parsed(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new JobFailure('CONVERSIONFAILURE', `${path}: ${(cause as Error).message}`, { cause });
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    // Not placed: the usual case.
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new JobFailure('FILEHANDLINGFAILURE', (cause as Error).message, { cause });
  }
}

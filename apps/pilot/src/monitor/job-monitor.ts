import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log, PilotErrorName } from '@panda/domain';
import { asJobFailure, JobFailure } from '../errors/job-failure.js';
import type { JobDefinition } from '../job/job-definition.js';
import type { JobEnd } from '../job/job-end.js';
import { PAYLOAD_STDOUT } from '../payload/payload.js';
import type { PilotConfig } from '../pilot.config.js';
import { MARK_NAME } from '../process/process-group.js';
import type { QueueData } from '../queue/queue-data.js';
import { freeDiskMb } from '../report/node-facts.js';
import { surveyDirectory } from './directory.js';
import { loopingLimitMs, memoryLimitKb, runTimeLimitS, workDirLimitBytes } from './limits.js';
import { takeSample, UsageHistory } from './usage.js';

/** File whose appearance in the job directory ends the payload. */
export const KILL_FILE = 'pilot_kill_payload';
/** Written by the pilot itself: no sign of a payload at work. */
const OWN_FILES = new Set(['pilotlog.txt', 'heartbeat.json', 'pilot_heartbeat.json', KILL_FILE]);

export interface Watched {
  readonly job: JobDefinition;
  readonly queue: QueueData;
  readonly dir: string;
  readonly mark: string;
  /** Seconds the pilot has left. */
  readonly lifetimeS: number;
}

type Check = {
  readonly name: string;
  readonly periodMs: number;
  readonly look: () => Promise<JobFailure | undefined> | JobFailure | undefined;
};

/** Looks after one running job: a table of checks, each with its period; the first that complains ends the job. Spec: Pilot › Job monitor. */
export class JobMonitor {
  readonly usage = new UsageHistory();
  private readonly startMs: number;
  private readonly lastRun = new Map<string, number>();
  private readonly checks: readonly Check[];
  /** Time of the newest file counts only from the payload's start. */
  private readonly startedAtMs: number;

  constructor(
    private readonly watched: Watched,
    private readonly config: PilotConfig,
    private readonly tools: { clock: Clock; log: Log },
  ) {
    this.startMs = tools.clock.elapsedMs();
    this.startedAtMs = tools.clock.now().getTime();
    this.checks = [
      { name: 'run time', periodMs: config.monitorTick, look: () => this.runTime() },
      { name: 'memory', periodMs: config.memoryPeriod, look: () => this.memory() },
      { name: 'disk', periodMs: config.diskPeriod, look: () => this.disk() },
      { name: 'kill file', periodMs: config.killFilePeriod, look: () => this.killFile() },
      ...(watched.job.loopingCheck ? [{ name: 'looping', periodMs: config.loopingPeriod, look: () => this.looping() }] : []),
    ];
  }

  /** Runs the checks until the job ends or `stop` aborts. */
  async run(end: JobEnd, stop: AbortSignal): Promise<void> {
    const signal = AbortSignal.any([end.signal, stop]);
    // A first sample soon, so that short jobs have metrics too.
    this.lastRun.set('looping', this.startMs);
    while (!signal.aborted) {
      // A check that breaks leaves a job nobody looks after: that ends the job too.
      const failure = await this.runDue().catch((error) => asJobFailure(error));
      if (failure !== undefined) {
        this.tools.log.warn('the monitor ends the job', { reason: failure.message });
        end.request(failure);
        return;
      }
      await this.tools.clock.sleep(this.config.monitorTick, signal);
    }
  }

  private async runDue(): Promise<JobFailure | undefined> {
    for (const check of this.checks) {
      const now = this.tools.clock.elapsedMs();
      const last = this.lastRun.get(check.name);
      if (last !== undefined && now - last < check.periodMs) continue;
      this.lastRun.set(check.name, now);
      const failure = await check.look();
      if (failure !== undefined) return failure;
    }
    return undefined;
  }

  private runTime(): JobFailure | undefined {
    const { job, queue, lifetimeS } = this.watched;
    const limitS = runTimeLimitS(job, queue, lifetimeS);
    const ranS = (this.tools.clock.elapsedMs() - this.startMs) / 1_000;
    return ranS > limitS
      ? new JobFailure('REACHEDMAXTIME', `${Math.round(ranS)} s, the limit is ${Math.round(limitS)} s`)
      : undefined;
  }

  private memory(): JobFailure | undefined {
    const { job, queue, mark } = this.watched;
    const sample = takeSample(`${MARK_NAME}=${mark}`, this.tools.clock.elapsedMs());
    if (sample === undefined) return undefined;
    this.usage.add(sample);
    const limit = memoryLimitKb(job, queue, this.config.memoryGrace);
    if (limit === undefined || sample.pssKb <= limit) return undefined;
    return new JobFailure('PAYLOADEXCEEDMAXMEM', `${Math.round(sample.pssKb)} kB, the limit is ${Math.round(limit)} kB`);
  }

  private async disk(): Promise<JobFailure | undefined> {
    const { job, queue, dir } = this.watched;
    const { config } = this;
    const tooLarge = (name: PilotErrorName, bytes: number, limit: number) =>
      bytes > limit ? new JobFailure(name, `${bytes} bytes, the limit is ${Math.round(limit)}`) : undefined;
    const stdout = statSync(join(dir, PAYLOAD_STDOUT), { throwIfNoEntry: false })?.size ?? 0;
    const free = await freeDiskMb(dir);
    if (free < config.freeSpaceRunMb)
      return new JobFailure('NOLOCALSPACE', `${free} MB are free, ${config.freeSpaceRunMb} MB are needed`);
    return (
      tooLarge('STDOUTTOOBIG', stdout, config.stdoutMaxMb * 1_048_576) ??
      tooLarge('USERDIRTOOLARGE', surveyDirectory(dir, isOwn).bytes, workDirLimitBytes(job, queue)) ??
      this.outputSize()
    );
  }

  private outputSize(): JobFailure | undefined {
    const limit = this.config.outputMaxGb * 1_073_741_824;
    for (const { lfn } of this.watched.job.outputs) {
      const bytes = statSync(join(this.watched.dir, lfn), { throwIfNoEntry: false })?.size ?? 0;
      if (bytes > limit) return new JobFailure('OUTPUTFILETOOLARGE', `${lfn} has ${bytes} bytes`);
    }
    return undefined;
  }

  private killFile(): JobFailure | undefined {
    const path = join(this.watched.dir, KILL_FILE);
    if (!existsSync(path)) return undefined;
    rmSync(path, { force: true });
    return new JobFailure('KILLPAYLOAD');
  }

  private looping(): JobFailure | undefined {
    const limit = loopingLimitMs(this.watched.job, this.config.loopingLimit);
    const newest = Math.max(this.startedAtMs, surveyDirectory(this.watched.dir, isOwn).newestMs);
    const idle = this.tools.clock.now().getTime() - newest;
    return idle > limit ? new JobFailure('LOOPINGJOB', `no file was touched for ${Math.round(idle / 1_000)} s`) : undefined;
  }
}

export function isOwn(name: string): boolean {
  return OWN_FILES.has(name) || /\.part$/.test(name);
}

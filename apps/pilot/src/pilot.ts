import { mkdirSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jobStatus, type Log } from '@panda/domain';
import { exitCodeOfError, exitCodeOfSignal, exitCodes, type HandledSignal, signalErrors } from './errors/exit-code.js';
import { asJobFailure, JobFailure } from './errors/job-failure.js';
import type { PilotContext } from './job/job-context.js';
import { type JobDefinition, readJob } from './job/job-definition.js';
import { JobEnd } from './job/job-end.js';
import { readParameters } from './job/job-parameters.js';
import { JobRun } from './job/job-run.js';
import { endMarked, MARK_NAME } from './process/process-group.js';
import type { Information } from './queue/information.js';
import { type QueueData, queueRefusal, readQueueData } from './queue/queue-data.js';
import { readStorageData } from './queue/storage-data.js';
import { deliver } from './report/deliver.js';
import { batchJob, pilotId } from './report/identity.js';
import { consumptionUnit, freeDiskMb } from './report/node-facts.js';
import { endingFields, identityFields, localTimestamp, lostFields, type UpdateIdentity } from './report/update-fields.js';
import { JobSource } from './server/job-source.js';
import { PILOT_VERSION } from './version.js';

/** A transient agent on a worker node: fetches jobs and runs them, one after the other. Spec: Pilot. */
export class Pilot {
  private readonly startMs: number;
  private readonly log: Log;
  private readonly stopping = new AbortController();
  private stoppedBy: HandledSignal | undefined;
  private current: JobEnd | undefined;

  constructor(
    private readonly context: PilotContext,
    private readonly information: Information,
  ) {
    this.startMs = context.clock.elapsedMs();
    this.log = context.log;
  }

  /** Works until there is nothing left to do. The exit code of the process; failures of jobs are the jobs' business. */
  async run(): Promise<number> {
    const { options, node, nodeName } = this.context;
    const { cores, cpuModel, virtual } = node;
    this.log.info('pilot started', { version: PILOT_VERSION, queue: options.queue, node: nodeName, pid: process.pid });
    this.log.info('worker node', {
      cores,
      cpuModel,
      virtual,
      memoryMb: Math.round(node.memoryMb),
      platform: process.platform,
      arch: process.arch,
    });
    await this.workerStatus('started');
    try {
      await this.deliverLeftovers();
      return await this.takeJobs();
    } catch (error) {
      const failure = asJobFailure(error);
      this.log.error('the pilot gives up', { error: failure });
      return exitCodeOfError(failure.errorName);
    } finally {
      await this.workerStatus('finished');
      this.context.access?.finish();
      this.log.info('pilot ended', { seconds: this.ageS() });
    }
  }

  /** A signal of the batch system: the job in hand fails with its code, is reported and tidied up; no further job is taken. */
  stop(signal: HandledSignal): void {
    this.log.warn('a signal ends the pilot', { signal });
    this.stoppedBy ??= signal;
    this.current?.request(new JobFailure(signalErrors[signal]));
    this.stopping.abort();
  }

  private async takeJobs(): Promise<number> {
    const { context } = this;
    const queue = await this.queueData({});
    const refusal = queueRefusal(queue);
    if (refusal !== undefined) throw refusal;
    const source = new JobSource(context, this.stopping.signal);
    let taken = 0;
    let initialSetupMs = this.context.clock.elapsedMs() - this.startMs;
    let taskId: string | undefined;
    while (this.mayContinue(taken, queue)) {
      await this.checkSpace();
      const found = await source.next(queue, context.options.allowSameUser ? taskId : undefined);
      if (found === undefined) break;
      taken++;
      const result = await this.runJob(found.definition, { getJobMs: found.tookMs, initialSetupMs });
      initialSetupMs = 0;
      taskId = result.taskId;
      if (!result.taken) return exitCodes.communication;
    }
    if (this.stoppedBy !== undefined) return exitCodeOfSignal(this.stoppedBy);
    return taken === 0 ? exitCodes.noJobs : exitCodes.ok;
  }

  /** One job; further ones while the queue's time floor has not passed. Spec: Pilot › timefloor. */
  private mayContinue(taken: number, queue: QueueData): boolean {
    if (this.stopping.signal.aborted || this.ageS() >= this.context.options.lifetimeS) return false;
    if (taken === 0) return true;
    return this.context.options.submitMode === 'PULL' && this.ageS() < queue.timeFloorS;
  }

  private async checkSpace(): Promise<void> {
    const { config, workDir } = this.context;
    const free = await freeDiskMb(workDir);
    if (free < config.freeSpaceStartMb)
      throw new JobFailure('NOLOCALSPACE', `${free} MB are free, ${config.freeSpaceStartMb} MB are needed`);
  }

  private async runJob(
    definition: Readonly<Record<string, unknown>>,
    before: { readonly getJobMs: number; readonly initialSetupMs: number },
  ): Promise<{ taken: boolean; taskId: string | undefined }> {
    const end = new JobEnd();
    this.current = end;
    if (this.stoppedBy !== undefined) end.request(new JobFailure(signalErrors[this.stoppedBy]));
    const identity = this.identity();
    const raw = { pandaId: String(definition.PandaID), attemptNr: Number(definition.attemptNr ?? 0), coreCount: 1 };
    await appendFile(join(this.context.workDir, 'pandaIDs.out'), `${raw.pandaId}\n`);
    try {
      const job = readJob(definition);
      const arrivedMs = this.context.clock.elapsedMs();
      const input = await this.informed(job);
      const setupMs = this.context.clock.elapsedMs() - arrivedMs;
      const run = new JobRun(
        { ...input, ...before, setupMs, job, identity, end, lifetimeS: this.context.options.lifetimeS - this.ageS() },
        this.context,
      );
      return { taken: await run.run(), taskId: job.taskId };
    } catch (error) {
      const failure = asJobFailure(error);
      this.log.error('the job was refused', { pandaId: raw.pandaId, error: failure });
      // The pilot that runs the job reports it.
      if (failure.errorName === 'JOBALREADYRUNNING') return { taken: true, taskId: undefined };
      return { taken: await this.reportRefusal(raw, identity, failure), taskId: undefined };
    } finally {
      this.current = undefined;
    }
  }

  /** Queue and storage as this job wants to see them. */
  private async informed(job: JobDefinition) {
    const { queueOverrides, storageOverrides } = readParameters(job.parameters);
    const queue = await this.queueData(queueOverrides);
    return { queue, storages: readStorageData(await this.information.storageData(), storageOverrides) };
  }

  private async queueData(overrides: Readonly<Record<string, unknown>>): Promise<QueueData> {
    const { queue } = this.context.options;
    return readQueueData(queue, await this.information.queueData(queue), overrides);
  }

  private reportRefusal(
    job: { pandaId: string; attemptNr: number; coreCount: number },
    id: UpdateIdentity,
    failure: JobFailure,
  ): Promise<boolean> {
    const at = this.context.clock.now();
    const state = jobStatus.failed;
    const ending = {
      failure,
      transExitCode: 0,
      exe: { code: 0, diag: '' },
      files: {},
      metaData: undefined,
      timing: '0|0|0|0|0|0',
      pilotLog: '',
      endTime: at,
      nEvents: 0,
    };
    return this.deliver({ ...identityFields(job, id), state, timestamp: localTimestamp(at), ...endingFields(ending) });
  }

  /** Jobs of pilots that died in this place: their reports are sent, and those at work are ended and reported as lost. */
  private async deliverLeftovers(): Promise<void> {
    const { spool, clock, config } = this.context;
    for (const state of spool.adopt()) {
      this.log.warn('a job of an earlier pilot is taken over', { pandaId: state.pandaId, reported: state.final !== undefined });
      if (state.final === undefined) await endMarked(`${MARK_NAME}=${state.mark}`, undefined, clock, config.killGrace);
      const lost = () => lostFields(state.identity, jobStatus.failed, clock.now());
      if (await this.deliver(state.final ?? lost())) spool.remove(state);
    }
  }

  private deliver(fields: Parameters<typeof deliver>[0]): Promise<boolean> {
    const { config, clock, random, server, giveUp } = this.context;
    const settings = { limitMs: config.lastReportLimit, pauseMaxMs: config.reportPauseMax };
    return deliver(fields, server, settings, { clock, random, log: this.log, signal: giveUp });
  }

  private identity(): UpdateIdentity {
    const { config, options, variables, node, nodeName, clock } = this.context;
    const batch = batchJob(variables);
    return {
      siteName: options.queue,
      node: nodeName,
      schedulerId: config.schedulerId ?? 'unknown',
      pilotId: pilotId(config.logUrl ?? 'unknown', batch, options.versionTag, PILOT_VERSION),
      batchId: batch?.id,
      startTime: clock.now(),
      consumptionUnit: consumptionUnit(node),
      cpuLevel: node.level,
    };
  }

  private async workerStatus(phase: 'started' | 'finished'): Promise<void> {
    const { config, options, server, nodeName } = this.context;
    const { workerId, harvesterId } = config;
    if (!options.workerStatus || workerId === undefined || harvesterId === undefined) return;
    const fields = { workerID: workerId, harvesterID: harvesterId, status: phase, site: options.queue, node_id: nodeName };
    await server.updateWorkerStatus(fields).catch((error: Error) => {
      // Harvester sees the worker itself; this call only tells the server sooner.
      this.log.warn('the worker status found no server', { reason: error.message });
    });
  }

  private ageS(): number {
    return (this.context.clock.elapsedMs() - this.startMs) / 1_000;
  }
}

/** Makes the work directory of a pilot. */
export function makeWorkDirectory(base: string, own: string | undefined): string {
  const dir = own === undefined ? base : join(base, own);
  mkdirSync(dir, { recursive: true });
  return dir;
}

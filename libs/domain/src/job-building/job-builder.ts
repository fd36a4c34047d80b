import { jobStatus } from '../job/job.machine.js';
import { jediJobPriority, userTaskJobPriority } from '../priority/job-priority.js';
import type { Queue } from '../queue/queue.js';
import type { TaskParameters } from '../refine/parameters.js';
import type { SiteCandidate } from '../splitting/site-candidate.js';
import { usesDirectIo } from '../splitting/split-limits.js';
import type { SubChunk } from '../splitting/sub-chunk.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { Ancestor, BuiltJob, JobFileColumns, NewOutputFile, TrackedFile } from './built-job.js';
import { eventServiceHeader } from './event-service-header.js';
import { commonColumns, emptyJobRow, type JobRow, MERGE_TYPE } from './job-columns.js';
import {
  inputFileColumns,
  type LibFile,
  libFileColumns,
  outputFileColumns,
  type SeedFile,
  seedFileColumns,
} from './job-files.js';
import { specialHandlingOf } from './job-handling.js';
import { eventNumbers, inputStreams, textValues, withSteps, withUnmergedNames } from './job-parameters.js';
import { inputSizes, type JobPlace, jobCores, jobDiskMb, jobMinRamMb, jobTimes } from './job-sizes.js';
import { mergeParameters } from './merge-parameters.js';
import { type OutputSlot, outputName, scopeOf, withIds } from './output-names.js';
import { type CompiledTemplate, compileTemplate, withoutEventServiceTags } from './parameter-template.js';
import { attemptOf, failuresOf, hasLocality, masterOf, middleNameOf, segmentOf, setInputColumns } from './sub-chunk-facts.js';

/** A task whose jobs cannot be made; the message goes to its owner. */
export class UnbuildableTask extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnbuildableTask';
  }
}

/** What all jobs of a generation cycle share. */
export interface JobPlan {
  readonly task: TaskSpec;
  readonly parameters: TaskParameters;
  readonly jobParamsTemplate: string;
  readonly isMerging: boolean;
  readonly useScout: boolean;
  /** Memory of the chunk in the task's unit. */
  readonly ramCount: number;
  /** Active jobs of the account before these, for a task of a user; null for others. */
  readonly activeJobs: number | null;
  /** Of the service that makes the jobs. */
  readonly host: string;
  /** CONFIG `jedi.jobgen.MERGE_JOB_MAX_WALLTIME_<label>`, hours. */
  readonly mergeMaxHours?: number;
  readonly resourceTypeOf: (job: { coreCount: number; minRamCount: number }) => string;
}

/** What makes one job different from the next. */
export interface JobInput {
  readonly pandaId: number;
  readonly queue: Queue;
  readonly candidate: SiteCandidate;
  readonly subChunk: SubChunk;
  readonly outputs: readonly OutputSlot[];
  readonly lib?: LibFile;
  readonly seed?: SeedFile;
  /** Number of the event service job in its group. */
  readonly esIndex?: number;
}

/**
 * Makes jobs of one task: the template is split once, the common columns once per queue; a job is then a few maps and strings.
 * Spec: JEDI › Job Generator. panda-jedi:pandajedi/jediorder/JobGenerator.py@42f4bb41.
 */
export class JobBuilder {
  private readonly compiled: CompiledTemplate | undefined;
  private readonly profiles = new Map<string, QueueProfile>();
  private readonly scopes = new Map<string, string>();
  private readonly copiesInput: boolean;
  private readonly mergeSpec: TaskParameters;
  private readonly runsEventService: boolean;
  private made = 0;

  constructor(private readonly plan: JobPlan) {
    const { task, isMerging } = plan;
    this.mergeSpec = (plan.parameters.mergeSpec ?? {}) as TaskParameters;
    if (isMerging && typeof this.mergeSpec.transPath !== 'string') throw new UnbuildableTask('the task has no merge step');
    if (task.splitRule.has('loadXML')) throw new UnbuildableTask('job descriptions in XML (loadXML) are not supported');
    this.copiesInput = task.splitRule.get('useLocalIO') || (isMerging && Boolean(this.mergeSpec.useLocalIO));
    this.runsEventService = task.eventService > 0 && !isMerging;
    const line = withoutEventServiceTags(plan.jobParamsTemplate, this.runsEventService && task.eventService === 1);
    this.compiled = isMerging ? undefined : compileTemplate(line);
  }

  /** Throws UnresolvedPlaceholder, FormulaError. */
  build(input: JobInput): BuiltJob {
    const { plan } = this;
    const middleName = middleNameOf(plan.task, input.subChunk, plan.isMerging);
    const named = this.namedOutputs(input, middleName);
    const { line, dropped } = this.commandLine(input, named, middleName);
    const kept = named.filter(({ slot }) => !dropped.includes(slot.stream.streamName));
    const files = this.files(input, kept);
    return {
      job: this.row(input, kept, files),
      ...(input.lib !== undefined && !input.lib.isReady ? { status: jobStatus.defined } : {}),
      files,
      jobParameters: withSteps(line, plan.isMerging ? {} : plan.parameters, this.transformation()),
      inputs: this.tracked(input),
      outputs: kept.map(({ slot, lfn }) => this.newOutput(slot, lfn)),
      retryOf: this.ancestors(input.subChunk),
    };
  }

  private row(input: JobInput, outputs: readonly NamedOutput[], files: readonly JobFileColumns[]): JobRow {
    const { task, isMerging } = this.plan;
    const { subChunk } = input;
    const profile = this.profileOf(input.queue);
    const attemptNr = attemptOf(subChunk);
    const times = jobTimes(profile.place, subChunk.events, this.plan.mergeMaxHours);
    // A copy of a row that has every column already is several times cheaper than a new object that grows.
    const row = { ...profile.row };
    row.pandaid = input.pandaId;
    row.jobname = `${task.taskName}.${input.pandaId}`;
    row.assignedpriority = row.currentpriority = this.priority();
    row.attemptnr = attemptNr;
    row.maxattempt = this.maxAttempt(attemptNr);
    row.failedattempt = failuresOf(subChunk);
    row.maxdiskcount = jobDiskMb(profile.place, inputSizes(subChunk), subChunk.events);
    row.maxcpucount = times.maxCpuCount;
    row.maxwalltime = times.maxWalltime;
    row.specialhandling = this.specialHandling(input, profile);
    row.destinationdblock = outputs[0]?.slot.stream.datasetName ?? null;
    row.noutputdatafiles = files.filter((file) => file.type === 'output').length;
    setInputColumns(row, subChunk);
    if (input.candidate.localityOf === undefined) row.transfertype = profile.readsDirectly ? DIRECT : null;
    else this.setTransfer(row, input, isMerging);
    return row;
  }

  /** What all jobs of the task have in common at a queue. */
  private profileOf(queue: Queue): QueueProfile {
    const known = this.profiles.get(queue.name);
    if (known !== undefined) return known;
    const { task, isMerging, useScout } = this.plan;
    const place: JobPlace = { task, queue, isMerging };
    const coreCount = jobCores(place);
    const minRamCount = jobMinRamMb(place, this.plan.ramCount);
    const row: JobRow = {
      ...emptyJobRow,
      ...commonColumns(task, queue, this.plan.host),
      transformation: this.transformation(),
      processingtype: isMerging ? MERGE_TYPE : task.processingType,
      corecount: coreCount,
      minramcount: minRamCount,
      hs06: queue.corePower > 0 ? Math.trunc(coreCount * queue.corePower) : null,
      resource_type: this.plan.resourceTypeOf({ coreCount, minRamCount }),
      eventservice: this.eventService(),
    };
    const handling = specialHandlingOf(task, queue, { isMerging, isScout: useScout, ...plainJob });
    const profile = { row, place, handling, readsDirectly: usesDirectIo(task, queue, isMerging) };
    this.profiles.set(queue.name, profile);
    return profile;
  }

  private priority(): number {
    const { task, isMerging, useScout, activeJobs } = this.plan;
    const kind = isMerging ? 'merge' : useScout ? 'scout' : 'normal';
    if (activeJobs === null) return jediJobPriority(task, kind);
    return userTaskJobPriority(task, kind, { activeJobs, serial: this.made++ });
  }

  private transformation(): string {
    return this.plan.isMerging ? String(this.mergeSpec.transPath) : (this.plan.task.transPath ?? '');
  }

  /** −1: never tried again by the server. */
  private maxAttempt(attemptNr: number): number {
    const rule = this.plan.task.splitRule;
    if (rule.get('disableAutoRetry')) return -1;
    return this.runsEventService ? attemptNr + (rule.get('maxAttemptEsJob') ?? DEFAULT_ES_ATTEMPTS) : attemptNr;
  }

  /** Column numbers: 1 event service, 3 cloning, 5 waiting beside jumbo jobs; null for ordinary jobs. */
  private eventService(): number | null {
    const { task } = this.plan;
    if (!this.runsEventService) return null;
    if (task.splitRule.has('useJobCloning')) return 3;
    return task.useJumbo === null ? 1 : 5;
  }

  private specialHandling({ subChunk, candidate, esIndex, queue }: JobInput, profile: QueueProfile): string | null {
    const { task, isMerging, useScout } = this.plan;
    const { dataset, files } = masterOf(subChunk);
    const header = this.runsEventService && !dataset.isPseudo ? eventServiceHeader(task, files, esIndex ?? 0) : null;
    const needsStaging = hasLocality(subChunk, candidate, 'localtape');
    const lumiBlockNr = files[0]?.lumiBlockNr ?? null;
    if (header === null && !needsStaging && lumiBlockNr === null) return profile.handling;
    return specialHandlingOf(task, queue, { isMerging, isScout: useScout, needsStaging, lumiBlockNr, header });
  }

  private setTransfer(row: JobRow, { subChunk, candidate, queue }: JobInput, isMerging: boolean): void {
    const isRemote = hasLocality(subChunk, candidate, 'remote');
    const direct = usesDirectIo(this.plan.task, queue, isMerging) ? DIRECT : null;
    row.transfertype = isRemote ? (candidate.remote?.protocol ?? null) : direct;
    row.sourcesite = isRemote ? (candidate.remote?.source ?? null) : null;
  }

  private files(input: JobInput, outputs: readonly NamedOutput[]): JobFileColumns[] {
    const { task, isMerging } = this.plan;
    const files: JobFileColumns[] = [];
    for (const { dataset, files: records } of input.subChunk.inputs) {
      for (const file of records) {
        const locality = input.candidate.localityOf?.(file);
        files.push(inputFileColumns(file, dataset, task.jediTaskId, { locality, isMerging, copies: this.copiesInput }));
      }
    }
    if (input.seed !== undefined) files.push(seedFileColumns(input.seed, task.jediTaskId));
    for (const { slot, lfn } of outputs)
      files.push(outputFileColumns(slot, lfn, this.scopeOf(slot), task.jediTaskId, this.runsEventService));
    if (input.lib !== undefined) files.push(libFileColumns(input.lib, task.jediTaskId));
    return files;
  }

  private namedOutputs(input: JobInput, middleName: string): NamedOutput[] {
    return input.outputs.map((slot) => ({ slot, lfn: this.withIds(outputName(slot, middleName), input) }));
  }

  private withIds(text: string, { pandaId }: JobInput): string {
    return withIds(text, { pandaId, jediTaskId: this.plan.task.jediTaskId, jobsetId: this.plan.task.reqId });
  }

  private commandLine(
    input: JobInput,
    outputs: readonly NamedOutput[],
    middleName: string,
  ): { line: string; dropped: readonly string[] } {
    const { task, parameters, isMerging } = this.plan;
    const { files, listNames } = inputStreams(input.subChunk, task, parameters, isMerging);
    const outputFiles = new Map(outputs.map(({ slot, lfn }) => [slot.stream.streamName, [lfn]]));
    const merge = isMerging ? mergeParameters(String(this.mergeSpec.jobParameters ?? ''), files, outputFiles) : undefined;
    for (const [stream, names] of outputFiles) if (!merge?.emptyStreams.includes(stream)) files.set(stream, names);
    const template = this.compiled ?? compileTemplate(merge?.template ?? '');
    const texts = textValues({
      serialNr: Math.max(0, ...outputs.map(({ slot }) => slot.serialNr)),
      seed: input.seed === undefined ? undefined : input.seed.value + (task.splitRule.get('randomSeed') ?? 0),
      events: eventNumbers(input.subChunk),
      sourceUrl: typeof parameters.sourceURL === 'string' ? parameters.sourceURL : undefined,
      attemptNr: attemptOf(input.subChunk),
      middleName,
      lib: input.lib?.lfn,
      segment: segmentOf(task, input.subChunk),
    });
    const line = this.withIds(template.render({ files, listNames, texts }), input);
    const unmerged = outputs.filter(({ slot }) => slot.stream.storageToken === TO_MERGE).map(({ lfn }) => lfn);
    return { line: unmerged.length > 0 ? withUnmergedNames(line, unmerged) : line, dropped: merge?.emptyStreams ?? [] };
  }

  private tracked({ subChunk, seed }: JobInput): TrackedFile[] {
    const { jediTaskId } = this.plan.task;
    const tracked: TrackedFile[] = [];
    for (const { dataset, files } of subChunk.inputs) {
      const { noSplit, repeat, reusable } = dataset.attributes;
      // Shared input is not kept track of: many jobs read the same record.
      if (reusable || (noSplit && repeat)) continue;
      for (const { datasetId, fileId, attemptNr } of files) tracked.push({ jediTaskId, datasetId, fileId, attemptNr });
    }
    if (seed !== undefined)
      tracked.push({ jediTaskId, datasetId: seed.datasetId, fileId: seed.fileId, attemptNr: seed.attemptNr });
    return tracked;
  }

  private newOutput(slot: OutputSlot, lfn: string): NewOutputFile {
    const { jediTaskId } = this.plan.task;
    const { stream, fileId } = slot;
    const type = stream.contentType ?? stream.outtype;
    return { jediTaskId, datasetId: stream.datasetId, fileId, lfn, type, scope: this.scopeOf(slot) };
  }

  private scopeOf({ stream: { datasetName } }: OutputSlot): string {
    const known = this.scopes.get(datasetName);
    if (known !== undefined) return known;
    const scope = scopeOf(datasetName);
    this.scopes.set(datasetName, scope);
    return scope;
  }

  private ancestors(subChunk: SubChunk): Ancestor[] {
    const ids = new Set<number>();
    for (const { files } of subChunk.inputs) for (const file of files) if (file.pandaId !== null) ids.add(file.pandaId);
    const relation = this.plan.isMerging ? 'merge' : 'retry';
    return [...ids].map((pandaId) => ({ pandaId, relation, originPandaId: pandaId }));
  }
}

/** Computed once per queue. */
interface QueueProfile {
  readonly row: JobRow;
  readonly place: JobPlace;
  /** Special handling of a job without anything special of its own. */
  readonly handling: string | null;
  readonly readsDirectly: boolean;
}

interface NamedOutput {
  readonly slot: OutputSlot;
  readonly lfn: string;
}

/** Attempts of an event service job beside its first. */
const DEFAULT_ES_ATTEMPTS = 3;
const TO_MERGE = 'TOMERGE';
const DIRECT = 'direct';
const plainJob = { needsStaging: false, lumiBlockNr: null, header: null };

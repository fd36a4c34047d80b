import { Injectable } from '@nestjs/common';
import { type DatasetRow, GenerationRepository } from '@panda/database';
import {
  type ContentRecord,
  drivingDatasetTypes,
  type InputChunk,
  type InputStream,
  inputFileStatus,
  isPseudoDataset,
  isScouting,
  mergeInputDatasetTypes,
  parseDatasetAttributes,
  preprocessDatasetType,
  type StreamDataset,
  splitRuleValues,
  type TaskSpec,
} from '@panda/domain';

/** Records of one secondary dataset that are read at most. panda-jedi:pandajedi/jediorder/JobGenerator.py@42f4bb41. */
const SECONDARY_MAX = 10_000;
/** Input files of an ordinary job, where neither rule nor statistics say. Same source. */
const TYPICAL_FILES = 5;
/** A merge job takes so many files; with fewer, and producers at work, merging waits for more. */
const MERGE_FILES = 50;

type PickedRecord = ContentRecord & { readonly ramCount: number | null };

/** What one round reads: chunks with picked files, ready to be brokered. */
export interface Reading {
  readonly chunks: readonly InputChunk[];
  /** Ready input is left for the next round. */
  readonly more: boolean;
}

/** What the throttler leaves a task. */
export interface Allowance {
  /** About so many jobs. */
  readonly jobsMax: number;
  /** Why no ordinary jobs may be made; null = they may. */
  readonly throttledBy: string | null;
  /** Merge jobs are made in spite of it. */
  readonly mergeOnly: boolean;
}

const NOTHING: Reading = { chunks: [], more: false };

/** Picks input of a task for one round. Merging goes first: what it ends frees its producers. */
@Injectable()
export class ChunkReader {
  constructor(private readonly jobs: GenerationRepository) {}

  /** The unit of input of the step before the task, when its job is to be made (again). */
  async preprocessing(task: TaskSpec, datasets: readonly DatasetRow[]): Promise<Reading> {
    const master = datasets.find(({ type }) => type === preprocessDatasetType);
    return master ? this.ordinary(task, master, [], 1) : NOTHING;
  }

  async read(task: TaskSpec, datasets: readonly DatasetRow[], allowed: Allowance): Promise<Reading> {
    const mayMerge = allowed.throttledBy === null || allowed.mergeOnly;
    const merging = mayMerge && task.splitRule.get('mergeOutput') ? await this.merging(task, datasets) : NOTHING;
    if (merging.chunks.length > 0 || allowed.throttledBy !== null) return merging;
    for (const master of datasets.filter(isDrivingMaster)) {
      const reading = await this.ordinary(task, master, datasets, allowed.jobsMax);
      if (reading.chunks.length > 0) return reading;
    }
    return NOTHING;
  }

  private async ordinary(task: TaskSpec, master: DatasetRow, datasets: readonly DatasetRow[], jobsMax: number): Promise<Reading> {
    const available = master.nFilesToBeUsed - master.nFilesUsed;
    if (available <= 0) return NOTHING;
    const limit = Math.min(available, jobsMax * (task.splitRule.get('nFilesPerJob') ?? TYPICAL_FILES));
    const order = task.splitRule.get('orderByLB') ? 'lumiBlock' : 'fileId';
    const picked = await this.jobs.pick(task.jediTaskId, master.datasetId, limit, order);
    if (picked.length === 0) return NOTHING;
    const useScout = task.splitRule.get('useScout') === splitRuleValues.useScout.use && isScouting(master);
    const secondaries = datasets.filter(
      ({ masterId, type }) => masterId === master.datasetId && type !== 'random_seed' && isInput(type),
    );
    const more = available > picked.length;
    const chunks: InputChunk[] = [];
    for (const [ramCount, files] of byMemory(picked)) {
      const streams = await Promise.all(secondaries.map((dataset) => this.secondary(task, dataset, files.length)));
      const isBlockRead = more && picked.length === limit;
      chunks.push({
        task,
        master: { dataset: streamOf(master), files },
        secondaries: streams,
        isMerging: false,
        useScout,
        ramCount,
        isBlockRead,
      });
    }
    return { chunks, more };
  }

  /** Datasets that go with the master: read whole where files may be used again, else picked in step with it. */
  private async secondary(task: TaskSpec, row: DatasetRow, masterFiles: number): Promise<InputStream> {
    const dataset = streamOf(row);
    const { repeat, reusable, noSplit, nFilesPerJob, ratio } = dataset.attributes;
    if (repeat || reusable || noSplit) {
      return { dataset, files: await this.jobs.read(task.jediTaskId, row.datasetId, [inputFileStatus.ready], SECONDARY_MAX) };
    }
    const wanted = Math.ceil(masterFiles * Math.max(1, nFilesPerJob ?? 1, ratio ?? 1));
    return { dataset, files: await this.jobs.pick(task.jediTaskId, row.datasetId, Math.min(wanted, SECONDARY_MAX)) };
  }

  private async merging(task: TaskSpec, datasets: readonly DatasetRow[]): Promise<Reading> {
    const { datasets: waiting, moreToCome } = await this.jobs.mergeWork(task.jediTaskId);
    const perJob = task.splitRule.get('nFilesPerMergeJob') ?? task.splitRule.get('nMaxFilesPerMergeJob') ?? MERGE_FILES;
    const files = Math.max(0, ...waiting.map((dataset) => dataset.files));
    if (files === 0 || (moreToCome && files < perJob)) return NOTHING;
    const chunks: InputChunk[] = [];
    for (const group of bySite(datasets.filter((row) => waiting.some(({ datasetId }) => datasetId === row.datasetId)))) {
      const streams = await Promise.all(
        group.map(async (row) => ({
          dataset: streamOf(row),
          files: await this.jobs.pick(task.jediTaskId, row.datasetId, SECONDARY_MAX, 'boundary'),
        })),
      );
      const [master, ...secondaries] = streams.filter((stream) => stream.files.length > 0);
      if (master)
        chunks.push({ task, master, secondaries, isMerging: true, useScout: false, ramCount: null, isBlockRead: false });
    }
    return { chunks, more: false };
  }
}

function isDrivingMaster({ masterId, type }: DatasetRow): boolean {
  return masterId === null && (drivingDatasetTypes as readonly string[]).includes(type);
}

function isInput(type: string): boolean {
  return (drivingDatasetTypes as readonly string[]).includes(type);
}

function streamOf(row: DatasetRow): StreamDataset {
  return {
    datasetId: row.datasetId,
    datasetName: row.name,
    containerName: row.container,
    type: row.type,
    streamName: row.streamName,
    attributes: parseDatasetAttributes(row.attributes),
    storageToken: row.storageToken,
    destination: row.destination,
    isPseudo: isPseudoDataset({ datasetName: row.name, type: row.type, attributes: row.attributes }),
    site: (mergeInputDatasetTypes as readonly string[]).includes(row.type) ? row.site : null,
  };
}

/** Files whose retries ask for more memory become jobs of their own. */
function byMemory(files: readonly PickedRecord[]): Map<number | null, ContentRecord[]> {
  const groups = new Map<number | null, ContentRecord[]>();
  for (const file of files) {
    const ram = file.ramCount || null;
    const group = groups.get(ram);
    if (group) group.push(file);
    else groups.set(ram, [file]);
  }
  return groups;
}

/** Unmerged output is merged where it was made; its log leads, as its dataset is the master of the set. */
function bySite(rows: readonly DatasetRow[]): DatasetRow[][] {
  const sites = new Map<string | null, DatasetRow[]>();
  for (const row of rows) sites.set(row.site, [...(sites.get(row.site) ?? []), row]);
  return [...sites.values()].map((group) =>
    group.sort((a, b) => Number(a.masterId !== null) - Number(b.masterId !== null) || a.datasetId - b.datasetId),
  );
}

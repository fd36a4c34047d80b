import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import {
  type BuiltJob,
  type ContentRecord,
  drivingDatasetTypes,
  generatingTaskStatuses,
  jobStatus,
  linkMetricKeys,
  MERGE_TYPE,
  mergeInputDatasetTypes,
  type Occupancy,
  type OutputStream,
  preprocessDatasetType,
  type ReservedStream,
  type SeedFile,
  type ThrottleVerdict,
  type Verdict,
} from '@panda/domain';
import { type PickOrder, pickFiles, resetPickedFiles } from '../contents/contents.js';
import { reserveJobIds, type StoredJobs, storeJobs } from '../jobs/store.js';
import { Database } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import { readFiles, takeSerialNumbers } from '../statements/contents.js';
import { type DatasetRow, instantiateDataset, readDatasets } from '../statements/datasets.js';
import * as sql from '../statements/generation.js';
import { readQueueLoad, readSlots, readWorkerCounts } from '../statements/queue-load.js';
import { readOccupancy, readUrgentJobs, readWaitingTasks } from '../statements/throttling.js';
import { type LinkRow, readLinksTo } from '../statements/topology.js';
import { storeVerdict } from '../statements/verdicts.js';
import { setNextAction } from '../statements/work-lists.js';
import { transitionOutputDatasets } from '../transitions/dataset.transitions.js';
import { ClaimLost } from '../transitions/end-of-turn.js';
import { type TaskEvent, transitionTasks } from '../transitions/task.transitions.js';
import { CLAIM_STALE_S } from './task-claims.repository.js';

const ACTOR = 'jedi-job-generator';

/** What a batch of jobs needs before it can be built: ids, serial numbers, seeds. */
export interface ReservedBatch {
  readonly pandaIds: readonly number[];
  readonly fileIds: readonly number[];
  readonly streams: readonly ReservedStream[];
  readonly seeds: readonly SeedFile[];
}

/** The database side of job generation. */
@Injectable()
export class GenerationRepository {
  constructor(private readonly database: Database) {}

  /** Tasks that have input or unmerged output for jobs and wait for nothing: some of each partition, urgent ones first. */
  async waiting(limit: number): Promise<number[]> {
    const rows = await this.database.run(sql.tasksInTurn, {
      statuses: [...generatingTaskStatuses],
      driving: [...drivingDatasetTypes, preprocessDatasetType],
      unmerged: [...mergeInputDatasetTypes],
      staleS: CLAIM_STALE_S,
      limit,
    });
    return rows.map(({ id }) => id);
  }

  look(claim: string, ids: readonly number[]): Promise<sql.TaskToGenerate[]> {
    return this.database.run(sql.tasksToGenerate, { claim, ids: [...ids] });
  }

  datasets(taskId: number): Promise<DatasetRow[]> {
    return this.database.run(readDatasets, { taskIds: [taskId] });
  }

  outputTemplates(taskId: number): Promise<sql.OutputTemplateRow[]> {
    return this.database.run(sql.outputTemplates, { taskId });
  }

  /** Unmerged datasets with files to merge, and whether more of them may come. */
  async mergeWork(taskId: number): Promise<{ datasets: { datasetId: number; files: number }[]; moreToCome: boolean }> {
    const datasets = await this.database.run(sql.filesToMerge, { taskId, types: [...mergeInputDatasetTypes] });
    if (datasets.length === 0) return { datasets, moreToCome: false };
    const [row] = await this.database.run(sql.producersAlive, { taskId, merging: jobStatus.merging, mergeType: MERGE_TYPE });
    return { datasets, moreToCome: row?.alive ?? false };
  }

  pick(
    taskId: number,
    datasetId: number,
    limit: number,
    order: PickOrder = 'fileId',
  ): Promise<(ContentRecord & { readonly ramCount: number | null })[]> {
    return pickFiles(this.database, { jediTaskId: taskId, datasetId }, { limit, order });
  }

  read(taskId: number, datasetId: number, statuses: readonly string[], limit: number): Promise<ContentRecord[]> {
    return this.database.run(readFiles, { taskId, datasetId, statuses: [...statuses], limit });
  }

  /** Picked files that became no jobs. A task that somebody else holds by now keeps its picks: they may be the other's. */
  async giveBack(claim: string, taskId: number, fileIds?: readonly number[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      const [held] = await tx.run(sql.heldTask, { id: taskId, claim });
      if (held) await resetPickedFiles(tx, taskId, fileIds);
    });
  }

  loads() {
    return Promise.all([
      this.database.run(readQueueLoad, {}),
      this.database.run(readWorkerCounts, {}),
      this.database.run(readSlots, {}),
    ]);
  }

  /** What the throttler of production counts; starting jobs at these queues are counted apart. */
  async occupancy(dynamicQueues: readonly string[]): Promise<Omit<Occupancy, 'standby'>> {
    const [jobs, urgentJobs, waitingTasks] = await Promise.all([
      this.database.run(readOccupancy, { dynamic: [...dynamicQueues] }),
      this.database.run(readUrgentJobs, {}),
      this.database.run(readWaitingTasks, { statuses: [...generatingTaskStatuses], driving: [...drivingDatasetTypes] }),
    ]);
    return { jobs, urgentJobs, waitingTasks };
  }

  slots() {
    return this.database.run(readSlots, {});
  }

  linksTo(site: string): Promise<LinkRow[]> {
    return this.database.run(readLinksTo, { dst: site, keys: [...linkMetricKeys] });
  }

  /** A concrete output dataset made from a template for the jobs of one queue. */
  async instantiate(
    taskId: number,
    templateId: number,
    site: string,
  ): Promise<{ datasetId: number; name: string; type: string }> {
    const [made] = await this.database.run(instantiateDataset, { taskId, templateId, site, destination: null });
    if (!made) throw new Error(`task ${taskId} has no template dataset ${templateId}`);
    return made;
  }

  async registered(taskId: number, datasetIds: readonly number[]): Promise<void> {
    const datasets = datasetIds.map((datasetId) => ({ jediTaskId: taskId, datasetId }));
    await transitionOutputDatasets(this.database, { datasets, event: 'registered', actor: ACTOR });
  }

  async library(taskId: number, site: string, days: number) {
    const [library] = await this.database.run(sql.libraryOf, { taskId, site, days });
    return library;
  }

  async newLibrary(taskId: number, name: string, site: string, vo: string): Promise<number> {
    const [made] = await this.database.run(sql.insertLibrary, { taskId, name, site, vo });
    return made?.datasetId ?? 0;
  }

  /** Ids, serial numbers and seeds for `jobs` jobs. What is not used leaves gaps, which is fine. */
  async reserve(
    taskId: number,
    jobs: number,
    streams: readonly OutputStream[],
    seed?: { datasetId: number; datasetName: string },
    extraFiles = 0,
  ): Promise<ReservedBatch> {
    return this.database.transaction(async (tx) => {
      const serials = await tx.run(takeSerialNumbers, {
        taskId,
        datasetIds: streams.map(({ datasetId }) => datasetId),
        count: jobs,
      });
      const reserved = streams.flatMap((stream) =>
        serials
          .filter(({ datasetId, streamName }) => datasetId === stream.datasetId && streamName === stream.streamName)
          .map(({ first }) => ({ stream, firstSerial: first })),
      );
      const ids = await reserveJobIds(tx, { jobs, files: jobs * reserved.length + extraFiles });
      const seeds = seed ? await tx.run(sql.takeSeeds, { taskId, datasetId: seed.datasetId, count: jobs }) : [];
      return {
        ...ids,
        streams: reserved,
        seeds: seeds.map(({ fileId, value }) => ({
          datasetId: seed?.datasetId ?? 0,
          datasetName: seed?.datasetName ?? '',
          fileId,
          lfn: String(value),
          value,
          attemptNr: 0,
        })),
      };
    });
  }

  /** Stores a batch under the claim; the task moves with its first jobs. Throws {@link ClaimLost}: then nothing is stored. */
  async store(claim: string, taskId: number, jobs: readonly BuiltJob[], event: TaskEvent | null): Promise<StoredJobs> {
    return this.database.transaction(async (tx) => {
      const stored = await storeJobs(tx, jobs);
      if (event && stored.stored.length > 0)
        await transitionTasks(tx, { ids: [taskId], event, actor: ACTOR, claim, frozen: 'clear', errorDialog: null });
      const [held] = await tx.run(sql.heldTask, { id: taskId, claim });
      if (!held) throw new ClaimLost(taskId);
      return stored;
    });
  }

  async verdict(taskId: number, kind: string, verdict: Verdict): Promise<void> {
    await this.database.run(storeVerdict, { taskId, agent: ACTOR, kind, verdict: JSON.stringify(verdict) });
  }

  /** No jobs now, and the state stays: the verdict is kept, and the task is looked at again in `againInS` seconds. */
  async holdBack(claim: string, taskId: number, verdict: ThrottleVerdict, reason: string, againInS: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.run(storeVerdict, { taskId, agent: ACTOR, kind: 'throttle', verdict: JSON.stringify(verdict) });
      await tx.run(setNextAction, { kind: 'task', ids: [taskId], inS: againInS, reason });
      const [held] = await tx.run(sql.heldTask, { id: taskId, claim });
      if (!held) throw new ClaimLost(taskId);
    });
  }

  /** The task waits, for this reason, until it is looked at again in `againInS` seconds (or something wakes it). */
  async hold(claim: string, taskId: number, reason: string, againInS: number): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { moved } = await transitionTasks(tx, {
        ids: [taskId],
        event: 'held',
        actor: ACTOR,
        claim,
        errorDialog: reason,
        unlock: true,
        frozen: 'start',
      });
      if (moved.length > 0) await tx.run(setNextAction, { kind: 'task', ids: [taskId], inS: againInS, reason });
    });
  }

  /** The task can never get jobs. */
  async break(claim: string, taskId: number, reason: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { moved } = await transitionTasks(tx, {
        ids: [taskId],
        event: 'foundBroken',
        actor: ACTOR,
        claim,
        errorDialog: reason,
        unlock: true,
      });
      await nudge(
        tx,
        topics.taskPrepared,
        moved.map(({ id }) => id),
      );
    });
  }

  /** Nothing was left to make jobs of: the finalisation looks whether the task is over. */
  async progressed(taskIds: readonly number[]): Promise<void> {
    await nudge(this.database, topics.taskProgressed, taskIds);
  }
}

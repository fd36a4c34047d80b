import { Inject, Injectable } from '@nestjs/common';
import { Agent, AgentRuntime, agentSettings, type CycleReport, IDLE, type Wake } from '@panda/agents';
import {
  ClaimLost,
  type DatasetRow,
  type FedTask,
  FeedingRepository,
  type FilledDataset,
  TaskClaims,
  type TaskEvent,
  type TaskToFeed,
  type UnfilledDataset,
} from '@panda/database';
import {
  type DatasetOutcome,
  type DatasetState,
  DdmError,
  datasetState,
  type FedDataset,
  type FeedVerdict,
  feedableDatasetStatuses,
  feedPlan,
  feedRules,
  feedVerdict,
  type InputFileStatus,
  inputDatasetTypes,
  inputFileStatus,
  liveFedTaskStatuses,
  mergeInputDatasetTypes,
  needsNucleus,
  PatternRefused,
  producingParentStatuses,
  SCOUT_CHUNKS,
  type TaskParameters,
  type TaskSpec,
  type TaskStatus,
  TooManyRecords,
  taskOfColumns,
  taskStatus,
} from '@panda/domain';
import { type ContentsFeederConfig, contentsFeederKeys } from './contents-feeder.config.js';
import { DatasetListing, fedDataset } from './dataset-listing.js';

interface Feeding {
  readonly task: TaskSpec;
  readonly row: TaskToFeed;
  readonly parameters: TaskParameters;
  readonly datasets: readonly DatasetRow[];
}

interface FedDatasets {
  readonly outcomes: DatasetOutcome[];
  readonly datasets: (FilledDataset | UnfilledDataset)[];
}

const feedableStatuses = [taskStatus.defined, ...liveFedTaskStatuses];

const eventOf: Record<FeedVerdict['kind'], TaskEvent> = {
  generate: 'contentsReady',
  assign: 'destinationNeeded',
  wait: 'held',
  refuse: 'foundBroken',
};

/** defined → ready: lists the input and makes its files rows. Spec: JEDI › Contents Feeder. */
@Injectable()
export class ContentsFeederAgent extends Agent {
  constructor(
    runtime: AgentRuntime,
    @Inject(contentsFeederKeys.token) config: ContentsFeederConfig,
    private readonly claims: TaskClaims,
    private readonly tasks: FeedingRepository,
    private readonly listing: DatasetListing,
  ) {
    super('jedi-contents-feeder', runtime, agentSettings(config));
  }

  protected async cycle(wake: Wake): Promise<CycleReport> {
    const limit = this.settings.batch;
    const claim = this.newClaim();
    const ids = await this.tasks.waiting(wake.sweep ? null : wake.ids, limit);
    const claimed = await this.claims.take({ statuses: feedableStatuses, ids, claim, limit });
    // Jobs are being made of some: their new input is fed when that is over. A sweep comes back to what it missed by itself.
    if (!wake.sweep) this.wakeLater(await this.claims.missed(feedableStatuses, ids, claimed));
    if (claimed.length === 0) return IDLE;
    try {
      const verdicts = await this.feedAll(
        claim,
        claimed.map(({ id }) => id),
      );
      const count = (...kinds: FeedVerdict['kind'][]) => verdicts.filter((kind) => kinds.includes(kind)).length;
      const done = count('generate', 'assign');
      return {
        claimed: claimed.length,
        done,
        waiting: count('wait'),
        failed: count('refuse'),
        more: wake.sweep && claimed.length === limit && done > 0,
      };
    } finally {
      await this.claims.release(claim);
    }
  }

  private async feedAll(claim: string, ids: readonly number[]): Promise<FeedVerdict['kind'][]> {
    const [rows, datasets] = await Promise.all([this.tasks.look(claim, ids), this.tasks.datasets(ids)]);
    const verdicts: FeedVerdict['kind'][] = [];
    for (const row of rows) {
      const mine = datasets.filter(({ taskId }) => taskId === row.id);
      const feeding = {
        task: taskOfColumns(row.task),
        row,
        parameters: (row.parameters ?? {}) as TaskParameters,
        datasets: mine,
      };
      const fed = await this.fillAll(feeding);
      const verdict = isLive(row.status) ? liveVerdict(fed) : feedVerdict(fed.outcomes, contextOf(feeding));
      await this.store(claim, feeding, fed, verdict);
      verdicts.push(verdict.kind);
    }
    return verdicts;
  }

  private async store(claim: string, { row }: Feeding, fed: FedDatasets, verdict: FeedVerdict): Promise<void> {
    const reason = 'reason' in verdict ? verdict.reason : null;
    // A task that is refused or waits for an answer keeps its datasets as they are, so that the next look starts anew.
    const keeps = verdict.kind === 'refuse' || fed.outcomes.some(({ kind }) => kind === 'unavailable');
    const task: FedTask = {
      id: row.id,
      datasets: keeps ? [] : fed.datasets,
      event: isLive(row.status) ? null : eventOf[verdict.kind],
      reason,
      freezes: verdict.kind === 'wait' && verdict.freezes,
    };
    try {
      await this.tasks.store(claim, task);
    } catch (error) {
      if (!(error instanceof ClaimLost)) throw error;
      this.log.warn('another feeder took the task', { jediTaskId: row.id });
      return;
    }
    const files = fed.outcomes.reduce(
      (sum, outcome) => sum + (outcome.kind === 'fed' && outcome.isMaster ? outcome.files : 0),
      0,
    );
    this.log.info('task fed', { jediTaskId: row.id, verdict: verdict.kind, files, ...(reason ? { reason } : {}) });
  }

  /** Masters first: sequences that go with them need their number of files, and scouts are chosen over all of them. */
  private async fillAll(feeding: Feeding): Promise<FedDatasets> {
    const fed: FedDatasets = { outcomes: [], datasets: [] };
    const waiting = feeding.datasets
      .filter(isFeedable)
      .sort((a, b) => Number(a.masterId !== null) - Number(b.masterId !== null) || a.datasetId - b.datasetId);
    const progress = { masterFiles: 0, scoutChunks: SCOUT_CHUNKS };
    for (const row of waiting) await this.fillOne(feeding, row, fed, progress);
    return fed;
  }

  private async fillOne(
    feeding: Feeding,
    row: DatasetRow,
    fed: FedDatasets,
    progress: { masterFiles: number; scoutChunks: number },
  ): Promise<void> {
    const { task, parameters } = feeding;
    const dataset = fedDataset(row, row.nFiles > 0);
    try {
      const rules = feedRules(task, parameters, dataset, progress.masterFiles);
      const parentStatus = feeding.row.parentStatus as TaskStatus | null;
      const listing = await this.listing.list({
        task,
        parameters,
        parentStatus,
        dataset,
        rules,
        masterFiles: progress.masterFiles,
      });
      const existing = dataset.isUpdate ? await this.tasks.contentKeys(task.jediTaskId, row.datasetId) : [];
      const staging = stagingOf(task, dataset, existing);
      const plan = feedPlan(listing.records, existing, {
        task,
        dataset,
        rules,
        isFirstFeed: row.nFilesToBeUsed === 0,
        isRunning: feeding.row.status === taskStatus.running,
        isMutable: listing.isMutable || staging === 'underWay',
        isPrestaging: staging === 'underWay',
        state: staging === null ? listing.state : stateWhile[staging],
        nFilesToBeUsed: row.nFilesToBeUsed,
        nFilesUsed: row.nFilesUsed,
        scoutChunks: progress.scoutChunks,
      });
      fed.datasets.push({ kind: 'filled', dataset, plan, rules });
      fed.outcomes.push({
        kind: 'fed',
        isMaster: dataset.isMaster,
        files: plan.nFiles,
        isFilled: plan.isFilled,
        ...(plan.waitsFor ? { waitsFor: plan.waitsFor } : {}),
      });
      if (!dataset.isMaster) return;
      progress.masterFiles += plan.nFiles;
      progress.scoutChunks = plan.scoutChunks;
    } catch (error) {
      fed.outcomes.push(this.refused(feeding, fedDataset(row, row.nFiles > 0), error, fed));
    }
  }

  /** What cannot be listed: asked again later, ignored by the task's own rule, or the end of the task. */
  private refused({ task }: Feeding, dataset: UnfilledDataset['dataset'], error: unknown, fed: FedDatasets): DatasetOutcome {
    if (error instanceof TooManyRecords || error instanceof PatternRefused)
      return { kind: 'unreadable', reason: `${dataset.datasetName}: ${error.message}` };
    if (!(error instanceof DdmError)) throw error;
    if (error.kind === 'temporary') return { kind: 'unavailable', reason: `data management: ${error.message}` };
    if (task.splitRule.get('ignoreMissingInDS')) {
      fed.datasets.push({ kind: 'unfilled', dataset, event: 'ignored' });
      return { kind: 'ignored' };
    }
    return { kind: 'unreadable', reason: `data management: ${error.message}` };
  }
}

/** Jobs of the task may run: only its datasets change. */
function isLive(status: string): boolean {
  return (liveFedTaskStatuses as readonly string[]).includes(status);
}

/** What looking at the changed input of a task with jobs came to; what cannot be listed now is looked at again. */
function liveVerdict({ outcomes }: FedDatasets): FeedVerdict {
  const problem = outcomes.find((outcome) => outcome.kind === 'unavailable' || outcome.kind === 'unreadable');
  const short = outcomes.find((outcome) => outcome.kind === 'fed' && !outcome.isFilled);
  if (problem && 'reason' in problem) return { kind: 'wait', reason: problem.reason, freezes: false };
  if (short?.kind === 'fed') return { kind: 'wait', reason: short.waitsFor ?? 'no new input', freezes: false };
  return { kind: 'generate' };
}

type Staging = 'underWay' | 'complete';

const stateWhile: Record<Staging, DatasetState> = { underWay: datasetState.mutable, complete: datasetState.closed };

/**
 * How far the input of a task with the rule inputPreStaging has come from tape: messages tell of each file. Null: it is on disk.
 * panda-jedi:pandajedi/jediorder/ContentsFeeder.py@42f4bb41.
 */
function stagingOf(task: TaskSpec, { isMaster }: FedDataset, existing: readonly { status: InputFileStatus }[]): Staging | null {
  if (!isMaster || !task.splitRule.get('inputPreStaging')) return null;
  const isComplete = existing.length > 0 && existing.every(({ status }) => status !== inputFileStatus.staging);
  return isComplete ? 'complete' : 'underWay';
}

/** Unmerged output gets its files from jobs, not from a listing. */
function isFeedable({ type, status }: DatasetRow): boolean {
  const feedable: readonly string[] = feedableDatasetStatuses;
  const listed =
    (inputDatasetTypes as readonly string[]).includes(type) && !(mergeInputDatasetTypes as readonly string[]).includes(type);
  return listed && feedable.includes(status);
}

function contextOf({ task, row, datasets }: Feeding) {
  const outputs = datasets.filter(({ type }) => type.endsWith('output')).map(({ destination }) => destination);
  const parentWorks = row.parentStatus !== null && (producingParentStatuses as readonly string[]).includes(row.parentStatus);
  return { task, parentWorks, needsNucleus: needsNucleus(task, outputs) };
}

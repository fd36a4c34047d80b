import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRow, FeedingRepository } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  type DatasetState,
  type Ddm,
  DdmError,
  datasetName,
  datasetState,
  type FedDataset,
  type FeedRecord,
  type FeedRules,
  isPseudoDataset,
  itemFilter,
  type ListedFile,
  listedFileOf,
  parseDatasetAttributes,
  pseudoFiles,
  Random,
  recordKey,
  recordsOf,
  selectedFiles,
  type TaskParameters,
  type TaskSpec,
  type TaskStatus,
  terminalTaskStatuses,
} from '@panda/domain';

/** What a dataset holds now, as records to be. */
export interface Listing {
  readonly records: readonly FeedRecord[];
  readonly state: DatasetState;
  /** The parent still writes into it, and the task does not wait for it to end. */
  readonly isMutable: boolean;
}

export interface ListingRequest {
  readonly task: TaskSpec;
  readonly parameters: TaskParameters;
  readonly parentStatus: TaskStatus | null;
  readonly dataset: FedDataset;
  readonly rules: FeedRules;
  /** Files of the master, for sequences that go with it. */
  readonly masterFiles: number;
}

/** Lists a dataset: data management for real ones, numbers for pseudo ones. Throws DdmError, TooManyRecords, PatternRefused. */
@Injectable()
export class DatasetListing {
  constructor(
    private readonly tasks: FeedingRepository,
    @Inject(DDM) private readonly ddm: Ddm,
    private readonly random: Random,
  ) {}

  async list(request: ListingRequest): Promise<Listing> {
    const { task, dataset, parameters, rules } = request;
    if (dataset.type === 'random_seed') return { records: [], state: datasetState.closed, isMutable: false };
    const used = await this.usedElsewhere(parameters, dataset);
    if (isPseudoDataset(dataset)) {
      const files = pseudoFiles(task, parameters, dataset, { masterFiles: request.masterFiles, usedElsewhere: used.size });
      return { records: recordsOf(files, rules, used), state: datasetState.closed, isMutable: false };
    }
    const { files, open } = await this.real(dataset);
    const produced = await this.producedByParent(request);
    const selection = {
      filter: itemFilter(parameters, dataset),
      random: this.random,
      ...(produced ? { producedByParent: produced } : {}),
    };
    const records = recordsOf(selectedFiles(files, dataset, selection), rules, used);
    return { records, ...stateOf(request, open) };
  }

  private async real({ datasetName: name }: FedDataset): Promise<{ files: ListedFile[]; open: boolean }> {
    const wanted = datasetName(name);
    const [info] = await this.ddm.describe([wanted]);
    if (!info) throw new DdmError('unknown', `no dataset ${name}`);
    return { files: (await this.ddm.files(wanted)).map(listedFileOf), open: info.open };
  }

  private async producedByParent({ task, dataset }: ListingRequest): Promise<ReadonlySet<string> | undefined> {
    if (!parseDatasetAttributes(dataset.attributes).consistencyCheck || task.parentTid === null) return undefined;
    const { datasetName: name, containerName } = dataset;
    return this.tasks.finishedByParent(task.parentTid, containerName ? [name, containerName] : [name]);
  }

  private async usedElsewhere(parameters: TaskParameters, dataset: FedDataset): Promise<Set<string>> {
    const ids = String(parameters.skipFilesUsedBy ?? '')
      .split(',')
      .map(Number)
      .filter((id) => Number.isSafeInteger(id) && id > 0);
    if (ids.length === 0) return new Set();
    return new Set((await this.tasks.usedBy(ids, dataset.datasetName)).map(recordKey));
  }
}

function stateOf({ task, parentStatus }: ListingRequest, open: boolean): Pick<Listing, 'state' | 'isMutable'> {
  const parentWorks = parentStatus !== null && !terminalTaskStatuses.includes(parentStatus);
  const grows = (task.splitRule.get('noWaitParent') && parentWorks) || (task.splitRule.get('runUntilClosed') && open);
  if (grows) return { state: datasetState.mutable, isMutable: true };
  return { state: open ? datasetState.open : datasetState.closed, isMutable: false };
}

export function fedDataset(row: DatasetRow, isUpdate: boolean): FedDataset {
  const { datasetId, name, container, type, attributes, masterId } = row;
  return { datasetId, datasetName: name, containerName: container, type, attributes, isMaster: masterId === null, isUpdate };
}

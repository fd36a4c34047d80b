import {
  type InputDatasetStatus,
  type InputFileStatus,
  inputDatasetStatus,
  inputFileStatus,
  type OutputDatasetStatus,
  type OutputFileStatus,
  outputDatasetStatus,
  outputFileStatus,
} from '@panda/domain';
import { type Columns, RowBuilder } from './row.js';

/** A row of JEDI_DATASETS: a master input dataset that is ready, unless changed. */
export class DatasetBuilder extends RowBuilder<DatasetBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.jedi_datasets', columns);
  }

  protected copy(columns: Columns): DatasetBuilder {
    return new DatasetBuilder(columns);
  }

  ofTask(jeditaskid: number): DatasetBuilder {
    return this.with({ jeditaskid });
  }
  inStatus(status: InputDatasetStatus | OutputDatasetStatus): DatasetBuilder {
    return this.with({ status });
  }
  secondaryOf(masterid: number): DatasetBuilder {
    return this.with({ masterid });
  }
  output(type = 'output'): DatasetBuilder {
    return this.with({ type, status: outputDatasetStatus.defined, streamname: type.toUpperCase() });
  }
  /** Input counters: n files, of which some are used, finished, failed. */
  counting(nfiles: number, used = 0, finished = 0, failed = 0): DatasetBuilder {
    return this.with({ nfiles, nfilestobeused: nfiles, nfilesused: used, nfilesfinished: finished, nfilesfailed: failed });
  }
}

export function aDataset(id = 10): DatasetBuilder {
  return new DatasetBuilder({
    jeditaskid: 1,
    datasetid: id,
    datasetname: `user.alice:dataset${id}`,
    type: 'input',
    status: inputDatasetStatus.ready,
    state: 'closed',
    vo: 'wlcg',
    streamname: 'IN',
    nfiles: 0,
    nfilestobeused: 0,
    nfilesused: 0,
    nfilesonhold: 0,
    nfilesfinished: 0,
    nfilesfailed: 0,
    nevents: 0,
    neventstobeused: 0,
    neventsused: 0,
  });
}

/** A row of JEDI_DATASET_CONTENTS: a ready input file with three attempts, unless changed. */
export class FileBuilder extends RowBuilder<FileBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.jedi_dataset_contents', columns);
  }

  protected copy(columns: Columns): FileBuilder {
    return new FileBuilder(columns);
  }

  in(jeditaskid: number, datasetid: number): FileBuilder {
    return this.with({ jeditaskid, datasetid });
  }
  inStatus(status: InputFileStatus | OutputFileStatus): FileBuilder {
    return this.with({ status });
  }
  output(type = 'output'): FileBuilder {
    return this.with({ type, status: outputFileStatus.defined, keeptrack: 1 });
  }
  attempts(attemptnr: number, maxattempt: number): FileBuilder {
    return this.with({ attemptnr, maxattempt });
  }
}

export function aFile(id = 100): FileBuilder {
  return new FileBuilder({
    jeditaskid: 1,
    datasetid: 10,
    fileid: id,
    lfn: `file.${String(id).padStart(6, '0')}.root`,
    scope: 'user.alice',
    guid: `guid-${id}`,
    type: 'input',
    status: inputFileStatus.ready,
    fsize: 1_000_000,
    attemptnr: 0,
    maxattempt: 3,
    keeptrack: 1,
    nevents: 100,
    failedattempt: 0,
  });
}

import { type Database, type DatasetRow, FeedingRepository, OperatorTables, RefinementRepository } from '@panda/database';
import {
  type Ddm,
  datasetLookups,
  datasetName,
  datasetState,
  type FedDataset,
  feedPlan,
  feedRules,
  isPseudoDataset,
  type ListedFile,
  listedFileOf,
  lookupKey,
  pseudoFiles,
  recordsOf,
  refineTask,
  SCOUT_CHUNKS,
  SplitRule,
  type TaskParameters,
  type TaskSpec,
  taskOfColumns,
  taskStatus,
} from '@panda/domain';
import { FakeClock } from '../ports/fake-clock.js';
import { CountedIds } from '../ports/seeded.js';
import { insertRows } from './row.js';
import { aTask } from './task.js';

const CLAIM = 'test:preparation';

/** A task with these parameters as the refiner leaves it: `defined`, with datasets and templates. Its input must be known to `ddm`. */
export async function aRefinedTask(database: Database, ddm: Ddm, id: number, parameters: TaskParameters): Promise<void> {
  await insertRows(database, aTask(id).inStatus(taskStatus.registered).lockedBy(CLAIM));
  const found = new Map<string, string[]>();
  for (const lookup of datasetLookups(parameters)) {
    const name = datasetName(lookup.name);
    const names = lookup.expand ? (await ddm.members(name)).map((member) => member.name) : [lookup.name];
    found.set(lookupKey(lookup), names);
  }
  const ids = new CountedIds();
  const outcome = refineTask(
    { jediTaskId: id, parameters, splitRule: SplitRule.empty, isStaged: false },
    {
      serverUrl: 'http://gateway:25080',
      found,
      workQueues: await new OperatorTables(database, new FakeClock()).workQueues(),
      isShare: () => false,
      shareOf: () => 'User Analysis',
      resourceTypeOf: () => 'SCORE',
      unique: () => ids.next().replaceAll('-', ''),
    },
  );
  if (outcome.kind !== 'refined') throw new Error(`the task is not refined: ${JSON.stringify(outcome)}`);
  await database.pool.query('insert into doma_panda.jedi_taskparams (jeditaskid, taskparams) values ($1, $2)', [
    id,
    JSON.stringify(parameters),
  ]);
  await new RefinementRepository(database).storeRefined(CLAIM, outcome.refined, 'refined');
}

/** The same as the contents feeder leaves it: `ready`, with its files. */
export async function aFedTask(database: Database, ddm: Ddm, id: number, parameters: TaskParameters): Promise<void> {
  await aRefinedTask(database, ddm, id, parameters);
  await database.pool.query('update doma_panda.jedi_tasks set lockedby = $2, lockedtime = now() where jeditaskid = $1', [
    id,
    CLAIM,
  ]);
  const feeding = new FeedingRepository(database);
  const [row] = await feeding.look(CLAIM, [id]);
  if (!row) throw new Error(`there is no task ${id}`);
  const task = taskOfColumns(row.task);
  const stored = (row.parameters ?? {}) as TaskParameters;
  const inputs = (await feeding.datasets([id])).filter(({ type }) => ['input', 'pseudo_input'].includes(type));
  const datasets = [];
  let masterFiles = 0;
  for (const dataset of inputs.map(fedDataset).sort((a, b) => Number(b.isMaster) - Number(a.isMaster))) {
    const rules = feedRules(task, stored, dataset, masterFiles);
    const plan = feedPlan(recordsOf(await listed(ddm, task, stored, dataset, masterFiles), rules, new Set()), [], {
      task,
      dataset,
      rules,
      isFirstFeed: true,
      isRunning: false,
      isMutable: false,
      isPrestaging: false,
      state: datasetState.closed,
      nFilesToBeUsed: 0,
      nFilesUsed: 0,
      scoutChunks: SCOUT_CHUNKS,
    });
    if (dataset.isMaster) masterFiles += plan.nFiles;
    datasets.push({ kind: 'filled' as const, dataset, plan, rules });
  }
  await feeding.store(CLAIM, { id, datasets, event: 'contentsReady', reason: null, freezes: false });
}

async function listed(
  ddm: Ddm,
  task: TaskSpec,
  parameters: TaskParameters,
  dataset: FedDataset,
  masterFiles: number,
): Promise<ListedFile[]> {
  if (isPseudoDataset(dataset)) return pseudoFiles(task, parameters, dataset, { masterFiles, usedElsewhere: 0 });
  return (await ddm.files(datasetName(dataset.datasetName))).map(listedFileOf);
}

function fedDataset({ datasetId, name, container, type, attributes, masterId }: DatasetRow): FedDataset {
  return {
    datasetId,
    datasetName: name,
    containerName: container,
    type,
    attributes,
    isMaster: masterId === null,
    isUpdate: false,
  };
}

import { type Database, type NewJob, reserveJobIds, storeJobs } from '@panda/database';
import { inputFileStatus, taskStatus } from '@panda/domain';
import { aDataset, aFile } from './dataset.js';
import { insertRows } from './row.js';
import { aDeftTask, aTask, type TaskBuilder } from './task.js';

export const INPUT_DATASET = 10;
export const OUTPUT_DATASET = 11;
export const LOG_DATASET = 12;

/**
 * A running task (jediTaskID 1) with `files` picked input files (100, 101, …), an output and a log dataset: where jobs can be
 * stored for it. Returns the jobs, one per file, as a generator would build them.
 */
export async function aTaskWithPickedFiles(
  database: Database,
  files: number,
  task: TaskBuilder = aTask(1).running(),
): Promise<NewJob[]> {
  const id = task.columns.jeditaskid as number;
  await insertRows(
    database,
    task,
    aDeftTask(id).inStatus(taskStatus.running),
    aDataset(INPUT_DATASET)
      .ofTask(id)
      .counting(files, files)
      .with({ nevents: files * 100, neventstobeused: files * 100 }),
    aDataset(OUTPUT_DATASET).ofTask(id).output('output'),
    aDataset(LOG_DATASET).ofTask(id).output('log'),
  );
  const inputs = Array.from({ length: files }, (_, i) =>
    aFile(100 + i)
      .in(id, INPUT_DATASET)
      .inStatus(inputFileStatus.picked),
  );
  await insertRows(database, ...inputs);
  const ids = await reserveJobIds(database, { jobs: files, files: files * 2 });
  return inputs.map((file, i) =>
    jobFor(id, file.columns.fileid as number, ids.pandaIds[i] ?? 0, ids.fileIds.slice(2 * i, 2 * i + 2)),
  );
}

function jobFor(jediTaskId: number, inputId: number, pandaId: number, outputIds: readonly number[]): NewJob {
  const outputs = [
    { datasetId: OUTPUT_DATASET, type: 'output', lfn: `out.${pandaId}.root` },
    { datasetId: LOG_DATASET, type: 'log', lfn: `log.${pandaId}.tgz` },
  ].map((output, i) => ({ ...output, jediTaskId, fileId: outputIds[i] ?? 0, scope: 'user.alice' }));
  return {
    job: {
      pandaid: pandaId,
      jeditaskid: jediTaskId,
      jobname: `job.${pandaId}`,
      computingsite: 'QUEUE_A',
      prodsourcelabel: 'user',
      processingtype: 'panda-client',
      produsername: 'alice',
      vo: 'wlcg',
      cloud: 'WLCG',
      gshare: 'User Analysis',
      resource_type: 'SCORE',
      workqueue_id: 3,
      corecount: 1,
      currentpriority: 1000,
      attemptnr: 1,
      minramcount: 2000,
      maxwalltime: 3600,
      creationhost: 'test',
    },
    files: [
      {
        lfn: `file.${inputId}`,
        type: 'input',
        status: 'ready',
        scope: 'user.alice',
        jeditaskid: jediTaskId,
        datasetid: INPUT_DATASET,
        fileid: inputId,
        attemptnr: 0,
      },
      ...outputs.map((output) => ({
        lfn: output.lfn,
        type: output.type,
        status: 'unknown',
        scope: output.scope,
        jeditaskid: jediTaskId,
        datasetid: output.datasetId,
        fileid: output.fileId,
        attemptnr: 0,
      })),
    ],
    jobParameters: `-i file.${inputId} -o out.${pandaId}.root`,
    inputs: [{ jediTaskId, datasetId: INPUT_DATASET, fileId: inputId, attemptNr: 0 }],
    outputs,
  };
}

/** Stores the jobs of {@link aTaskWithPickedFiles}; returns their PandaIDs. */
export async function storedJobs(database: Database, jobs: readonly NewJob[]): Promise<readonly number[]> {
  const { stored } = await database.transaction((tx) => storeJobs(tx, jobs));
  return stored;
}

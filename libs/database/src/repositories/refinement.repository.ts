import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import {
  type DatasetSpec,
  inputDatasetStatus,
  inputDatasetTypes,
  inputFileStatus,
  type OutputTemplate,
  outputDatasetStatus,
  type PreprocessPlan,
  type RefinedTask,
  type TaskSpec,
  taskColumns,
  terminalTaskStatuses,
} from '@panda/domain';
import { Database, type Session, type Tx } from '../kernel/database.js';
import { nudge } from '../outbox/nudge.js';
import * as sql from '../statements/refinement.js';
import { ClaimLost, endTurn } from '../transitions/end-of-turn.js';
import type { TaskEvent } from '../transitions/task.transitions.js';

const ACTOR = 'jedi-task-refiner';

/** The database side of refinement: each outcome is one transaction. */
@Injectable()
export class RefinementRepository {
  constructor(private readonly database: Database) {}

  /** Gives JEDI rows to tasks an outside system put into T_TASK; returns their ids. */
  async adoptIntake(limit: number): Promise<number[]> {
    return (await this.database.run(sql.adoptIntake, { limit })).map(({ id }) => id);
  }

  look(claim: string, ids: readonly number[]) {
    return this.database.run(sql.tasksToRefine, { claim, ids: [...ids] });
  }

  /** An earlier task of the same user and name that is still under way. */
  async namesakeOf(task: TaskSpec): Promise<number | undefined> {
    const { jediTaskId: id, taskName, userName, vo, prodSourceLabel: label } = task;
    const [row] = await this.database.run(sql.namesake, {
      id,
      taskName,
      userName,
      vo,
      label,
      terminal: [...terminalTaskStatuses],
    });
    return row?.id;
  }

  /** All rows of a refined task, its new state, and the message to the contents feeder. */
  async storeRefined(claim: string, refined: RefinedTask, event: 'refined' | 'rerefined'): Promise<void> {
    const id = refined.task.jediTaskId;
    await this.database.transaction(async (tx) => {
      await storeTask(tx, claim, refined.task);
      await tx.run(sql.writeParameters, { id, parameters: JSON.stringify(refined.parameters) });
      await tx.run(sql.writeJobTemplate, { id, template: refined.jobParamsTemplate });
      await storeDatasets(tx, refined);
      await endTurn(tx, ACTOR, claim, { id, event, reason: null, freezes: false });
      await nudge(tx, topics.taskRefined, [id]);
    });
  }

  /** The rows of the step that runs before the task. */
  async storePreprocessing(claim: string, plan: PreprocessPlan, parameters: object): Promise<void> {
    const id = plan.task.jediTaskId;
    await this.database.transaction(async (tx) => {
      await storeTask(tx, claim, plan.task);
      await tx.run(sql.writeParameters, { id, parameters: JSON.stringify(parameters) });
      const [input, log] = await datasetIds(tx, 2);
      const rows = [datasetRow(plan.input, input ?? 0, { status: inputDatasetStatus.ready }), datasetRow(plan.log, log ?? 0, {})];
      await tx.run(sql.insertDatasetRows, { id, rows: JSON.stringify(rows) });
      await tx.run(sql.insertPreprocessFile, {
        id,
        datasetId: input ?? 0,
        lfn: plan.lfn,
        maxAttempt: plan.maxAttempt,
        status: inputFileStatus.ready,
      });
      await tx.run(sql.insertOutputTemplates, { id, rows: JSON.stringify([templateRow(plan.template, log ?? 0)]) });
      await endTurn(tx, ACTOR, claim, { id, event: 'preprocessingAsked', reason: null, freezes: false });
      await nudge(tx, topics.taskReady, [id]);
    });
  }

  /** A task that cannot be refined now or ever; `event` says which, the reason is stored. */
  async storeVerdict(claim: string, id: number, event: TaskEvent, reason: string, freezes = false): Promise<void> {
    await this.database.transaction(async (tx) => {
      await endTurn(tx, ACTOR, claim, { id, event, reason, freezes });
      if (event !== 'held' && event !== 'stagingAsked') await nudge(tx, topics.taskPrepared, [id]);
    });
  }
}

async function storeTask(tx: Tx, claim: string, task: TaskSpec): Promise<void> {
  const columns = JSON.stringify(taskColumns(task));
  const rows = await tx.run(sql.writeRefinedTask, { id: task.jediTaskId, claim, columns });
  if (rows.length === 0) throw new ClaimLost(task.jediTaskId);
}

/** New datasets with ids and masters; those the task has from an earlier run are kept. */
async function storeDatasets(tx: Tx, refined: RefinedTask): Promise<void> {
  const id = refined.task.jediTaskId;
  const known = await tx.run(sql.knownDatasets, { id });
  const isNew = ({ datasetName, type, containerName }: DatasetSpec) =>
    !known.some((row) => row.name === datasetName && row.type === type && row.container === containerName);
  const masters = refined.masters.filter(isNew);
  const secondaries = refined.secondaries.filter(isNew);
  const outputs = refined.outputs.filter(({ dataset }) => isNew(dataset));
  const ids = await datasetIds(tx, masters.length + secondaries.length + 2 * outputs.length);
  const next = () => ids.shift() ?? 0;

  const masterRows = masters.map((dataset) => datasetRow(dataset, next(), {}));
  const lastMaster =
    masterRows.at(-1)?.datasetid ??
    known.findLast((row) => row.isMaster && (inputDatasetTypes as readonly string[]).includes(row.type))?.datasetId ??
    null;
  const secondaryRows = secondaries.map((dataset) => datasetRow(dataset, next(), { masterid: lastMaster }));
  const { rows, templates } = outputRows(outputs, next);
  await tx.run(sql.insertDatasetRows, { id, rows: JSON.stringify([...masterRows, ...secondaryRows, ...rows]) });
  await tx.run(sql.insertOutputTemplates, { id, rows: JSON.stringify(templates) });
}

interface DatasetRow extends Record<string, unknown> {
  readonly datasetid: number;
}

/** Output datasets; the unmerged twin comes first, so that the merged one can name it as its provenance. */
function outputRows(outputs: RefinedTask['outputs'], next: () => number) {
  const rows: DatasetRow[] = [];
  const templates: Record<string, unknown>[] = [];
  const leader = outputs.find(({ unmerged }) => unmerged?.isMaster);
  const leaderId = leader ? next() : null;
  for (const output of outputs) {
    let provenanceid: number | null = null;
    if (output.unmerged) {
      provenanceid = output === leader && leaderId !== null ? leaderId : next();
      rows.push(
        datasetRow(output.unmerged.dataset, provenanceid, {
          masterid: output === leader ? null : leaderId,
          status: outputDatasetStatus.defined,
        }),
      );
      for (const template of output.unmerged.templates) templates.push(templateRow(template, provenanceid));
    }
    const datasetid = next();
    rows.push(datasetRow(output.dataset, datasetid, { provenanceid, status: outputDatasetStatus.defined }));
    for (const template of output.templates) templates.push(templateRow(template, datasetid));
  }
  return { rows, templates };
}

function datasetRow(
  dataset: DatasetSpec,
  datasetid: number,
  links: { masterid?: number | null; provenanceid?: number | null; status?: string },
): DatasetRow {
  return {
    datasetid,
    datasetname: dataset.datasetName,
    containername: dataset.containerName,
    type: dataset.type,
    streamname: dataset.streamName,
    attributes: dataset.attributes,
    storagetoken: dataset.storageToken,
    destination: dataset.destination,
    vo: dataset.vo,
    masterid: links.masterid ?? null,
    provenanceid: links.provenanceid ?? null,
    status: links.status ?? inputDatasetStatus.defined,
  };
}

function templateRow(template: OutputTemplate, datasetid: number): Record<string, unknown> {
  return {
    datasetid,
    filenametemplate: template.filenameTemplate,
    serialnr: template.serialNr,
    streamname: template.streamName,
    outtype: template.outtype,
  };
}

async function datasetIds(session: Session, count: number): Promise<number[]> {
  if (count === 0) return [];
  return (await session.run(sql.newDatasetIds, { count })).map(({ id }) => id);
}

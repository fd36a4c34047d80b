import { Inject, Injectable } from '@nestjs/common';
import { type DatasetRow, GenerationRepository, type OutputTemplateRow } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import {
  type Ddm,
  datasetName,
  mergeInputDatasetTypes,
  type NewDataset,
  type OutputStream,
  outputDatasetStatus,
  parseDatasetAttributes,
  type TaskSpec,
  templateTypePrefix,
} from '@panda/domain';

/** Output datasets as the jobs of one round write into them: concrete, and known to data management. */
@Injectable()
export class OutputStreams {
  constructor(
    private readonly jobs: GenerationRepository,
    @Inject(DDM) private readonly ddm: Ddm,
  ) {}

  /** Streams for jobs at `site`. Templates become datasets of that site, once. Throws DdmError. */
  async streams(task: TaskSpec, datasets: readonly DatasetRow[], options: { site: string; work: Work }): Promise<OutputStream[]> {
    const wanted = datasets.filter((row) => belongs(row, options.work));
    const concrete: DatasetRow[] = [];
    for (const row of wanted)
      concrete.push(row.type.startsWith(templateTypePrefix) ? await this.instance(task, row, datasets, options.site) : row);
    await this.register(task, concrete);
    const templates = await this.jobs.outputTemplates(task.jediTaskId);
    return concrete.flatMap((row) =>
      templates.filter(({ datasetId }) => datasetId === row.datasetId).map((template) => streamOf(row, template)),
    );
  }

  private async instance(
    task: TaskSpec,
    template: DatasetRow,
    datasets: readonly DatasetRow[],
    site: string,
  ): Promise<DatasetRow> {
    const made = datasets.find(({ templateId, site: at }) => templateId === template.datasetId && at === site);
    if (made) return made;
    const { datasetId, name, type } = await this.jobs.instantiate(task.jediTaskId, template.datasetId, site);
    return { ...template, datasetId, name, type, site, status: outputDatasetStatus.defined, templateId: template.datasetId };
  }

  private async register(task: TaskSpec, rows: readonly DatasetRow[]): Promise<void> {
    const fresh = rows.filter(({ status }) => status === outputDatasetStatus.defined);
    if (fresh.length === 0) return;
    const owner = task.userName;
    const known: NewDataset[] = fresh.map(({ name }) => ({
      ...datasetName(name),
      owner,
      metadata: { jediTaskID: task.jediTaskId },
    }));
    await this.ddm.register(known);
    for (const row of fresh) {
      const [container, dataset] = [datasetName(row.container ?? row.name), datasetName(row.name)];
      if (container.name === dataset.name) continue;
      await this.ddm.register([{ ...container, kind: 'container', owner }]);
      await this.ddm.addToContainer(container, [dataset]);
    }
    await this.jobs.registered(
      task.jediTaskId,
      fresh.map(({ datasetId }) => datasetId),
    );
  }
}

const plainTypes: readonly string[] = ['output', 'log', 'tmpl_output', 'tmpl_log'];
const unmergedTypes: readonly string[] = ['tmpl_trn_output', 'tmpl_trn_log'];

/** What jobs are for: the task itself, merging its output, or the step before it. */
export type Work = 'task' | 'merge' | 'preprocess';

/** Ordinary jobs write unmerged twins where outputs are merged later, and the outputs themselves elsewhere; merge jobs write what was merged. */
function belongs(row: DatasetRow, work: Work): boolean {
  if (work === 'preprocess') return row.type === 'tmpl_pp_log';
  const isMerged = row.provenanceId !== null || parseDatasetAttributes(row.attributes).mergeOnly;
  if (work === 'merge') return plainTypes.includes(row.type) && isMerged && row.templateId === null;
  return (plainTypes.includes(row.type) && !isMerged && row.templateId === null) || unmergedTypes.includes(row.type);
}

function streamOf(row: DatasetRow, template: OutputTemplateRow): OutputStream {
  return {
    datasetId: row.datasetId,
    datasetName: row.name,
    containerName: row.container,
    streamName: template.streamName,
    outtype: template.outType,
    ...((mergeInputDatasetTypes as readonly string[]).includes(row.type) ? { contentType: row.type } : {}),
    filenameTemplate: template.filenameTemplate,
    attributes: row.attributes,
    storageToken: row.storageToken,
    destination: row.destination,
  };
}

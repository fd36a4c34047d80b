import { Inject, Injectable } from '@nestjs/common';
import { ConclusionRepository, type TaskToConclude } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import { type DatasetName, type Ddm, datasetName, type OutputDatasetType, outputFileStatus } from '@panda/domain';

const OUTPUT = 'output' satisfies OutputDatasetType;
/** Files looked at by one query: a task may have a million. */
const PAGE = 5_000;
/** A sentence names a few, and nobody reads more. */
const DEFECTS_MAX = 1_000;

/**
 * Compares the output datasets of a task with what its jobs are known to have made. Repeating it changes nothing.
 * Spec: JEDI › Post Processor. panda-jedi:pandajedi/jedipprocess/AtlasProdPostProcessor.py@42f4bb41.
 */
@Injectable()
export class OutputValidation {
  constructor(
    private readonly tasks: ConclusionRepository,
    @Inject(DDM) private readonly ddm: Ddm,
  ) {}

  /**
   * Takes files out that no successful job stands for: leavings of failed ones, and second copies of what another attempt wrote again. Returns
   * the outputs that should be there and are not, or not whole. Files that are not of the task are left alone. Throws DdmError.
   */
  async check(task: TaskToConclude): Promise<string[]> {
    const defective: string[] = [];
    // Logs of failed jobs stay: they say why.
    const outputs = task.outputs.filter(({ type }) => type === OUTPUT);
    const known = await this.ddm.describe(outputs.map(({ name }) => datasetName(name)));
    for (const output of outputs) {
      const dataset = datasetName(output.name);
      if (!known.some(({ scope, name }) => scope === dataset.scope && name === dataset.name)) continue;
      const found = await this.checkDataset(task.id, output.datasetId, dataset);
      defective.push(...found.slice(0, DEFECTS_MAX - defective.length));
    }
    return defective;
  }

  private async checkDataset(taskId: number, datasetId: number, dataset: DatasetName): Promise<string[]> {
    const defective: string[] = [];
    for (let after = 0, full = true; full; ) {
      const page = await this.tasks.producedFiles(taskId, datasetId, after, PAGE);
      const files = page.map((file) => ({ ...file, scope: file.scope || dataset.scope }));
      const isGood = ({ status }: { readonly status: string }) => status === outputFileStatus.finished;
      await this.ddm.removeFiles(
        dataset,
        files.filter((file) => !isGood(file)),
      );
      const defects = await this.ddm.defects(dataset, files.filter(isGood));
      defective.push(...defects.map(({ lfn }) => lfn));
      after = page.at(-1)?.fileId ?? after;
      full = page.length === PAGE;
    }
    return defective;
  }
}

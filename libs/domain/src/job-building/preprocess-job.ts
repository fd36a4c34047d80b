import type { ContentRecord } from '../file/content-record.js';
import type { Queue } from '../queue/queue.js';
import type { TaskParameters } from '../refine/parameters.js';
import type { StreamDataset } from '../splitting/input-chunk.js';
import type { TaskSpec } from '../task/task-spec.js';
import type { BuiltJob } from './built-job.js';
import { UnbuildableTask } from './job-builder.js';
import { commonColumns } from './job-columns.js';
import { inputFileColumns, outputFileColumns } from './job-files.js';
import { type OutputSlot, outputName, scopeOf } from './output-names.js';
import { compileTemplate } from './parameter-template.js';

export interface PreprocessJobInput {
  readonly task: TaskSpec;
  readonly parameters: TaskParameters;
  readonly queue: Queue;
  readonly pandaId: number;
  readonly host: string;
  /** The unit of input that keeps count of the step. */
  readonly input: { readonly dataset: StreamDataset; readonly file: ContentRecord };
  readonly log: OutputSlot;
  readonly resourceTypeOf: (job: { coreCount: number; minRamCount: number }) => string;
}

/** The one job of the step before a task. Spec: Basic Concepts › topreprocess. */
export function makePreprocessJob(plan: PreprocessJobInput): BuiltJob {
  const { task, parameters, queue, input, log } = plan;
  const step = parameters.preproSpec as TaskParameters | undefined;
  if (step === undefined) throw new UnbuildableTask('the task has no preprocessing step');
  const { jediTaskId } = task;
  const lfn = outputName(log, '');
  const scope = scopeOf(log.stream.datasetName);
  const texts = new Map([['SURL', String(parameters.sourceURL ?? '')]]);
  const record = { ...input.file, type: 'pseudo_input' };
  const options = { locality: undefined, isMerging: false, copies: false };
  return {
    job: {
      ...commonColumns(task, queue, plan.host),
      pandaid: plan.pandaId,
      jobname: task.taskName,
      transformation: String(step.transPath ?? ''),
      prodsourcelabel: String(step.prodSourceLabel ?? task.prodSourceLabel),
      processingtype: task.processingType,
      attemptnr: 0,
      maxattempt: 0,
      assignedpriority: task.currentPriority,
      currentpriority: task.currentPriority,
      corecount: 1,
      maxwalltime: queue.maxTimeS,
      hs06: queue.corePower > 0 ? Math.trunc(queue.corePower) : null,
      resource_type: plan.resourceTypeOf({ coreCount: 1, minRamCount: 0 }),
      destinationdblock: log.stream.datasetName,
      destinationse: queue.name,
    },
    files: [
      inputFileColumns(record, input.dataset, jediTaskId, options),
      { ...outputFileColumns(log, lfn, scope, jediTaskId, false), type: 'log' },
    ],
    jobParameters: compileTemplate(String(step.jobParameters ?? '')).render({ files: new Map(), listNames: new Map(), texts }),
    inputs: [{ jediTaskId, datasetId: input.file.datasetId, fileId: input.file.fileId, attemptNr: input.file.attemptNr }],
    outputs: [
      {
        jediTaskId,
        datasetId: log.stream.datasetId,
        fileId: log.fileId,
        lfn,
        type: 'log',
        scope,
      },
    ],
    retryOf: [],
  };
}

import type { Queue } from '../queue/queue.js';
import { type SplitRuleKey, splitRuleValues } from '../split-rule/index.js';
import { hasDynamicEvents } from '../splitting/split-limits.js';
import type { TaskSpec } from '../task/task-spec.js';
import { formatSpecialHandling, type SpecialHandlingFlag, type SpecialHandlingValue } from './special-handling.js';

/** Rules of a task that its jobs carry as they are. */
const carried: readonly (readonly [SplitRuleKey, SpecialHandlingFlag])[] = [
  ['mergeEsOnOS', 'mergeAtObjectStore'],
  ['resurrectConsumers', 'resurrectConsumers'],
  ['allowPartialFinish', 'partialFinish'],
  ['putLogToOS', 'logToObjectStore'],
  ['noExecStrCnv', 'noExecStrCnv'],
  ['inFilePosEvtNum', 'inFilePosEvtNum'],
  ['registerEsFiles', 'registerEsFiles'],
  ['usePrefetcher', 'prefetcher'],
  ['notDiscardEvents', 'notDiscardEvents'],
  ['decAttOnFailedES', 'decrementOnFailedEs'],
  ['useZipToPin', 'zipToPin'],
  ['writeInputToFile', 'writeInputToFile'],
  ['noLoopingCheck', 'noLoopingCheck'],
  ['hpoWorkflow', 'hpo'],
  ['encJobParams', 'encodedParameters'],
  ['useSecrets', 'secrets'],
];

export interface HandlingOfJob {
  readonly isMerging: boolean;
  readonly isScout: boolean;
  /** Its input comes from tape first. */
  readonly needsStaging: boolean;
  readonly lumiBlockNr: number | null;
  /** Event service header, replaced when the job is stored. */
  readonly header: string | null;
}

const WORLD = 'WORLD';

/** The `specialhandling` column of a job. */
export function specialHandlingOf(task: TaskSpec, queue: Queue, job: HandlingOfJob): string | null {
  const rule = task.splitRule;
  const flags = new Set(carried.filter(([key]) => rule.get(key)).map(([, flag]) => flag));
  if (!job.isMerging && hasDynamicEvents(task)) flags.add('dynamicEvents');
  if (job.isScout) flags.add('scout');
  if (job.needsStaging) flags.add('inputPrestaging');
  const values = new Map<SpecialHandlingValue, string>();
  const set = (key: SpecialHandlingValue, value: string | number | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') values.set(key, String(value));
  };
  set('ddmBackEnd', rule.get('ddmBackEnd'));
  set('jobCloning', rule.get('useJobCloning'));
  if (task.cloud === WORLD) set('homeCloud', queue.cloud);
  set('altStageOut', altStageOut(task, job.isMerging));
  set('lumiBlock', job.lumiBlockNr);
  set('requestType', task.requestType);
  return formatSpecialHandling({ flags, values, others: job.header === null ? [] : [job.header] });
}

/** Output that waits to be merged has to stay where the merge job looks for it. */
function altStageOut(task: TaskSpec, isMerging: boolean): string | undefined {
  if (task.splitRule.get('mergeOutput') && !isMerging) return 'off';
  const asked = task.splitRule.get('altStageOut');
  return Object.entries(splitRuleValues.altStageOut).find(([, value]) => value === asked)?.[0];
}

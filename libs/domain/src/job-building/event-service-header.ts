import type { ContentRecord } from '../file/content-record.js';
import type { TaskSpec } from '../task/task-spec.js';

/** Attempts of an event range when the task does not say. */
const DEFAULT_MAX_ATTEMPT = 10;

/**
 * The header that makes event ranges when the job is stored: `es:<index>:` and, per file, `lfn/start/end/perRange/maxAttempt[/offset]`
 * joined by `^`. panda-server:pandaserver/taskbuffer/EventServiceUtils.py@34d4b8f3.
 */
export function eventServiceHeader(task: TaskSpec, masterFiles: readonly ContentRecord[], index: number): string {
  const rule = task.splitRule;
  const cloning = rule.has('useJobCloning');
  // A cloned job is one range: whoever gets it first runs it.
  const files = cloning ? masterFiles.slice(0, 1) : masterFiles;
  const offset = rule.get('inFilePosEvtNum') ? '' : `/${rule.get('firstEvent') ?? 0}`;
  const encoded = files.map((file) => {
    const start = file.startEvent ?? 0;
    const end = Math.max(start, file.endEvent ?? (file.nEvents ?? 1) - 1);
    const perRange = cloning ? end - start + 1 : (rule.get('nEventsPerWorker') ?? 1);
    return `${file.lfn}/${start}/${end}/${perRange}/${rule.get('maxAttemptES') ?? DEFAULT_MAX_ATTEMPT}${offset}`;
  });
  return `es:${index}:${encoded.join('^')}`;
}

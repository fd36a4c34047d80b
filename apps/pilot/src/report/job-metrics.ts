import { memoryLeak } from '../monitor/linear-fit.js';
import type { UsageHistory } from '../monitor/usage.js';

export interface MetricFacts {
  readonly coreCount: number;
  readonly nEvents: number;
  readonly workDirBytes: number | undefined;
  readonly usage: UsageHistory;
}

const METRICS_MAX = 500;

/** `key=value` pairs, blank-separated, at most 500 characters; the server reads `leak` and `chi2` out of them. */
export function jobMetrics({ coreCount, nEvents, workDirBytes, usage }: MetricFacts): string {
  const leak = memoryLeak(usage.all);
  const pairs: (readonly [string, string | number | undefined])[] = [
    ['coreCount', coreCount],
    ['actualCoreCount', usage.meanCores()],
    ['nEvents', nEvents > 0 ? nEvents : undefined],
    ['workDirSize', workDirBytes],
    ['maxProcesses', usage.maxProcesses > 0 ? usage.maxProcesses : undefined],
    ['leak', leak?.slope.toFixed(2)],
    ['chi2', leak?.chi2.toFixed(2)],
  ];
  const words = pairs.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  while (words.join(' ').length > METRICS_MAX) words.pop();
  return words.join(' ');
}

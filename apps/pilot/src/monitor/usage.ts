import { type ProcessFacts, type ProcessUsage, processesMarked, processUsage } from '../process/proc.js';

/** One look at all processes of a job. kB, s and bytes. */
export interface Sample {
  readonly atMs: number;
  readonly processes: number;
  readonly cpuS: number;
  readonly vmemKb: number;
  readonly rssKb: number;
  readonly pssKb: number;
  readonly swapKb: number;
  readonly rchar: number;
  readonly wchar: number;
  readonly readBytes: number;
  readonly writeBytes: number;
}

/** Metrics of an update, under the names the server expects. Memory in kB, sums in bytes, rates in bytes/s. */
export type UsageFields = Readonly<Record<string, number>>;

const NOTHING = { vmemKb: 0, rssKb: 0, pssKb: 0, swapKb: 0, rchar: 0, wchar: 0, readBytes: 0, writeBytes: 0 };

/** Sums over the processes that carry the job's mark; undefined when there is none (ended, or no /proc here). */
export function takeSample(mark: string, atMs: number): Sample | undefined {
  const processes = processesMarked(mark);
  if (processes.length === 0) return undefined;
  const cpuS = cpuOf(processes);
  const sums = { ...NOTHING };
  for (const facts of processes) addTo(sums, facts, processUsage(facts.pid));
  return { atMs, processes: processes.length, cpuS, ...sums };
}

/** Live times plus what ended children left with their parents; a parent outside the job (the pilot) does not count. */
function cpuOf(processes: readonly ProcessFacts[]): number {
  return processes.reduce((sum, facts) => sum + facts.cpuS, 0);
}

function addTo(sums: typeof NOTHING, facts: ProcessFacts, usage: ProcessUsage): void {
  sums.vmemKb += facts.vmemKb;
  sums.rssKb += usage.rssKb ?? facts.rssKb;
  // A kernel without smaps_rollup, or a process of another user inside a container: resident size is the upper bound.
  sums.pssKb += usage.pssKb ?? facts.rssKb;
  sums.swapKb += usage.swapKb;
  sums.rchar += usage.rchar;
  sums.wchar += usage.wchar;
  sums.readBytes += usage.readBytes;
  sums.writeBytes += usage.writeBytes;
}

/** Maxima, averages and totals over the life of a job. */
export class UsageHistory {
  private readonly samples: Sample[] = [];
  private readonly max = { ...NOTHING };
  private readonly sum = { ...NOTHING };
  private count = 0;
  private cpuMaxS = 0;
  private processesMax = 0;

  add(sample: Sample): void {
    this.count++;
    for (const name of Object.keys(NOTHING) as (keyof typeof NOTHING)[]) {
      this.max[name] = Math.max(this.max[name], sample[name]);
      this.sum[name] += sample[name];
    }
    this.cpuMaxS = Math.max(this.cpuMaxS, sample.cpuS);
    this.processesMax = Math.max(this.processesMax, sample.processes);
    this.samples.push(sample);
    // Enough for a slope over days at one sample a minute.
    if (this.samples.length > 5_000) this.samples.shift();
  }

  get all(): readonly Sample[] {
    return this.samples;
  }

  get cpuS(): number {
    return this.cpuMaxS;
  }

  get maxProcesses(): number {
    return this.processesMax;
  }

  get maxPssKb(): number {
    return this.max.pssKb;
  }

  /** Fields of an update; empty before the first sample. */
  fields(): UsageFields {
    const first = this.samples[0];
    const last = this.samples.at(-1);
    if (first === undefined || last === undefined) return {};
    const seconds = Math.max(1, (last.atMs - first.atMs) / 1_000);
    const average = (name: keyof typeof NOTHING): number => Math.round(this.sum[name] / this.count);
    return {
      maxRSS: Math.round(this.max.rssKb),
      maxVMEM: Math.round(this.max.vmemKb),
      maxSWAP: Math.round(this.max.swapKb),
      maxPSS: Math.round(this.max.pssKb),
      avgRSS: average('rssKb'),
      avgVMEM: average('vmemKb'),
      avgSWAP: average('swapKb'),
      avgPSS: average('pssKb'),
      totRCHAR: this.max.rchar,
      totWCHAR: this.max.wchar,
      totRBYTES: this.max.readBytes,
      totWBYTES: this.max.writeBytes,
      rateRCHAR: Math.round(this.max.rchar / seconds),
      rateWCHAR: Math.round(this.max.wchar / seconds),
      rateRBYTES: Math.round(this.max.readBytes / seconds),
      rateWBYTES: Math.round(this.max.writeBytes / seconds),
    };
  }

  /**
   * Mean number of busy cores between the first sample and the last that saw all CPU time; undefined before there are two. A process
   * that has ended and is not reaped yet takes its time out of the sum: a look at that moment, mostly the last one, tells nothing.
   */
  meanCores(): number | undefined {
    const first = this.samples[0];
    const last = this.samples.findLast(({ cpuS }) => cpuS === this.cpuMaxS);
    if (first === undefined || last === undefined || last.atMs - first.atMs < 1_000) return undefined;
    return Math.round(((last.cpuS - first.cpuS) / ((last.atMs - first.atMs) / 1_000)) * 100) / 100;
  }
}

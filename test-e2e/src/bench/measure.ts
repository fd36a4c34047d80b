/** One measured line: ours beside the bare limit of the same machine in the same run. */
export interface Measurement {
  readonly what: string;
  readonly unit: 'messages/s' | 'requests/s' | 'jobs/s' | 'ms';
  readonly ours: number;
  /** What the bare client reaches at the same task. */
  readonly bare?: number;
  /** Lowest and highest ratio of the pairs that were measured. */
  readonly spread?: Spread;
}

export interface Spread {
  readonly low: number;
  readonly high: number;
}

/** Ours and the bare limit, measured one after the other. */
export interface Pair {
  readonly ours: number;
  readonly bare: number;
}

/** The pair with the median ratio speaks for all; the spread says how far the others were from it. */
export function medianPair(pairs: readonly Pair[]): Pair & { readonly spread: Spread } {
  const ratio = ({ ours, bare }: Pair) => ours / bare;
  const sorted = [...pairs].sort((a, b) => ratio(a) - ratio(b));
  const [lowest, median, highest] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (!lowest || !median || !highest) throw new Error('nothing was measured');
  return { ours: median.ours, bare: median.bare, spread: { low: ratio(lowest), high: ratio(highest) } };
}

/** A bench: measures on the servers of this machine and leaves nothing behind. */
export type Bench = () => Promise<Measurement[]>;

/** Units of work a second. */
export async function rate(count: number, work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - from);
}

/** Median of the durations of repeated work, in ms. */
export async function medianMs(times: number, work: () => Promise<unknown>): Promise<number> {
  const durations: number[] = [];
  for (let n = 0; n < times; n++) {
    const from = performance.now();
    await work();
    durations.push(performance.now() - from);
  }
  return durations.sort((a, b) => a - b)[Math.floor(times / 2)] ?? Number.NaN;
}

/** A table for terminals and for docs/performance.md. */
export function table(measurements: readonly Measurement[]): string {
  const lines = measurements.map(({ what, unit, ours, bare, spread }) => {
    const digits = unit === 'ms' ? 2 : 0;
    const ratio = bare === undefined ? '' : `${(ours / bare).toFixed(2)}`;
    const range = spread === undefined ? '' : `${spread.low.toFixed(2)}–${spread.high.toFixed(2)}`;
    return `| ${what} | ${ours.toFixed(digits)} ${unit} | ${bare === undefined ? '' : `${bare.toFixed(digits)} ${unit}`} | ${ratio} | ${range} |`;
  });
  return ['| measured | ours | bare | ours / bare | of the pairs |', '|---|---:|---:|---:|---:|', ...lines].join('\n');
}

/** One measured line: ours beside the bare limit of the same machine in the same run. */
export interface Measurement {
  readonly what: string;
  readonly unit: 'messages/s' | 'requests/s' | 'jobs/s' | 'ms';
  readonly ours: number;
  /** What the bare client reaches at the same task. */
  readonly bare?: number;
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

/** A table for terminals and for docs/reference/performance.md. */
export function table(measurements: readonly Measurement[]): string {
  const lines = measurements.map(({ what, unit, ours, bare }) => {
    const digits = unit === 'ms' ? 2 : 0;
    const ratio = bare === undefined ? '' : `${(ours / bare).toFixed(2)}`;
    return `| ${what} | ${ours.toFixed(digits)} ${unit} | ${bare === undefined ? '' : `${bare.toFixed(digits)} ${unit}`} | ${ratio} |`;
  });
  return ['| measured | ours | bare | ours / bare |', '|---|---:|---:|---:|', ...lines].join('\n');
}

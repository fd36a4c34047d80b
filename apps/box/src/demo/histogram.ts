/** One bin of the di-muon mass histogram: low edge in GeV (bins are 1 GeV wide) and number of events. */
export interface Bin {
  readonly lowEdge: number;
  readonly count: number;
}

/** PDG mass of the Z boson in GeV; a toy detector does not move the peak by more than a bin. */
export const Z_MASS_GEV = 91.1876;
const PEAK_TOLERANCE_GEV = 1;

/** Reads `low-edge count` lines; anything else is an error, because the file was written by our own merge step. */
export function parseHistogram(text: string): Bin[] {
  return text
    .trim()
    .split('\n')
    .map((line) => {
      const [, lowEdge, count] = /^(\d+) (\d+)$/.exec(line) ?? [];
      if (lowEdge === undefined || count === undefined) throw new Error(`not a histogram line: '${line.slice(0, 80)}'`);
      return { lowEdge: Number(lowEdge), count: Number(count) };
    });
}

export function entries(bins: readonly Bin[]): number {
  return bins.reduce((sum, bin) => sum + bin.count, 0);
}

/** Centre of gravity of the highest bin and its two neighbours, in GeV. */
export function peak(bins: readonly Bin[]): number {
  const top = bins.reduce((best, bin, index) => (bin.count > (bins[best]?.count ?? 0) ? index : best), 0);
  const around = bins.slice(Math.max(0, top - 1), top + 2);
  const weight = entries(around);
  if (weight === 0) throw new Error('the histogram is empty');
  return around.reduce((sum, bin) => sum + (bin.lowEdge + 0.5) * bin.count, 0) / weight;
}

export function isZPeak(bins: readonly Bin[]): boolean {
  return Math.abs(peak(bins) - Z_MASS_GEV) <= PEAK_TOLERANCE_GEV;
}

/** A histogram for the terminal: one line per two bins, bars at most `width` characters. */
export function draw(bins: readonly Bin[], width = 48): string {
  const pairs = bins
    .filter((_, index) => index % 2 === 0)
    .map((bin, index) => ({ lowEdge: bin.lowEdge, count: bin.count + (bins[2 * index + 1]?.count ?? 0) }));
  const highest = Math.max(1, ...pairs.map((pair) => pair.count));
  return pairs
    .map(
      ({ lowEdge, count }) => `${String(lowEdge).padStart(4)} GeV ${'█'.repeat(Math.round((count / highest) * width))} ${count}`,
    )
    .join('\n');
}

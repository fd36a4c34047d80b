export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface LinearFit {
  readonly slope: number;
  readonly intersect: number;
  readonly chi2: number;
}

/** Least-squares line `y = slope·x + intersect` with chi² (observed against fitted); undefined for fewer than two distinct x. */
export function fitLine(points: readonly Point[]): LinearFit | undefined {
  const n = points.length;
  const meanX = points.reduce((sum, point) => sum + point.x, 0) / n;
  const meanY = points.reduce((sum, point) => sum + point.y, 0) / n;
  const spread = points.reduce((sum, point) => sum + (point.x - meanX) ** 2, 0);
  if (n < 2 || spread === 0) return undefined;
  const slope = points.reduce((sum, point) => sum + (point.x - meanX) * (point.y - meanY), 0) / spread;
  const intersect = meanY - slope * meanX;
  const chi2 = points.reduce((sum, point) => sum + chiTerm(point.y, slope * point.x + intersect), 0);
  return { slope: rounded(slope), intersect: rounded(intersect), chi2: rounded(chi2) };
}

function chiTerm(observed: number, expected: number): number {
  return expected === 0 ? 0 : (observed - expected) ** 2 / Math.abs(expected);
}

/** Two digits behind the point, as the pilot reports them. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/**
 * Memory leak of a payload in kB/s: slope of PSS + swap over time, without the first and last samples, where programs load and
 * tidy up. Spec: Pilot › memory leak.
 */
export function memoryLeak(
  samples: readonly { atMs: number; pssKb: number; swapKb: number }[],
  tails = 1,
): LinearFit | undefined {
  const inner = tails > 0 ? samples.slice(tails, -tails) : samples;
  const origin = inner[0]?.atMs ?? 0;
  return fitLine(inner.map((sample) => ({ x: (sample.atMs - origin) / 1_000, y: sample.pssKb + sample.swapKb })));
}

/** A measured value and the job it comes from. */
export interface Sample {
  readonly value: number;
  readonly pandaId: number;
}

/** A value of a distribution, and the jobs between which it lies. */
export interface Ranked {
  readonly value: number;
  readonly decidedBy: readonly number[];
}

/**
 * The value at `rank` percent, interpolated between the two nearest samples (0 = smallest, 100 = largest). Undefined without samples.
 */
export function percentile(samples: readonly Sample[], rank: number): Ranked | undefined {
  const sorted = samples.toSorted((a, b) => a.value - b.value || a.pandaId - b.pandaId);
  const position = (Math.min(100, Math.max(0, rank)) / 100) * (sorted.length - 1);
  const lower = sorted[Math.floor(position)];
  const upper = sorted[Math.ceil(position)];
  if (lower === undefined || upper === undefined) return undefined;
  const value = lower.value + (upper.value - lower.value) * (position - Math.floor(position));
  return { value, decidedBy: lower.pandaId === upper.pandaId ? [lower.pandaId] : [lower.pandaId, upper.pandaId] };
}

export function largest(samples: readonly Sample[]): Ranked | undefined {
  return percentile(samples, 100);
}

/** Arithmetic mean; undefined without samples. */
export function mean(samples: readonly Sample[]): number | undefined {
  return samples.length === 0 ? undefined : samples.reduce((sum, s) => sum + s.value, 0) / samples.length;
}

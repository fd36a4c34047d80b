/** Numbers under a path of names: `{queue: {state: n}}`. */
export interface NestedCounts {
  [name: string]: number | NestedCounts;
}

/** Adds `n` at the end of the path. Names are data: `__proto__` is a key like any other. */
export function addCount(counts: NestedCounts, path: readonly string[], n: number): void {
  const [name = '', ...rest] = path;
  if (rest.length === 0) {
    counts[name] = Number(counts[name] ?? 0) + n;
    return;
  }
  if (!Object.hasOwn(counts, name)) counts[name] = emptyCounts();
  addCount(counts[name] as NestedCounts, rest, n);
}

export function emptyCounts(): NestedCounts {
  return Object.create(null) as NestedCounts;
}

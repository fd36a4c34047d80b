const PERIOD_MS = 10_000;

/** Bytes this process may use before its container is killed; undefined when nothing limits it. */
export function memoryLimit(constrained: number = process.constrainedMemory()): number | undefined {
  return constrained > 0 && constrained < Number.MAX_SAFE_INTEGER ? constrained : undefined;
}

/** Calls `exceeded` once when the process uses more than `percent` of its limit: a graceful exit beats an OOM kill. */
export function watchMemory(percent: number, exceeded: (usedBytes: number) => void): void {
  const limit = memoryLimit();
  if (limit === undefined || percent >= 100) return;
  const timer = setInterval(() => {
    const used = process.memoryUsage.rss();
    if (used < (limit * percent) / 100) return;
    clearInterval(timer);
    exceeded(used);
  }, PERIOD_MS);
  timer.unref();
}

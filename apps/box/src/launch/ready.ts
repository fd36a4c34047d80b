const POLL_MS = 100;

/** Waits until a service says it is ready. Throws when it does not within the limit. */
export async function untilReady(url: string, limitMs: number, isAlive: () => boolean = () => true): Promise<void> {
  const deadline = performance.now() + limitMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    if (!isAlive()) throw new Error('the fleet stopped before it was ready; its log says why');
    last = await fetch(url, { signal: AbortSignal.timeout(2_000) }).then(
      (response) => (response.ok ? 'ready' : `status ${response.status}`),
      (error: Error) => error.message,
    );
    if (last === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${url} was not ready within ${limitMs / 1_000} s: ${last}`);
}

const POLL_MS = 100;
const ANSWER_MS = 2_000;

/** Waits until a service says it is ready. Throws when it does not within the limit, or when `signal` aborts. */
export async function untilReady(name: string, url: string, limitMs: number, signal: AbortSignal): Promise<void> {
  const deadline = performance.now() + limitMs;
  let last = 'no answer';
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    last = await verdict(url, signal);
    if (last === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error(`${name} was not ready within ${limitMs / 1_000} s (${url}): ${last}`);
}

/** `ready`, or why not: the checks that fail, as the service names them. */
async function verdict(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]) });
    return response.ok ? 'ready' : `${response.status} ${await response.text()}`;
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    return cause?.message || message;
  }
}

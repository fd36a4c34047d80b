import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** `wanted` if it is free on 127.0.0.1, else any free port; with `fixed` a taken port is an error. */
export async function pickPort(wanted: number | undefined, fixed = false): Promise<number> {
  try {
    return wanted ? await free(wanted) : await anyFree();
  } catch (error) {
    if (fixed || !wanted)
      throw new Error(`port ${wanted} on 127.0.0.1 is taken: choose another one with --port (0 = any)`, { cause: error });
    return anyFree();
  }
}

/**
 * Below the range from which systems take the ports of outgoing connections (from 32768 on Linux, 49152 elsewhere): a service that
 * is killed and started again would find its port in the hands of some client.
 */
const LISTENERS = { from: 20_000, to: 32_000 };
const TRIES = 50;

async function anyFree(): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await free(randomInt(LISTENERS.from, LISTENERS.to));
    } catch (error) {
      if (tries === TRIES) throw error;
    }
  }
}

function free(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = probe.address();
      probe.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no address'))));
    });
  });
}

import { createServer } from 'node:net';

/** `wanted` if it is free on 127.0.0.1, else any free port; with `fixed` a taken port is an error. */
export async function pickPort(wanted: number | undefined, fixed = false): Promise<number> {
  try {
    return await free(wanted ?? 0);
  } catch (error) {
    if (fixed || !wanted)
      throw new Error(`port ${wanted} on 127.0.0.1 is taken: choose another one with --port (0 = any)`, { cause: error });
    return free(0);
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

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, expect, it } from '@jest/globals';

/** A service without decorators, so that it runs from its text: a stop takes as long as DRAIN_MS says. */
const SERVICE = `
  import { Module } from '@nestjs/common';
  import { RuntimeModule, runService } from '@panda/runtime';
  class App {
    onModuleDestroy() { return new Promise((resolve) => setTimeout(resolve, Number(process.env.DRAIN_MS ?? 0))); }
  }
  Module({ imports: [RuntimeModule] })(App);
  await runService(App, { name: 'tested', http: process.env.HTTP === 'yes' });
  process.on('message', () => { throw new Error('a bug'); });
`;

interface Line {
  readonly msg: string;
  readonly port?: number;
}

describe('a service in a process of its own', () => {
  let child: ChildProcess;
  afterEach(() => {
    child.kill('SIGKILL');
  });

  /** Starts it (compiled, as it ships) and collects what it writes. */
  function start(env: Record<string, string>): { until(message: string): Promise<Line>; errors(): string } {
    const lines: Line[] = [];
    let errors = '';
    let seen: () => void = () => undefined;
    child = spawn(process.execPath, ['--input-type=module', '-e', SERVICE], {
      env: { PATH: '/usr/bin:/bin', PANDA_HTTP_HOST: '127.0.0.1', ...env },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    if (child.stdout) {
      createInterface(child.stdout).on('line', (line) => {
        lines.push(JSON.parse(line));
        seen();
      });
    }
    const until = async (message: string): Promise<Line> => {
      for (;;) {
        const found = lines.find(({ msg }) => msg === message);
        if (found) return found;
        await new Promise<void>((resolve) => {
          seen = resolve;
        });
      }
    };
    return { until, errors: () => errors };
  }

  it('answers probes and metrics over HTTP, and exits with 0 at SIGTERM', async () => {
    const service = start({ HTTP: 'yes', PANDA_HTTP_PORT: '0' });
    const { port } = await service.until('started');
    const get = (path: string): Promise<Response> => fetch(`http://127.0.0.1:${port}${path}`);
    expect([(await get('/healthz')).status, (await get('/readyz')).status, (await get('/startupz')).status]).toEqual([
      200, 200, 200,
    ]);
    expect(await (await get('/metrics')).text()).toContain('nodejs_eventloop_lag_seconds');
    expect((await get('/nothing')).status).toBe(404);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    await service.until('stopped');
  });

  it('listens for probes alone when it is no HTTP service, and not at all unless asked', async () => {
    const { port } = await start({ PANDA_HEALTH_PORT: '0' }).until('started');
    expect((await fetch(`http://127.0.0.1:${port}/readyz`)).status).toBe(200);
    child.kill('SIGKILL');
    expect((await start({}).until('started')).port).toBeUndefined();
  });

  it('is not ready while it drains, and a second signal ends it at once with 1', async () => {
    const service = start({ PANDA_HEALTH_PORT: '0', DRAIN_MS: '60000' });
    const { port } = await service.until('started');
    child.kill('SIGTERM');
    await service.until('stopping');
    const readiness = await fetch(`http://127.0.0.1:${port}/readyz`);
    expect([readiness.status, await readiness.json()]).toEqual([503, { ok: false, checks: { process: 'stopping' } }]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([1, null]);
  });

  it('ends with 1 when the drain outlasts the limit', async () => {
    const service = start({ DRAIN_MS: '60000', PANDA_STOP_LIMIT: '200ms' });
    await service.until('started');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([1, null]);
    await service.until('the stop took too long');
  });

  it('ends with 1 after an error nobody handled', async () => {
    const service = start({});
    await service.until('started');
    child.send('go wrong');
    expect(await once(child, 'exit')).toEqual([1, null]);
    await service.until('an error nobody handled');
  });

  it('INSTALL-11 refuses to start with a bad configuration, naming everything that is wrong', async () => {
    const service = start({ PANDA_HTTP_PORT: 'eighty', PANDA_LOG_LEVEL: 'loud' });
    expect(await once(child, 'exit')).toEqual([2, null]);
    expect(service.errors()).toContain('PANDA_HTTP_PORT is not a whole number');
    expect(service.errors()).toContain('PANDA_LOG_LEVEL is not one of');
  });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from '@jest/globals';

/** A service that makes one span and stops itself. */
const SERVICE = `
  import { Module } from '@nestjs/common';
  import { trace } from '@opentelemetry/api';
  import { RuntimeModule, startService } from '@panda/runtime';
  class App {}
  Module({ imports: [RuntimeModule] })(App);
  const service = await startService(App, { name: 'traced' });
  trace.getTracer('test').startSpan('refine a task').end();
  await service.stop();
`;

it('a service sends its spans to the collector it was given, the last ones when it stops', async () => {
  const got: { path: string; body: Buffer }[] = [];
  const collector = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    got.push({ path: request.url ?? '', body: Buffer.concat(chunks) });
    response.end();
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
  try {
    const env = { PATH: '/usr/bin:/bin', OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
    const child = spawn(process.execPath, ['--input-type=module', '-e', SERVICE], { env, stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([0, null]);
    const traces = Buffer.concat(got.filter(({ path }) => path === '/v1/traces').map(({ body }) => body)).toString('latin1');
    expect(traces).toContain('refine a task');
    expect(traces).toContain('traced');
  } finally {
    collector.close();
  }
});

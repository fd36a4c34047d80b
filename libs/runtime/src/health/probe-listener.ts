import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PromMetrics } from '../prom-metrics.js';
import { probe } from './probes.js';
import type { ServiceHealth } from './service-health.js';

/** Answers probes and metrics for services without HTTP of their own, on a port of its own. */
export class ProbeListener {
  private constructor(private readonly server: Server) {}

  static async open(port: number, host: string, health: ServiceHealth, metrics: PromMetrics): Promise<ProbeListener> {
    const server = createServer((request, response) => {
      const path = (request.url ?? '/').split('?')[0] ?? '/';
      const answered = request.method === 'GET' ? probe(path, health, metrics) : Promise.resolve(undefined);
      answered.then(
        (answer) => {
          response.writeHead(answer?.status ?? 404, { 'content-type': answer?.type ?? 'text/plain' });
          response.end(answer?.body ?? 'not found\n');
        },
        (error: Error) => response.writeHead(500).end(`${error.message}\n`),
      );
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    return new ProbeListener(server);
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

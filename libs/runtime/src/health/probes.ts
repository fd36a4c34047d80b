import type { PromMetrics } from '../prom-metrics.js';
import type { ProbeAnswer, ServiceHealth } from './service-health.js';

export interface ProbeReply {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export const PROBE_PATHS = ['/healthz', '/readyz', '/startupz', '/metrics'] as const;

/** The one answer to each probe path, undefined for other paths. */
export async function probe(path: string, health: ServiceHealth, metrics: PromMetrics): Promise<ProbeReply | undefined> {
  switch (path) {
    case '/healthz':
      return json(health.liveness());
    case '/readyz':
      return json(await health.readiness());
    case '/startupz':
      return json(health.startup());
    case '/metrics':
      return { status: 200, type: metrics.registry.contentType, body: await metrics.text() };
    default:
      return undefined;
  }
}

function json(answer: ProbeAnswer): ProbeReply {
  return { status: answer.ok ? 200 : 503, type: 'application/json', body: JSON.stringify(answer) };
}

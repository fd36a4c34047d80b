import type { LinkMetrics } from './request.js';

/** A row of `network_matrix_kv` about the way from a site to the nucleus. */
export interface LinkMetric {
  readonly key: string;
  readonly value: number | null;
}

const CLOSENESS = 'AGIS_closeness';
const MBPS = { mbps1h: 'fts_mbps_1h', mbps1d: 'fts_mbps_1d', mbps1w: 'fts_mbps_1w' } as const;
const ACTIVITIES = { express: 'Express', ordinary: 'Production Output' } as const;

const queuedKey = (isExpress: boolean) => `${isExpress ? ACTIVITIES.express : ACTIVITIES.ordinary}_queued`;

/** Keys to read from the network matrix for brokerage. */
export const linkMetricKeys: readonly string[] = [CLOSENESS, ...Object.values(MBPS), queuedKey(true), queuedKey(false)];

/**
 * Metrics of a link: dynamic ones from the transfer service, closeness from the information system; what was not measured is null.
 * Urgent work looks at its own transfer queue. Spec: Brokerage › Network Weight.
 */
export function linkMetricsOf(rows: readonly LinkMetric[], isExpress: boolean): LinkMetrics {
  const values = new Map(rows.map(({ key, value }) => [key, value]));
  const of = (key: string) => values.get(key) ?? null;
  return {
    closeness: of(CLOSENESS),
    queuedFiles: of(queuedKey(isExpress)) ?? 0,
    mbps1h: of(MBPS.mbps1h),
    mbps1d: of(MBPS.mbps1d),
    mbps1w: of(MBPS.mbps1w),
  };
}

import type { Queue } from '../queue/queue.js';
import type { BrokerageWorld, LinkMetrics } from './request.js';

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

/** A metric of the link from a site to the nucleus that was asked about. */
export interface LinkFrom extends LinkMetric {
  readonly src: string;
}

/**
 * What brokerage sees of a task's nucleus: its own queues, the links of the others, and the files on their way there in all. A link leads
 * from the site of a queue. Spec: Brokerage › step 2, Network Weight.
 */
export function wayToNucleus(
  queues: readonly Queue[],
  nucleus: string,
  rows: readonly LinkFrom[],
  isExpress: boolean,
): Pick<BrokerageWorld, 'nucleusQueues' | 'links' | 'nucleusBacklog'> {
  const bySource = new Map<string, LinkFrom[]>();
  for (const row of rows) bySource.set(row.src, [...(bySource.get(row.src) ?? []), row]);
  const metrics = new Map([...bySource].map(([src, ofLink]) => [src, linkMetricsOf(ofLink, isExpress)]));
  const links = new Map<string, LinkMetrics>();
  for (const { name, site } of queues) {
    const link = site === null ? undefined : metrics.get(site);
    if (link) links.set(name, link);
  }
  return {
    nucleusQueues: new Set(queues.filter(({ site }) => site === nucleus).map(({ name }) => name)),
    links,
    nucleusBacklog: [...metrics.values()].reduce((sum, { queuedFiles }) => sum + queuedFiles, 0),
  };
}

/** What a metric measures; `name` is `panda_<what>_<unit>`, labels have few values (never ids). */
export interface MetricSpec<L extends string = never> {
  readonly name: string;
  readonly help: string;
  readonly labels?: readonly L[];
}

export interface HistogramSpec<L extends string = never> extends MetricSpec<L> {
  /** Upper bounds; seconds of ordinary requests when absent. */
  readonly buckets?: readonly number[];
}

export type Labels<L extends string> = Readonly<Record<L, string | number>>;

export interface Counter<L extends string = never> {
  add(labels: Labels<L>, amount?: number): void;
}

export interface Gauge<L extends string = never> {
  set(labels: Labels<L>, value: number): void;
}

export interface Histogram<L extends string = never> {
  observe(labels: Labels<L>, value: number): void;
}

/** Registry of metrics. Asking again for a declared name returns the same metric, so modules need not share objects. */
export abstract class Metrics {
  abstract counter<L extends string = never>(spec: MetricSpec<L>): Counter<L>;
  abstract gauge<L extends string = never>(spec: MetricSpec<L>): Gauge<L>;
  /** A gauge whose value is asked for at each scrape. */
  abstract observed(spec: MetricSpec, read: () => number | Promise<number>): void;
  abstract histogram<L extends string = never>(spec: HistogramSpec<L>): Histogram<L>;
}

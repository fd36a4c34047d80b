import {
  type Counter,
  type Gauge,
  type Histogram,
  type HistogramSpec,
  type Labels,
  type MetricSpec,
  Metrics,
} from '@panda/domain';
import {
  collectDefaultMetrics,
  Counter as PromCounter,
  Gauge as PromGauge,
  Histogram as PromHistogram,
  Registry,
} from 'prom-client';

/** Seconds: from a hand-out (1 ms) to a long cycle (5 min). */
const SECONDS = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300];

/** Prometheus metrics of one process. */
export class PromMetrics extends Metrics {
  readonly registry = new Registry();
  private readonly declared = new Map<string, unknown>();

  constructor(options: { service: string; defaults: boolean }) {
    super();
    this.registry.setDefaultLabels({ service: options.service });
    if (options.defaults) collectDefaultMetrics({ register: this.registry });
  }

  counter<L extends string = never>(spec: MetricSpec<L>): Counter<L> {
    return this.once(spec.name, (): Counter<L> => {
      const metric = new PromCounter<L>({ ...this.base(spec) });
      return { add: (labels: Labels<L>, amount = 1) => metric.inc(labels, amount) };
    });
  }

  gauge<L extends string = never>(spec: MetricSpec<L>): Gauge<L> {
    return this.once(spec.name, (): Gauge<L> => {
      const metric = new PromGauge<L>({ ...this.base(spec) });
      return { set: (labels: Labels<L>, value: number) => metric.set(labels, value) };
    });
  }

  observed(spec: MetricSpec, read: () => number | Promise<number>): void {
    this.once(spec.name, () => {
      const metric = new PromGauge({
        ...this.base(spec),
        async collect() {
          this.set(await read());
        },
      });
      return metric;
    });
  }

  histogram<L extends string = never>(spec: HistogramSpec<L>): Histogram<L> {
    return this.once(spec.name, (): Histogram<L> => {
      const metric = new PromHistogram<L>({ ...this.base(spec), buckets: [...(spec.buckets ?? SECONDS)] });
      return { observe: (labels: Labels<L>, value: number) => metric.observe(labels, value) };
    });
  }

  /** The exposition text of all metrics. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  private base<L extends string>(spec: MetricSpec<L>): { name: string; help: string; labelNames: L[]; registers: Registry[] } {
    return { name: spec.name, help: spec.help, labelNames: [...(spec.labels ?? [])], registers: [this.registry] };
  }

  private once<M>(name: string, make: () => M): M {
    const known = this.declared.get(name);
    if (known !== undefined) return known as M;
    const made = make();
    this.declared.set(name, made);
    return made;
  }
}

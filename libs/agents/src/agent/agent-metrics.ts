import type { Counter, Gauge, Histogram, Metrics } from '@panda/domain';
import type { CycleReport } from './cycle-report.js';

/** Metrics of the cycles of one agent. */
export class AgentMetrics {
  private readonly seconds: Histogram<'agent' | 'outcome'>;
  private readonly items: Counter<'agent' | 'outcome'>;
  private readonly lastSweep: Gauge<'agent'>;

  constructor(
    metrics: Metrics,
    private readonly agent: string,
  ) {
    this.seconds = metrics.histogram({
      name: 'panda_agent_cycle_seconds',
      help: 'Duration of the cycles of an agent.',
      labels: ['agent', 'outcome'],
    });
    this.items = metrics.counter({
      name: 'panda_agent_items_total',
      help: 'Rows claimed by an agent, and what became of them.',
      labels: ['agent', 'outcome'],
    });
    this.lastSweep = metrics.gauge({
      name: 'panda_agent_last_sweep_timestamp_seconds',
      help: 'When a full sweep of an agent last succeeded.',
      labels: ['agent'],
    });
  }

  cycle(report: CycleReport, ms: number): void {
    const { agent } = this;
    this.seconds.observe({ agent, outcome: 'done' }, ms / 1_000);
    const counts = { claimed: report.claimed, done: report.done, waiting: report.waiting ?? 0, failed: report.failed ?? 0 };
    for (const [outcome, count] of Object.entries(counts)) if (count > 0) this.items.add({ agent, outcome }, count);
  }

  failure(kind: string, ms: number): void {
    this.seconds.observe({ agent: this.agent, outcome: kind }, ms / 1_000);
  }

  sweep(at: Date): void {
    this.lastSweep.set({ agent: this.agent }, at.getTime() / 1_000);
  }
}

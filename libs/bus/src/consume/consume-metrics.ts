import type { Counter, Histogram, Metrics } from '@panda/domain';

export type Outcome = 'done' | 'retried' | 'dead' | 'released';

/** Metrics of consuming, by queue. */
export class ConsumeMetrics {
  private readonly messages: Counter<'queue' | 'outcome'>;
  private readonly seconds: Histogram<'queue'>;
  private readonly redelivered: Counter<'queue'>;
  private readonly dead: Counter<'queue' | 'reason'>;

  constructor(
    metrics: Metrics,
    private readonly queue: string,
  ) {
    this.messages = metrics.counter({
      name: 'panda_bus_messages_total',
      help: 'Messages taken from a queue, and what became of them.',
      labels: ['queue', 'outcome'],
    });
    this.seconds = metrics.histogram({
      name: 'panda_bus_handler_seconds',
      help: 'Duration of handling one batch of messages.',
      labels: ['queue'],
    });
    this.redelivered = metrics.counter({
      name: 'panda_bus_redelivered_total',
      help: 'Messages that were handed over before without being settled.',
      labels: ['queue'],
    });
    this.dead = metrics.counter({
      name: 'panda_bus_dead_letters_total',
      help: 'Messages put aside, by reason.',
      labels: ['queue', 'reason'],
    });
  }

  settled(outcome: Outcome, count: number): void {
    if (count > 0) this.messages.add({ queue: this.queue, outcome }, count);
  }

  handled(ms: number): void {
    this.seconds.observe({ queue: this.queue }, ms / 1_000);
  }

  arrivedAgain(): void {
    this.redelivered.add({ queue: this.queue });
  }

  buried(reason: string): void {
    this.settled('dead', 1);
    this.dead.add({ queue: this.queue, reason });
  }
}

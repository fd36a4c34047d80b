/** One waiting item and where its answer goes. */
interface Waiting<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

export interface MicroBatchOptions {
  /** Items of one batch. */
  readonly max: number;
  /** Batches in work at once; while all are busy, items gather. */
  readonly parallel: number;
}

/**
 * Gathers concurrent requests and answers them from one statement. There is no timer: an item that comes alone starts at once, and items
 * that come while a batch is in work form the next one, so batches grow with load and latency does not suffer without it.
 */
export class MicroBatch<T, R> {
  private readonly waiting: Waiting<T, R>[] = [];
  private running = 0;

  constructor(
    private readonly work: (items: readonly T[]) => Promise<readonly R[]>,
    private readonly options: MicroBatchOptions,
  ) {}

  /** The result for this item; rejects with the error of its batch. */
  add(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      // Items of the same turn of the event loop share a batch.
      if (this.running < this.options.parallel) setImmediate(() => this.start());
    });
  }

  get size(): number {
    return this.waiting.length;
  }

  private start(): void {
    if (this.running >= this.options.parallel || this.waiting.length === 0) return;
    const batch = this.waiting.splice(0, this.options.max);
    this.running++;
    void this.run(batch).finally(() => {
      this.running--;
      this.start();
    });
  }

  private async run(batch: readonly Waiting<T, R>[]): Promise<void> {
    try {
      const results = await this.work(batch.map(({ item }) => item));
      batch.forEach(({ resolve, reject }, i) => {
        if (i < results.length) resolve(results[i] as R);
        else reject(new Error('a batch gave fewer results than it had items'));
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}

/** Jobs that this process has sent to each queue and that statistics do not show yet. */
export class LiveCounter {
  private readonly counts = new Map<string, number>();

  add(queue: string, jobs: number): void {
    this.counts.set(queue, this.of(queue) + jobs);
  }

  of(queue: string): number {
    return this.counts.get(queue) ?? 0;
  }

  /** Statistics were taken again: they include what was counted here. */
  clear(): void {
    this.counts.clear();
  }
}

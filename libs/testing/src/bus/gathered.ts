/** Collects what happens, and lets a test wait until enough has happened. */
export class Gathered<T> {
  readonly items: T[] = [];
  private watchers: { readonly enough: (items: readonly T[]) => boolean; readonly seen: () => void }[] = [];

  add(...items: T[]): void {
    this.items.push(...items);
    this.watchers = this.watchers.filter(({ enough, seen }) => {
      if (!enough(this.items)) return true;
      seen();
      return false;
    });
  }

  /** The items once there are `count` of them. */
  count(count: number): Promise<readonly T[]> {
    return this.until((items) => items.length >= count);
  }

  async until(enough: (items: readonly T[]) => boolean): Promise<readonly T[]> {
    if (!enough(this.items)) await new Promise<void>((seen) => this.watchers.push({ enough, seen }));
    return this.items;
  }
}

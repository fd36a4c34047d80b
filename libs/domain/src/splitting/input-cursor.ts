import type { InputChunk, InputStream } from './input-chunk.js';

/** How far a chunk has been cut. Streams are numbered: 0 is the master. Only indices move; files are never copied. */
export class InputCursor {
  readonly streams: readonly InputStream[];
  private readonly used: number[];

  constructor(chunk: Pick<InputChunk, 'master' | 'secondaries'>) {
    this.streams = [chunk.master, ...chunk.secondaries];
    this.used = this.streams.map(() => 0);
  }

  at(stream: number): number {
    return this.used[stream] ?? 0;
  }

  moveTo(stream: number, index: number): void {
    this.used[stream] = index;
  }

  get isExhausted(): boolean {
    return this.at(0) >= (this.streams[0]?.files.length ?? 0);
  }

  /** Positions of all streams, to come back to. */
  mark(): readonly number[] {
    return [...this.used];
  }

  rewind(mark: readonly number[]): void {
    mark.forEach((index, stream) => {
      this.used[stream] = index;
    });
  }
}

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { isSameProcess, processStart } from '../process/process-table.js';
import type { Worker } from './worker.js';

type Entry = { readonly put: Worker } | { readonly remove: number } | { readonly lastId: number };

/** Dead lines allowed for each live one before the journal is written anew. */
const GARBAGE_FACTOR = 4;
const GARBAGE_MIN = 200;

/** Another instance works in this directory. */
export class JournalInUse extends Error {}

/**
 * Workers of this instance, in memory and in an append-only file: a restarted instance finds its running workers again. Each change is
 * on disk before the call returns; a line cut off by a crash is ignored, since nobody acted on it.
 */
export class WorkerJournal {
  private readonly workers = new Map<number, Worker>();
  private lastId = 0;
  private lines = 0;
  private file: number;

  private constructor(private readonly dir: string) {
    this.lock();
    if (existsSync(this.path)) this.replay(readFileSync(this.path, 'utf8'));
    this.file = this.rewrite();
  }

  /** Throws {@link JournalInUse}. */
  static open(dir: string): WorkerJournal {
    mkdirSync(dir, { recursive: true });
    return new WorkerJournal(dir);
  }

  all(): Worker[] {
    return [...this.workers.values()];
  }

  get(workerId: number): Worker | undefined {
    return this.workers.get(workerId);
  }

  /** Largest id ever given out here; 0 for a new journal. */
  get highestId(): number {
    return this.lastId;
  }

  /** Ids the server has seen from a lost journal are not used again. */
  skipTo(id: number): void {
    if (id > this.lastId) this.write([{ lastId: id }]);
  }

  nextId(): number {
    const lastId = this.lastId + 1;
    this.write([{ lastId }]);
    return lastId;
  }

  put(workers: readonly Worker[]): void {
    if (workers.length > 0) this.write(workers.map((worker) => ({ put: worker })));
  }

  remove(workerIds: readonly number[]): void {
    if (workerIds.length > 0) this.write(workerIds.map((remove) => ({ remove })));
  }

  close(): void {
    closeSync(this.file);
    rmSync(this.lockPath, { force: true });
  }

  private write(entries: readonly Entry[]): void {
    for (const entry of entries) this.apply(entry);
    writeSync(this.file, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
    fsyncSync(this.file);
    this.lines += entries.length;
    if (this.lines > GARBAGE_MIN + GARBAGE_FACTOR * this.workers.size) {
      closeSync(this.file);
      this.file = this.rewrite();
    }
  }

  private apply(entry: Entry): void {
    if ('put' in entry) this.workers.set(entry.put.workerId, entry.put);
    else if ('remove' in entry) this.workers.delete(entry.remove);
    else this.lastId = Math.max(this.lastId, entry.lastId);
  }

  private replay(text: string): void {
    for (const line of text.split('\n')) {
      try {
        if (line !== '') this.apply(JSON.parse(line) as Entry);
      } catch {
        // The last line of an instance that died while writing it.
      }
    }
  }

  /** The journal without its dead lines, in place of the old one; returns the open file. */
  private rewrite(): number {
    const entries: Entry[] = [{ lastId: this.lastId }, ...this.all().map((worker) => ({ put: worker }))];
    const partial = `${this.path}.part`;
    writeFileSync(partial, entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), { flush: true });
    renameSync(partial, this.path);
    this.lines = entries.length;
    return openSync(this.path, 'a');
  }

  private lock(): void {
    const holder = existsSync(this.lockPath) ? readFileSync(this.lockPath, 'utf8') : undefined;
    if (holder !== undefined && isSameProcess(holder)) throw new JournalInUse(`${this.dir} belongs to process ${holder}`);
    writeFileSync(this.lockPath, `${process.pid}:${processStart(process.pid) ?? 0}`);
  }

  private get path(): string {
    return join(this.dir, 'workers.journal');
  }

  private get lockPath(): string {
    return join(this.dir, 'lock');
  }
}

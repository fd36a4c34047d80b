import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock, Log } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';
import { isRecord } from './queue-data.js';

export interface Sources {
  /** May hold `{pandaqueue}`. */
  readonly queueDataUrl: string;
  readonly storageDataUrl: string;
}

/** Loads JSON from an address. */
export type LoadJson = (url: string) => Promise<unknown>;

const CACHE_MS = 3 * 3_600_000;
const TRIES = 3;

/**
 * Where a pilot learns about its queue and the storage. A file placed into the pilot's home beforehand (`queuedata.json`,
 * `agis_ddmendpoints.agis.ALL.json`) is used while it is younger than three hours; else the source is asked, three times.
 */
export class Information {
  constructor(
    private readonly sources: Sources,
    private readonly home: string,
    private readonly load: LoadJson,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly pauseMs: number,
  ) {}

  queueData(queue: string): Promise<unknown> {
    const url = this.sources.queueDataUrl.replaceAll('{pandaqueue}', encodeURIComponent(queue));
    return this.cached('queuedata.json', url, (value) => isRecord(value) && (queue in value || value.nickname === queue));
  }

  storageData(): Promise<unknown> {
    return this.cached('agis_ddmendpoints.agis.ALL.json', this.sources.storageDataUrl, isRecord);
  }

  /** `fits` refuses a cache that belongs to another queue: a home may be shared. */
  private async cached(file: string, url: string, fits: (value: unknown) => boolean): Promise<unknown> {
    const path = join(this.home, file);
    const known = this.freshCache(path);
    if (known !== undefined && fits(known)) return known;
    const value = await this.download(url);
    mkdirSync(this.home, { recursive: true });
    writeFileSync(`${path}.${process.pid}`, JSON.stringify(value));
    renameSync(`${path}.${process.pid}`, path);
    return value;
  }

  private freshCache(path: string): unknown {
    try {
      if (this.clock.now().getTime() - statSync(path).mtimeMs > CACHE_MS) return undefined;
      return JSON.parse(readFileSync(path, 'utf8'));
    } catch {
      // No cache, or a broken one: the source is asked.
      return undefined;
    }
  }

  private async download(url: string): Promise<unknown> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.load(url);
      } catch (cause) {
        this.log.warn('information was not delivered', { url, attempt, reason: (cause as Error).message });
        if (attempt === TRIES) throw new JobFailure('QUEUEDATA', `${url}: ${(cause as Error).message}`, { cause });
        await this.clock.sleep(this.pauseMs);
      }
    }
  }
}

import type { ContentRecord } from '../file/content-record.js';
import type { Random } from '../ports/random.js';

/** Where a file is as seen from a queue. */
export type Locality = 'localdisk' | 'localtape' | 'cache' | 'remote';

/** A queue that brokerage chose for a chunk, with what the draw and job building need to know of it. */
export interface SiteCandidate {
  readonly queue: string;
  /** 0 = never used so far: gets its first jobs before all others. */
  readonly weight: number;
  readonly nQueued: number;
  /** No more jobs are sent when as many are queued; null without a cap. */
  readonly queuedCap: number | null;
  readonly maxWorkDirMb?: number;
  /** Undefined = brokerage did not look. */
  readonly localityOf?: (file: ContentRecord) => Locality | undefined;
  readonly remote?: { readonly protocol: string; readonly source: string };
}

interface Live {
  readonly candidate: SiteCandidate;
  weight: number;
  nQueued: number;
}

/**
 * Draws queues in proportion to their weight; a queue's weight falls as jobs are given to it, full queues are left out.
 * panda-jedi:pandajedi/jedicore/InputChunk.py@42f4bb41 (getOneSiteCandidate; there bootstrapped sites are not counted, here they are).
 */
export class CandidatePool {
  private readonly live: Live[];
  private readonly bootstrapped = new Set<string>();

  constructor(
    candidates: readonly SiteCandidate[],
    private readonly random: Random,
  ) {
    this.live = candidates.map((candidate) => ({ candidate, weight: candidate.weight, nQueued: candidate.nQueued }));
  }

  /** A queue for the next `jobs` jobs, none of `excluded`; undefined when no queue can take more. */
  draw(jobs: number, excluded: ReadonlySet<string> = new Set()): SiteCandidate | undefined {
    const open = this.live.filter((l) => !excluded.has(l.candidate.queue));
    const fresh = open.filter((l) => l.weight === 0 && !this.bootstrapped.has(l.candidate.queue));
    const drawn = fresh.length > 0 ? this.any(fresh) : this.byWeight(open.filter((l) => l.weight > 0 && hasRoom(l)));
    if (drawn === undefined) return undefined;
    if (fresh.length > 0) this.bootstrapped.add(drawn.candidate.queue);
    const before = drawn.nQueued;
    drawn.nQueued += jobs;
    drawn.weight *= (before + 1) / (drawn.nQueued + 1);
    return drawn.candidate;
  }

  private any(list: readonly Live[]): Live | undefined {
    return list[Math.floor(this.random.next() * list.length)];
  }

  private byWeight(list: readonly Live[]): Live | undefined {
    let rest = this.random.next() * list.reduce((sum, l) => sum + l.weight, 0);
    for (const l of list) {
      rest -= l.weight;
      if (rest < 0) return l;
    }
    return list.at(-1);
  }
}

const hasRoom = ({ candidate, nQueued }: Live) => candidate.queuedCap === null || nQueued < candidate.queuedCap;

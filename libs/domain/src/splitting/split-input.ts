import type { Random } from '../ports/random.js';
import { jobChunkSize, type Queue } from '../queue/queue.js';
import { splitRuleValues } from '../split-rule/index.js';
import type { InputChunk } from './input-chunk.js';
import { InputCursor } from './input-cursor.js';
import type { LiveCounter } from './live-counter.js';
import { CandidatePool, type SiteCandidate } from './site-candidate.js';
import { type SplitLimits, splitLimits } from './split-limits.js';
import { cutSubChunk, type SubChunk } from './sub-chunk.js';

/** Jobs given to a queue before the next queue is drawn. */
const JOBS_PER_DRAW = 25;
const SCOUTS_PER_DRAW = 2;

/** A handful of jobs for one queue (or several, when each job runs in parallel copies). */
export interface SiteAssignment {
  readonly candidate: SiteCandidate;
  /** The candidate's queue first. */
  readonly queues: readonly string[];
  readonly subChunks: readonly SubChunk[];
}

export interface SplitWorld {
  readonly queueOf: (name: string) => Queue | undefined;
  readonly random: Random;
  readonly live?: LiveCounter;
}

/** What the generator must give back or tell when the splitting is over. */
export interface SplitReport {
  readonly jobs: number;
  /** Ids of picked records that no job took. */
  readonly unusedFileIds: readonly number[];
  /** No queue could take more although input was left. */
  readonly queuesFull: boolean;
}

/**
 * Input → jobs on queues, a few at a time, so that a caller can store them while the rest is still uncut. Returns what was left over.
 * Spec: JEDI › Job Generator › Job Splitter. panda-jedi:pandajedi/jediorder/JobSplitter.py@42f4bb41.
 */
export function* splitInput(
  chunk: InputChunk,
  candidates: readonly SiteCandidate[],
  world: SplitWorld,
): Generator<SiteAssignment, SplitReport> {
  const split = new Split(chunk, candidates, world);
  let held: SiteAssignment | undefined;
  let jobs = 0;
  for (const assignment of split.assignments()) {
    if (held !== undefined) yield held;
    held = assignment;
    jobs += assignment.subChunks.length;
  }
  let dropped: SubChunk | undefined;
  if (held !== undefined) {
    // The reading stopped in the middle of the input: the last job might be smaller than it needs to be.
    if (chunk.isBlockRead && jobs > 1) {
      dropped = held.subChunks.at(-1);
      held = { ...held, subChunks: held.subChunks.slice(0, -1) };
      jobs -= 1;
    }
    if (held.subChunks.length > 0) yield held;
  }
  return { jobs, unusedFileIds: split.unused(dropped), queuesFull: split.queuesFull };
}

class Split {
  queuesFull = false;
  private readonly cursor: InputCursor;
  private readonly pool: CandidatePool;
  private readonly limits = new Map<string, SplitLimits>();
  private readonly chunked: ReadonlySet<string>;
  /** Furthest use of each stream: a reusable stream is rewound, its files were used all the same. */
  private furthest: readonly number[];

  constructor(
    private readonly chunk: InputChunk,
    candidates: readonly SiteCandidate[],
    private readonly world: SplitWorld,
  ) {
    this.cursor = new InputCursor(chunk);
    this.pool = new CandidatePool(candidates, world.random);
    this.furthest = this.cursor.streams.map(() => 0);
    this.chunked = new Set(candidates.map((c) => c.queue).filter((name) => this.chunkSizeAt(name) !== undefined));
  }

  /** First with all queues; what a queue of fixed chunks could not fill goes to the others. */
  *assignments(): Generator<SiteAssignment> {
    const leftOver = yield* this.draws(new Set());
    if (leftOver) yield* this.draws(this.chunked);
  }

  /** True when a queue of fixed chunks refused the rest. */
  private *draws(excluded: ReadonlySet<string>): Generator<SiteAssignment, boolean> {
    while (!this.cursor.isExhausted) {
      const size = this.defaultSize();
      const candidate = this.pool.draw(size, excluded);
      if (candidate === undefined) {
        this.queuesFull = true;
        return false;
      }
      const mark = this.cursor.mark();
      const furthest = this.furthest;
      const fixed = this.chunkSizeAt(candidate.queue);
      const subChunks = this.cut(candidate, fixed ?? size);
      if (fixed !== undefined && subChunks.length < fixed) {
        this.cursor.rewind(mark);
        this.furthest = furthest;
        return true;
      }
      this.world.live?.add(candidate.queue, subChunks.length);
      yield { candidate, queues: this.parallelQueues(candidate), subChunks };
    }
    return false;
  }

  private defaultSize(): number {
    const few = (this.chunk.useScout && !this.chunk.isMerging) || this.chunk.task.splitRule.get('hpoWorkflow');
    return few ? SCOUTS_PER_DRAW : JOBS_PER_DRAW;
  }

  private cut(candidate: SiteCandidate, jobs: number): SubChunk[] {
    const limits = this.limitsAt(candidate);
    const subChunks: SubChunk[] = [];
    while (subChunks.length < jobs) {
      const subChunk = cutSubChunk(this.cursor, limits);
      if (subChunk === undefined) break;
      subChunks.push(subChunk);
      this.furthest = this.cursor.streams.map(({ dataset, files }, i) =>
        Math.max(this.furthest[i] ?? 0, dataset.attributes.repeat ? files.length : this.cursor.at(i)),
      );
    }
    return subChunks;
  }

  private limitsAt(candidate: SiteCandidate): SplitLimits {
    const known = this.limits.get(candidate.queue);
    if (known !== undefined) return known;
    const override = candidate.maxWorkDirMb === undefined ? {} : { maxWorkDirMb: candidate.maxWorkDirMb };
    const limits = splitLimits(this.chunk, this.world.queueOf(candidate.queue), override);
    this.limits.set(candidate.queue, limits);
    return limits;
  }

  private chunkSizeAt(name: string): number | undefined {
    const queue = this.world.queueOf(name);
    return queue === undefined ? undefined : jobChunkSize(queue);
  }

  /** Copies of a job (event service, cloning) run at different queues at once. */
  private parallelQueues(first: SiteCandidate): readonly string[] {
    const wanted = this.chunk.isMerging ? 1 : (this.chunk.task.splitRule.get('nSitesPerJob') ?? 1);
    const queues = [first.queue];
    while (queues.length < wanted) {
      const next = this.pool.draw(1, new Set(queues));
      if (next === undefined) break;
      queues.push(next.queue);
    }
    return queues;
  }

  unused(dropped: SubChunk | undefined): number[] {
    const back = new Map(dropped?.inputs.map((input) => [input.dataset.datasetId, input.files]));
    return this.cursor.streams.flatMap(({ dataset, files }, i) => {
      const rest = files.slice(this.furthest[i]).map((file) => file.fileId);
      const shared = dataset.attributes.reusable || dataset.attributes.repeat || dataset.attributes.noSplit;
      const returned = shared ? [] : (back.get(dataset.datasetId) ?? []).map((file) => file.fileId);
      return [...returned, ...rest];
    });
  }
}

/** Registered once per task: output datasets have to exist before the first job writes into them. */
export function mustRegisterDatasets(rule: InputChunk['task']['splitRule']): boolean {
  return rule.get('registerDatasets') === splitRuleValues.registerDatasets.toDo;
}

import { type ContentRecord, effectiveEvents, effectiveSizeMb, nameFields } from '../file/content-record.js';
import { MIB } from '../task/task-sizes.js';
import type { StreamDataset } from './input-chunk.js';
import type { InputCursor } from './input-cursor.js';
import { plannedSecondaries, type SecondaryPlan } from './secondary-plan.js';
import type { SplitLimits } from './split-limits.js';

/** What ended a job's input. */
export type ClosedBy =
  | 'nFilesPerJob'
  | 'nEventsPerJob'
  | 'maxFiles'
  | 'maxRanges'
  | 'size'
  | 'disk'
  | 'mergedOutput'
  | 'walltime'
  | 'boundary'
  | 'lumiBlock'
  | 'field'
  | 'eventGap'
  | 'inputEnd';

/** The input of one job. */
export interface SubChunk {
  readonly inputs: readonly SubChunkInput[];
  readonly closedBy: ClosedBy;
  /** Events of the master. */
  readonly events: number;
  /** Expected walltime in seconds; 0 when nothing is known. */
  readonly walltimeS: number;
  /** Input and output together, bytes. */
  readonly sizeBytes: number;
}

export interface SubChunkInput {
  readonly dataset: StreamDataset;
  readonly isMaster: boolean;
  readonly files: readonly ContentRecord[];
}

/** Running sums of a job's input. */
export interface Totals {
  files: number;
  ranges: number;
  /** Counted where records have event ranges, for limits by events. */
  countedEvents: number;
  events: number;
  sizeBytes: number;
  diskBytes: number;
  walltimeS: number;
  /** Output per stream; the largest one counts. */
  outBytes: number[];
}

/** The next piece that a job may take or leave: one file, or as many as go together. */
interface Unit {
  readonly to: number;
  readonly secondaries: readonly SecondaryPlan[];
  readonly totals: Totals;
  readonly boundaries: ReadonlySet<number | null>;
  /** Set when nothing behind this unit can belong to the same job. */
  readonly closedBy?: ClosedBy;
}

/**
 * Cuts the input of the next job off the cursor: takes unit after unit until one would pass a limit. The first unit is always taken:
 * brokerage keeps jobs from queues where it would not fit. Each file is looked at twice at most.
 * Spec: Job Sizing. panda-jedi:pandajedi/jedicore/InputChunk.py@42f4bb41.
 */
export function cutSubChunk(cursor: InputCursor, limits: SplitLimits): SubChunk | undefined {
  if (cursor.isExhausted) return undefined;
  return new Cut(cursor, limits).run();
}

class Cut {
  private totals: Totals;
  private readonly from: number;
  private readonly names = new Set<string>();
  private readonly taken: ContentRecord[][];
  private readonly takenCounts: number[];
  private readonly takenEvents: number[];
  private nextStart: number | null = null;
  private boundary: number | null | undefined;
  private lumiBlock: number | null | undefined;
  private fields: string | undefined;

  constructor(
    private readonly cursor: InputCursor,
    private readonly limits: SplitLimits,
  ) {
    this.from = cursor.at(0);
    this.totals = emptyTotals(cursor.streams.length);
    this.taken = cursor.streams.map(() => []);
    this.takenCounts = cursor.streams.map(() => 0);
    this.takenEvents = cursor.streams.map(() => 0);
  }

  run(): SubChunk {
    const { limits, cursor } = this;
    for (;;) {
      const unit = this.nextUnit();
      if (unit.to === cursor.at(0)) return this.close(unit.closedBy ?? 'inputEnd');
      if (this.totals.files > 0) {
        const limit = exceeded(unit.totals, limits);
        if (limit !== undefined) return this.close(limit);
      }
      this.take(unit);
      if (cursor.isExhausted) return this.close('inputEnd');
      if (unit.closedBy !== undefined) return this.close(unit.closedBy);
      if (limits.filesPerJob !== null && !limits.respectLumiBlock) return this.close('nFilesPerJob');
    }
  }

  private nextUnit(): Unit {
    const master = this.cursor.streams[0]?.files ?? [];
    const start = this.cursor.at(0);
    const width = this.limits.respectLumiBlock ? 1 : (this.limits.filesPerJob ?? 1);
    const totals = { ...this.totals, outBytes: [...this.totals.outBytes] };
    const boundaries = new Set<number | null>();
    let closedBy: ClosedBy | undefined;
    let to = start;
    for (; to < Math.min(start + width, master.length); to++) {
      const file = master[to] as ContentRecord;
      closedBy = this.breaks(file);
      if (closedBy !== undefined) break;
      this.addMaster(totals, file);
      this.remember(file);
      boundaries.add(file.boundaryId);
    }
    const secondaries = to === start ? [] : this.addSecondaries(totals, to - this.from, boundaries, master.slice(start, to));
    return { to, totals, secondaries, boundaries, ...(closedBy === undefined ? {} : { closedBy }) };
  }

  /** Why a file cannot follow the ones before it. */
  private breaks(file: ContentRecord): ClosedBy | undefined {
    const { limits } = this;
    const byEvents = limits.eventsPerJob !== null || limits.dynamicEvents;
    if (byEvents && file.startEvent !== null && this.nextStart !== null && this.nextStart !== file.startEvent) return 'eventGap';
    const grouped = limits.boundary === 'within' || limits.boundary === 'only';
    if (grouped && this.boundary !== undefined && this.boundary !== file.boundaryId) return 'boundary';
    if (limits.respectLumiBlock && this.lumiBlock !== undefined && this.lumiBlock !== file.lumiBlockNr) return 'lumiBlock';
    if (limits.fieldNumbers !== null && this.fields !== undefined && this.fields !== nameFields(file.lfn, limits.fieldNumbers)) {
      return 'field';
    }
    return undefined;
  }

  private remember(file: ContentRecord): void {
    if (this.limits.eventsPerJob !== null && file.startEvent !== null && file.endEvent !== null) {
      // The next file of the input continues at its first event.
      this.nextStart = file.endEvent + 1 === file.nEvents ? 0 : file.endEvent + 1;
    }
    this.boundary = file.boundaryId;
    this.lumiBlock = file.lumiBlockNr;
    if (this.limits.fieldNumbers !== null) this.fields ??= nameFields(file.lfn, this.limits.fieldNumbers);
  }

  private addMaster(totals: Totals, file: ContentRecord): void {
    const { limits } = this;
    const events = effectiveEvents(file);
    const sizeMb = effectiveSizeMb(file);
    if (totals.files === 0) {
      totals.sizeBytes += limits.workBytes;
      totals.diskBytes += limits.workBytes;
      totals.walltimeS += limits.baseWalltimeS;
    }
    const repeated = limits.dynamicEvents && this.names.has(file.lfn);
    this.names.add(file.lfn);
    totals.ranges += 1;
    if (!repeated) totals.files += 1;
    totals.events += events;
    if (file.startEvent !== null && file.endEvent !== null) totals.countedEvents += events;
    const out = Math.trunc(limits.outBytesPerUnit * (limits.outPerEvent ? events : sizeMb));
    this.addBytes(totals, 0, repeated ? 0 : file.fsize, out + Math.trunc(limits.outPerInputByte * sizeMb * MIB));
    totals.walltimeS += Math.trunc(limits.walltimePerUnit * (limits.walltimePerEvent ? events : sizeMb));
  }

  private addSecondaries(
    totals: Totals,
    masters: number,
    boundaries: ReadonlySet<number | null>,
    unit: readonly ContentRecord[],
  ) {
    const { limits, cursor } = this;
    const hasEvents = unit.some((file) => file.startEvent !== null && file.endEvent !== null);
    const plans = plannedSecondaries(cursor, {
      masters,
      isFirst: this.totals.files === 0,
      events: totals.countedEvents,
      boundaries: limits.boundary === 'none' ? null : boundaries,
      takesWholeBoundary: limits.boundary === 'within' || limits.boundary === 'only',
      taken: this.takenCounts,
      takenEvents: this.takenEvents,
    });
    let eventsComeFrom = limits.eventsPerJob !== null && !hasEvents ? plans.find((plan) => !plan.isWhole)?.stream : undefined;
    for (const plan of plans) {
      for (let i = plan.from; i < plan.to; i++) {
        const file = cursor.streams[plan.stream]?.files[i] as ContentRecord;
        this.addBytes(totals, plan.stream, file.fsize, Math.trunc(limits.outPerInputByte * file.fsize));
        if (plan.stream === eventsComeFrom) totals.countedEvents += file.nEvents ?? 0;
      }
      if (plan.stream === eventsComeFrom) eventsComeFrom = undefined;
    }
    return plans;
  }

  private addBytes(totals: Totals, stream: number, input: number, output: number): void {
    totals.sizeBytes += input + output;
    totals.diskBytes += (this.limits.directIo ? 0 : input) + output;
    totals.outBytes[stream] = (totals.outBytes[stream] ?? 0) + output;
  }

  private take(unit: Unit): void {
    const { cursor } = this;
    const master = cursor.streams[0]?.files ?? [];
    for (let i = cursor.at(0); i < unit.to; i++) this.taken[0]?.push(master[i] as ContentRecord);
    cursor.moveTo(0, unit.to);
    for (const plan of unit.secondaries) {
      const files = cursor.streams[plan.stream]?.files ?? [];
      for (let i = plan.from; i < plan.to; i++) {
        const file = files[i] as ContentRecord;
        this.taken[plan.stream]?.push(file);
        this.takenEvents[plan.stream] = (this.takenEvents[plan.stream] ?? 0) + (file.nEvents ?? 0);
      }
      this.takenCounts[plan.stream] = (this.takenCounts[plan.stream] ?? 0) + plan.to - plan.from;
      cursor.moveTo(plan.stream, plan.to);
    }
    this.totals = unit.totals;
  }

  private close(closedBy: ClosedBy): SubChunk {
    const { cursor, totals } = this;
    cursor.streams.forEach((stream, i) => {
      if (stream.dataset.attributes.repeat && stream.files.length > 0) cursor.moveTo(i, cursor.at(i) % stream.files.length);
    });
    const inputs = cursor.streams.map((stream, i) => ({
      dataset: stream.dataset,
      isMaster: i === 0,
      files: this.taken[i] ?? [],
    }));
    return {
      inputs: inputs.filter((input) => input.files.length > 0),
      closedBy,
      events: totals.events,
      walltimeS: totals.walltimeS,
      sizeBytes: totals.sizeBytes,
    };
  }
}

function emptyTotals(streams: number): Totals {
  const outBytes = Array<number>(streams).fill(0);
  return { files: 0, ranges: 0, countedEvents: 0, events: 0, sizeBytes: 0, diskBytes: 0, walltimeS: 0, outBytes };
}

/** The first limit that the totals pass, in the order operators read them. */
function exceeded(totals: Totals, limits: SplitLimits): ClosedBy | undefined {
  if (limits.maxFiles !== null && totals.files > limits.maxFiles) return 'maxFiles';
  if (limits.dynamicEvents && totals.ranges > limits.maxRanges) return 'maxRanges';
  if (limits.eventsPerJob !== null && totals.countedEvents > limits.eventsPerJob) return 'nEventsPerJob';
  const missingOutput = Math.max(0, limits.minOutputBytes - Math.max(...totals.outBytes));
  if (limits.maxSizeBytes !== null && totals.sizeBytes + missingOutput > limits.maxSizeBytes) return 'size';
  if (limits.maxWalltimeS > 0 && totals.walltimeS > limits.maxWalltimeS) return 'walltime';
  if (limits.maxOutputBytes !== null && Math.max(...totals.outBytes) > limits.maxOutputBytes) return 'mergedOutput';
  if (limits.maxDiskBytes !== null && totals.diskBytes + missingOutput > limits.maxDiskBytes) return 'disk';
  return undefined;
}

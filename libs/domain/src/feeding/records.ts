import type { FeedRules } from './feed-rules.js';
import type { ListedFile } from './listed-file.js';

/** A record of `jedi_dataset_contents` to be: a file, or a part of its events. */
export interface FeedRecord extends ListedFile {
  readonly nEvents: number | null;
  /** Inclusive, from 0; null = the whole file. */
  readonly startEvent: number | null;
  readonly endEvent: number | null;
  readonly firstEvent: number | null;
}

/** More records than this per dataset are refused. */
export const MAX_RECORDS = 200_000;

/** The input makes more records than a task may have; the message says which knob to turn. */
export class TooManyRecords extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TooManyRecords';
  }
}

/** What tells two records of a dataset apart. */
export function recordKey(record: Pick<FeedRecord, 'lfn' | 'startEvent' | 'endEvent'>): string {
  return `${record.lfn}\u0000${record.startEvent}\u0000${record.endEvent}`;
}

/** `used` holds the keys of records that other tasks have processed. Throws TooManyRecords. */
export function recordsOf(files: readonly ListedFile[], rules: FeedRules, used: ReadonlySet<string> = new Set()): FeedRecord[] {
  const cutter = new RecordCutter(rules);
  const records: FeedRecord[] = [];
  let events = 0;
  let count = 0;
  for (const file of files) {
    const nEvents = eventsOf(file, rules);
    if (nEvents === 0 && rules.skipShortInput) continue;
    if (rules.maxFiles !== null && ++count > rules.maxFiles) break;
    records.push(...cutter.cut({ ...file, nEvents }).filter((record) => !used.has(recordKey(record))));
    if (records.length > MAX_RECORDS) throw new TooManyRecords(tooMany(files, rules));
    events += nEvents ?? 0;
    if (rules.maxEvents !== null && events >= rules.maxEvents) break;
  }
  return withinEvents(records, rules.maxEvents);
}

/** Known events of a file: as the task says, else as the file says. Short files count in whole jobs when that is asked. */
function eventsOf(file: ListedFile, rules: FeedRules): number | null {
  const { eventsPerFile, eventsPerJob } = rules;
  if (rules.skipShortInput && file.events !== null && eventsPerFile !== null && eventsPerJob !== null) {
    return file.events >= eventsPerFile ? eventsPerFile : Math.floor(file.events / eventsPerJob) * eventsPerJob;
  }
  return eventsPerFile ?? file.events;
}

/** Parts of files are taken until the limit of events would be passed. */
function withinEvents(records: readonly FeedRecord[], maxEvents: number | null): FeedRecord[] {
  if (maxEvents === null) return [...records];
  let sum = 0;
  const over = records.findIndex((record) => {
    sum += record.startEvent === null || record.endEvent === null ? 0 : record.endEvent - record.startEvent + 1;
    return sum > maxEvents;
  });
  return over < 0 ? [...records] : records.slice(0, over);
}

function tooMany(files: readonly ListedFile[], rules: FeedRules): string {
  if (files.length > MAX_RECORDS && rules.maxFiles === null) {
    return `Input dataset contains too many files >${MAX_RECORDS}. Split the dataset or set nFiles properly`;
  }
  if (rules.eventsPerJob !== null) {
    return `SUM(nEventsInEachFile/nEventsPerJob) >${MAX_RECORDS}. Split the dataset, set nFiles properly, or increase nEventsPerJob`;
  }
  return `Too many file record >${MAX_RECORDS}`;
}

type CountedFile = ListedFile & { readonly nEvents: number | null };

/** Cuts files into parts; a part that a file cannot fill is filled from the next file. */
class RecordCutter {
  private remaining: number;
  private firstEvent: number | null;
  private lumiBlock: number | null | undefined;

  constructor(private readonly rules: FeedRules) {
    this.remaining = rules.eventsPerJob ?? 0;
    this.firstEvent = rules.firstEvent;
  }

  cut(file: CountedFile): FeedRecord[] {
    const { rules } = this;
    const byEvents = (rules.eventsPerJob ?? 0) > 0 || (rules.targetEventsPerJob ?? 0) > 0;
    const known = file.nEvents !== null && file.nEvents > 0 && ((rules.eventsPerFile ?? 0) > 0 || rules.useRealEvents);
    return byEvents && known ? this.parts(file, file.nEvents as number) : [this.whole(file)];
  }

  private whole(file: CountedFile): FeedRecord {
    const firstEvent = this.rules.eventsPerFile === null ? null : this.advance(file.nEvents ?? 0);
    return { ...file, startEvent: null, endEvent: null, firstEvent };
  }

  private parts(file: CountedFile, nEvents: number): FeedRecord[] {
    const { rules } = this;
    const size = rules.targetEventsPerJob ? evenSize(nEvents, rules.targetEventsPerJob) : (rules.eventsPerJob ?? 1);
    const newBlock = rules.respectLumiBlock && this.lumiBlock !== file.lumiBlockNr;
    if (rules.targetEventsPerJob || newBlock) this.remaining = size;
    this.lumiBlock = file.lumiBlockNr;
    if (Math.ceil(nEvents / size) > MAX_RECORDS) throw new TooManyRecords(tooMany([], rules));
    const parts: FeedRecord[] = [];
    for (let start = 0; start < nEvents; ) {
      const end = Math.min(start + this.remaining, nEvents) - 1;
      parts.push({ ...file, startEvent: start, endEvent: end, firstEvent: this.advance(end - start + 1) });
      this.remaining -= end - start + 1;
      if (this.remaining === 0) this.remaining = size;
      start = end + 1;
    }
    return parts;
  }

  private advance(events: number): number | null {
    if (this.firstEvent === null) return null;
    const first = this.firstEvent;
    this.firstEvent += events;
    return first;
  }
}

/** Size of equal parts of at most `target` events. */
function evenSize(nEvents: number, target: number): number {
  return Math.ceil(nEvents / Math.max(1, Math.ceil(nEvents / target)));
}

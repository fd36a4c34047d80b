import { type ArgsOf, type operations, parseTime, type Scalar, statusCodes } from '@panda/contracts';
import type { JobAttributes, PilotReport } from '@panda/database';
import { isFinalReport, isPilotState, PandaError, type PilotState } from '@panda/domain';
import { decimal, identifier, whole, words } from './scalars.js';

type Arguments = ArgsOf<typeof operations.updateJob>;

const BIGINT_MAX = Number.MAX_SAFE_INTEGER;
/** Classic pilots report bytes; the table holds kB, cut at this. Source: pilot-api 2.2. */
const KILO = 1_024;
const IO_MAX = 10 ** 10 - 1;
/** CPU times beyond this are nonsense: ten thousand core-years. */
const CPU_S_MAX = 3 * 10 ** 11;

export interface RecordedReport {
  readonly report: PilotReport;
  /** Texts that were longer than their column, by name, with their length. */
  readonly cut: Readonly<Record<string, number>>;
}

/** `ignored` has no effect and is no failure; `note` says why. `problem` is refused. Neither is stored. */
export type ReadReport = RecordedReport | { readonly ignored: true; readonly note?: string } | { readonly problem: string };

/** Characters of the columns that texts of pilots go to. Source: pilot-api 2.2. */
const WIDTHS = {
  node: 128,
  schedulerId: 128,
  pilotId: 200,
  batchId: 80,
  jobSubStatus: 80,
  jobMetrics: 500,
  pilotTiming: 100,
  cpuConsumptionUnit: 128,
  cpuArchitectureLevel: 20,
  pilotErrorDiag: 500,
  exeErrorDiag: 500,
  transExitCode: 128,
  sourceSite: 36,
  destinationSite: 36,
} as const satisfies Partial<Record<keyof Arguments, number>>;

type TextName = keyof typeof WIDTHS;

function text(args: Arguments, name: TextName): string | null {
  return words(args[name], WIDTHS[name]);
}

/** Texts that do not fit their column, with their length: they are cut as the original cuts them, and the log says so. */
function cutTexts(args: Arguments): Readonly<Record<string, number>> {
  const lengths = (Object.keys(WIDTHS) as TextName[]).map((name) => [name, String(args[name] ?? '').length] as const);
  return Object.fromEntries(lengths.filter(([name, length]) => length > WIDTHS[name]));
}

/** How a classic pilot says that it has no job. */
const NO_JOB = 'NULL';
const ATTEMPT_MAX = 32_767;
/** Long enough to tell `None` from a number. */
const WORD = 40;

/**
 * What a pilot reports, ready to be judged. Measured values that cannot be read are dropped, never the report; what names the job, its
 * attempt and its state must be right. The id `NULL` and unknown states are answered with success in the classic dialect, as pilots
 * know it; v1 refuses them (reliability I30).
 */
export function readReport(args: Arguments, dialect: 'legacy' | 'v1'): ReadReport {
  const names = dialect === 'v1' ? { job: 'job_id', attempt: 'attempt_nr' } : { job: 'jobId', attempt: 'attemptNr' };
  if (dialect === 'legacy' && args.jobId === NO_JOB) return { ignored: true };
  const pandaId = identifier(args.jobId);
  if (pandaId === null || pandaId === 0) return { problem: `${names.job} must be an integer` };
  const state = String(args.jobStatus ?? '');
  if (!isPilotState(state)) {
    const note = `PANDA-JOB-003: ${new PandaError('PANDA-JOB-003', { state }).message}`;
    return dialect === 'legacy' ? { ignored: true, note } : { problem: note };
  }
  const attemptNr = identifier(args.attemptNr);
  // Python's `None` and nothing are no attempt: the stored one is meant.
  const attemptGiven = words(args.attemptNr, WORD) !== null;
  if (attemptGiven && (attemptNr === null || attemptNr > ATTEMPT_MAX)) return { problem: `${names.attempt} must be an integer` };
  return {
    report: {
      pandaId,
      state,
      attemptNr: attemptGiven ? attemptNr : null,
      batchId: text(args, 'batchId'),
      attributes: attributesOf(args, dialect),
      ...texts(args, state),
    },
    cut: cutTexts(args),
  };
}

/** The answer to a report that is not recorded. */
export function unrecordedAnswer(read: Exclude<ReadReport, RecordedReport>): operations.UpdateAnswer {
  if ('problem' in read) return { statusCode: statusCodes.invalidToken, command: null, message: read.problem };
  return { statusCode: statusCodes.success, command: null, ...(read.note === undefined ? {} : { message: read.note }) };
}

function texts(args: Arguments, state: PilotState): Pick<PilotReport, 'outputReport' | 'metadata' | 'stdout'> {
  const content = (value: Scalar | null): string | undefined =>
    value === null || value === '' ? undefined : String(value).replaceAll('\0', '');
  const final = isFinalReport(state);
  const metadata = final ? content(args.metaData) : undefined;
  const stdout = content(args.stdout);
  return {
    // An empty report is one too: the adder then knows that no output arrived.
    ...(final ? { outputReport: content(args.jobOutputReport) ?? '' } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(stdout === undefined ? {} : { stdout }),
  };
}

function attributesOf(args: Arguments, dialect: 'legacy' | 'v1'): JobAttributes {
  const big = (value: Scalar | null) => whole(value, BIGINT_MAX);
  const io = (value: Scalar | null) => scaled(value, KILO);
  // v1 divides rates too, the classic dialect stores them as sent (pilot-api §4).
  const rate = (value: Scalar | null) => scaled(value, dialect === 'v1' ? KILO : 1);
  const { leak, chi2 } = leakOf(text(args, 'jobMetrics'));
  const cpu = big(args.cpuConsumptionTime);
  const pilotErrorCode = whole(args.pilotErrorCode);
  return given({
    starttime: time(args.startTime),
    endtime: time(args.endTime),
    modificationhost: text(args, 'node'),
    schedulerid: text(args, 'schedulerId'),
    pilotid: text(args, 'pilotId'),
    batchid: text(args, 'batchId'),
    jobsubstatus: text(args, 'jobSubStatus'),
    jobmetrics: text(args, 'jobMetrics'),
    pilottiming: text(args, 'pilotTiming'),
    cpuconsumptiontime: cpu !== null && cpu >= 0 && cpu <= CPU_S_MAX ? cpu : null,
    cpuconsumptionunit: text(args, 'cpuConsumptionUnit'),
    cpuconversion: decimal(args.cpuConversionFactor, 99_999),
    cpu_architecture_level: text(args, 'cpuArchitectureLevel'),
    nevents: big(args.nEvents),
    actualcorecount: whole(args.coreCount),
    meancorecount: decimal(args.meanCoreCount, 999_999),
    maxrss: big(args.maxRss),
    maxvmem: big(args.maxVmem),
    maxswap: big(args.maxSwap),
    maxpss: big(args.maxPss),
    avgrss: big(args.avgRss),
    avgvmem: big(args.avgVmem),
    avgswap: big(args.avgSwap),
    avgpss: big(args.avgPss),
    totrchar: io(args.totRchar),
    totwchar: io(args.totWchar),
    totrbytes: io(args.totRbytes),
    totwbytes: io(args.totWbytes),
    raterchar: rate(args.rateRchar),
    ratewchar: rate(args.rateWchar),
    raterbytes: rate(args.rateRbytes),
    ratewbytes: rate(args.rateWbytes),
    memory_leak: leak,
    memory_leak_x2: chi2,
    // Pilots negate the code of recoverable errors.
    piloterrorcode: pilotErrorCode === null ? null : Math.abs(pilotErrorCode),
    piloterrordiag: text(args, 'pilotErrorDiag'),
    exeerrorcode: whole(args.exeErrorCode),
    exeerrordiag: text(args, 'exeErrorDiag'),
    transexitcode: text(args, 'transExitCode'),
    sourcesite: text(args, 'sourceSite'),
    destinationsite: text(args, 'destinationSite'),
  });
}

function given(attributes: JobAttributes): JobAttributes {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== null));
}

function time(value: Scalar | null): Date | null {
  return value === null || typeof value === 'boolean' ? null : (parseTime(value) ?? null);
}

function scaled(value: Scalar | null, by: number): number | null {
  const number = decimal(value);
  return number === null ? null : Math.min(Math.trunc(number / by), IO_MAX);
}

/** `leak=<kB/s> chi2=<fit>` among the metrics. */
function leakOf(metrics: string | null): { leak: number | null; chi2: number | null } {
  const value = (name: string) => {
    const match = new RegExp(`(?:^|\\s)${name}=(\\S+)`).exec(metrics ?? '');
    return decimal(match?.[1] ?? null);
  };
  const leak = value('leak');
  return {
    leak: leak === null || !Number.isSafeInteger(Math.trunc(leak)) ? null : Math.trunc(leak),
    chi2: bounded(value('chi2'), 10 ** 10),
  };
}

function bounded(value: number | null, max: number): number | null {
  return value !== null && Math.abs(value) <= max ? value : null;
}

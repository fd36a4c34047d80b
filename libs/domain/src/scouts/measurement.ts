import type { CpuTask } from './scout-job.js';

/** The task's columns that a measurement looks at or replaces. */
export interface MeasuredTask extends CpuTask {
  readonly cpuTime: number | null;
  readonly cpuTimeUnit: string | null;
  readonly walltime: number | null;
  readonly outDiskUnit: string | null;
  readonly ramUnit: string | null;
  /** MB. */
  readonly baseRamCount: number | null;
  /** MB. */
  readonly workDiskCount: number | null;
  /** MB of the library that its jobs unpack; null without a build. */
  readonly libSizeMb: number | null;
}

/** Rows of CONFIG `jedi.dbproxy.*`; null = not set. */
export interface ScoutSettings {
  /** SCOUT_CPUTIME_RANK, %. */
  readonly cpuTimeRank: number;
  /** SCOUT_RAMCOUNT_RANK, %. */
  readonly ramCountRank: number;
  /** SCOUT_RAMCOUNT_MARGIN, %. */
  readonly ramCountMargin: number;
  /** SCOUT_RAMCOUNT_MIN, MB. */
  readonly ramCountMin: number | null;
  /** SCOUT_DISK_IO_CAP, kB/s. */
  readonly diskIoCap: number | null;
}

export const scoutDefaults: ScoutSettings = {
  cpuTimeRank: 95,
  ramCountRank: 75,
  ramCountMargin: 10,
  ramCountMin: null,
  diskIoCap: null,
};

/** New values of task columns; absent = the column stays as it is. */
export interface TaskMeasurement {
  readonly cpuTime?: number;
  readonly cpuTimeUnit?: string;
  readonly walltime?: number;
  readonly walltimeUnit: string;
  readonly outDiskCount?: number;
  readonly outDiskUnit?: string;
  readonly ioIntensity?: number;
  readonly ioIntensityUnit?: string;
  readonly diskIo?: number;
  readonly diskIoUnit?: string;
  readonly ramCount?: number;
  readonly ramUnit?: string;
  readonly workDiskCount?: number;
  readonly workDiskUnit?: string;
}

/** Column unit of a measured walltime; null in the table asks for a new measurement. */
export const measuredWalltimeUnit = 'kSI2kseconds';
/** Unit that a person writes to open the avalanche by command. */
export const avalancheWalltimeUnit = 'ava';

/** What one column's measurement gives. */
export interface Measured {
  readonly columns: Partial<TaskMeasurement>;
  readonly decidedBy: readonly number[];
}

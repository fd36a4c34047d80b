import { Inject, Injectable } from '@nestjs/common';
import { defineOperational, OperationalConfig, type OperationalKey } from '@panda/config';
import { OperatorTables } from '@panda/database';
import { exhaustedDefaults, parseQueue, scoutDefaults } from '@panda/domain';
import type { MeasurementSettings } from './measured-task.js';

const READER = 'jedi-watchdog › scouts';

/** Rows of CONFIG that scouts are measured and judged by. Spec: Dynamic Optimization of Task Parameters. */
export const scoutLimits = defineOperational(
  { app: 'jedi', component: 'dbproxy' },
  {
    SCOUT_CPUTIME_RANK: { type: 'int', default: scoutDefaults.cpuTimeRank, unit: '%', doc: 'Rank of cpuTime.', readBy: READER },
    SCOUT_RAMCOUNT_RANK: {
      type: 'int',
      default: scoutDefaults.ramCountRank,
      unit: '%',
      doc: 'Rank of ramCount.',
      readBy: READER,
    },
    SCOUT_RAMCOUNT_MARGIN: {
      type: 'int',
      default: scoutDefaults.ramCountMargin,
      unit: '%',
      doc: 'Added to the measured memory.',
      readBy: READER,
    },
    SCOUT_RAMCOUNT_MIN: { type: 'int', unit: 'MB', doc: 'Least memory; no row: none.', readBy: READER },
    SCOUT_DISK_IO_CAP: { type: 'int', unit: 'kB/s', doc: 'Most disk traffic; no row: no cap.', readBy: READER },
    RAM_THR_EXAUSTED: {
      type: 'float',
      default: exhaustedDefaults.ramGb,
      unit: 'GB',
      doc: 'Memory per core that a task must have asked for when its scouts need it.',
      readBy: READER,
    },
    'SCOUT_MEM_LEAK_PER_CORE_<label>': { type: 'float', unit: 'kB/s', doc: 'Tolerated leak; no row: any.', readBy: READER },
    'SCOUT_SHORT_EXECTIME_<label>': {
      type: 'float',
      default: 0,
      unit: 'min',
      doc: 'Scouts are short up to this.',
      readBy: READER,
    },
    'SCOUT_NUM_SHORT_<label>': { type: 'int', doc: 'Short scouts that are too many; no row: never.', readBy: READER },
    'SCOUT_THR_SHORT_<label>': {
      type: 'int',
      doc: 'Jobs of a task from which short ones matter; no row: never.',
      readBy: READER,
    },
    'SCOUT_CHANGE_SR_<label>': {
      type: 'bool',
      default: false,
      doc: 'Make longer jobs instead of asking the user.',
      readBy: READER,
    },
  },
);

/** The operators' numbers for one task. */
@Injectable()
export class MeasurementSettingsReader {
  constructor(
    @Inject(OperationalConfig) private readonly config: OperationalConfig,
    private readonly tables: OperatorTables,
  ) {}

  async read(task: { vo: string | null; label: string | null }): Promise<MeasurementSettings> {
    const [queues, resourceTypes] = await Promise.all([this.tables.queues(), this.tables.resourceTypes()]);
    const get = <T>(key: OperationalKey<T>): T | undefined =>
      this.config.get(key, { ...(task.vo ? { vo: task.vo } : {}), fill: { label: task.label ?? 'any' } });
    return {
      resourceTypes,
      corePower: new Map(queues.map(({ name, data }) => [name, parseQueue(name, data).corePower])),
      scouts: {
        cpuTimeRank: get(scoutLimits.SCOUT_CPUTIME_RANK) ?? scoutDefaults.cpuTimeRank,
        ramCountRank: get(scoutLimits.SCOUT_RAMCOUNT_RANK) ?? scoutDefaults.ramCountRank,
        ramCountMargin: get(scoutLimits.SCOUT_RAMCOUNT_MARGIN) ?? scoutDefaults.ramCountMargin,
        ramCountMin: get(scoutLimits.SCOUT_RAMCOUNT_MIN) ?? null,
        diskIoCap: get(scoutLimits.SCOUT_DISK_IO_CAP) ?? null,
      },
      exhausted: {
        ramGb: get(scoutLimits.RAM_THR_EXAUSTED) ?? exhaustedDefaults.ramGb,
        memoryLeakPerCore: get(scoutLimits['SCOUT_MEM_LEAK_PER_CORE_<label>']) ?? null,
        shortMinutes: get(scoutLimits['SCOUT_SHORT_EXECTIME_<label>']) ?? exhaustedDefaults.shortMinutes,
        shortJobs: get(scoutLimits['SCOUT_NUM_SHORT_<label>']) ?? null,
        shortTaskJobs: get(scoutLimits['SCOUT_THR_SHORT_<label>']) ?? null,
        mendsSplitRule: get(scoutLimits['SCOUT_CHANGE_SR_<label>']) ?? false,
      },
    };
  }
}

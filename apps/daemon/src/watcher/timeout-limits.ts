import { defineOperational, type OperationalConfig } from '@panda/config';
import { type ConfiguredHours, rebrokerageDefaults, timeoutRules } from '@panda/domain';

const READER = 'daemon › watcher';
const FAST = 'daemon › fastRebrokerage';

type Hours = {
  readonly type: 'float';
  readonly default: number;
  readonly unit: 'h';
  readonly doc: string;
  readonly readBy: string;
};

/** The keys of one component, from the rules that read them. */
function keysOf(component: string): Record<string, Hours> {
  return Object.fromEntries(
    timeoutRules.flatMap(({ key, name, limitH }) => {
      if (key?.component !== component || typeof key.name !== 'string' || typeof limitH !== 'number') return [];
      return [
        [key.name, { type: 'float', default: limitH, unit: 'h', doc: `Limit of the time-out ${name}.`, readBy: READER } as const],
      ];
    }),
  );
}

/** Rows of CONFIG that replace the limits of the time-out rules, in hours. Spec: Brokerage › Timeout Rules. */
export const timeoutLimits = defineOperational({ app: 'pandaserver', component: 'job_timeout' }, keysOf('job_timeout'));

export const rebrokerLimits = defineOperational(
  { app: 'pandaserver', component: 'rebroker' },
  {
    ANALY_TIMEOUT: {
      type: 'float',
      unit: 'h',
      doc: 'Age at which waiting jobs of an idle account are made anew elsewhere; no row: never.',
      readBy: READER,
    },
    FAST_REBRO_THRESHOLD_NQNR_RATIO: {
      type: 'float',
      default: rebrokerageDefaults.queuedPerRunning,
      doc: 'Jobs of a share that may be queued at a queue for each one that runs there.',
      readBy: FAST,
    },
    FAST_REBRO_THRESHOLD_NQUEUE_FRAC: {
      type: 'float',
      default: rebrokerageDefaults.partOfAll,
      doc: 'Part of the queued jobs of a share that may be queued at one queue.',
      readBy: FAST,
    },
    'FAST_REBRO_THRESHOLD_NQUEUE_<gshare>': {
      type: 'int',
      unit: 'jobs',
      doc: 'Jobs of the share that may be queued at a queue in any case; no row: jobs of the share stay where they are.',
      readBy: FAST,
    },
  },
);

export const watcherLimits = defineOperational(
  { app: 'pandaserver', component: 'watcher' },
  {
    'HEARTBEAT_TIMEOUT_<workflow>': {
      type: 'float',
      default: 2,
      unit: 'h',
      doc: 'Silence after which a job counts as lost; workflow is analysis for jobs of users, else that of the queue or production.',
      readBy: READER,
    },
    SWEEP_MAX_FAILED: {
      type: 'int',
      doc: 'Jobs that one sweep may fail; no row: 2 % of the running jobs, at least 1000.',
      readBy: READER,
    },
  },
);

/** The hours of the rows that exist; a whole number is as good as a fraction. */
export function configuredHours(config: OperationalConfig): ConfiguredHours {
  return (component, name) => {
    const hours = config.find('pandaserver', component, name);
    return typeof hours === 'number' ? hours : undefined;
  };
}

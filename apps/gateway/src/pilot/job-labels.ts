/** Labels that a pilot for production work takes. Source: panda-server:pandaserver/taskbuffer/OraDBProxy.py@34d4b8f (getJobs). */
const PRODUCTION = ['managed', 'test', 'prod_test', 'install', 'pmerge', 'urgent'] as const;
const ANALYSIS = ['user', 'panda'] as const;
const TESTS = ['rc_test', 'rc_test2', 'rc_alrb', 'rcm_test2', 'ptest'] as const;

/**
 * prodSourceLabels of jobs that fit a request; undefined: any. Pilots of unified queues take production and analysis alike.
 */
export function fittingLabels(asked: string | null, queueType: string): readonly string[] | undefined {
  if (asked === 'user' || asked === 'panda' || asked === 'self') return ANALYSIS;
  if (asked === 'unified' || queueType === 'unified') return [...PRODUCTION, ...ANALYSIS, ...testsOf(asked)];
  if (asked === null || asked === '' || asked === 'managed') return PRODUCTION;
  return [asked];
}

function testsOf(asked: string | null): readonly string[] {
  return (TESTS as readonly string[]).includes(asked ?? '') ? [asked as string] : [];
}

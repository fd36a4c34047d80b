import { SplitRule, type SplitRuleKey, splitRuleValues } from '../split-rule/index.js';
import { integerOf, isGiven, isTrue, isTruthy, listOf, numberOf, type TaskParameters, Unrefinable } from './parameters.js';

/** Keys whose number goes into the rule as it is. */
const numbers: readonly SplitRuleKey[] = [
  'nFilesPerJob',
  'nEventsPerJob',
  'nGBPerJob',
  'nMaxFilesPerJob',
  'nEventsPerWorker',
  'nEsConsumers',
  'scoutSuccessRate',
  't1Weight',
  'maxAttemptES',
  'maxAttemptEsJob',
  'nSitesPerJob',
  'nEventsPerMergeJob',
  'nFilesPerMergeJob',
  'nGBPerMergeJob',
  'nMaxFilesPerMergeJob',
  'maxWalltime',
  'tgtMaxOutputForNG',
  'maxNumJobs',
  'totNumJobs',
  'nChunksToWait',
  'nJumboJobs',
  'minCpuEfficiency',
];

/** Keys that count when they are there, whatever they say. */
const whenPresent: readonly SplitRuleKey[] = [
  'disableAutoRetry',
  'waitInput',
  'pfnList',
  'respectLB',
  'releasePerLB',
  'orderByLB',
  'respectSplitRule',
  'reuseSecOnDemand',
  'disableReassign',
  'allowPartialFinish',
  'useExhausted',
  'useRealNumEvents',
  'runUntilClosed',
  'stayOutputOnSite',
  'switchEStoNormal',
  'multiStepExec',
  'onlyTagsForFC',
  'avoidVP',
];

/** Keys that count only when they are `true`. */
const whenTrue: readonly SplitRuleKey[] = [
  'noWaitParent',
  'allowInputWAN',
  'putLogToOS',
  'mergeEsOnOS',
  'writeInputToFile',
  'useFileAsSourceLFN',
  'ignoreMissingInDS',
  'allowEmptyInput',
  'noExecStrCnv',
  'inFilePosEvtNum',
  'disableAutoFinish',
  'resurrectConsumers',
  'usePrefetcher',
  'notDiscardEvents',
  'decAttOnFailedES',
  'useZipToPin',
  'osMatching',
  'inputPreStaging',
  'mergeOutput',
];

/** Keys that count unless they are false, 0 or empty. */
const whenTruthy: readonly SplitRuleKey[] = ['noLoopingCheck', 'encJobParams', 'useSecrets'];

/**
 * The split rule the map asks for, on top of the one the task already has. Throws Unrefinable for values the rule cannot hold.
 * panda-jedi:pandajedi/jedirefine/TaskRefinerBase.py@42f4bb41. Spec: JEDI › Task Refiner.
 */
export function splitRuleOf(map: TaskParameters, existing: SplitRule): SplitRule {
  let rule = existing;
  const set = (key: SplitRuleKey, value: Parameters<SplitRule['with']>[1] | null | undefined) => {
    if (value !== null && value !== undefined) rule = written(rule, key, value);
  };
  if (!isGiven(map, 'nFilesPerJob')) set('nEventsPerJob', integerOf(map, 'tgtNumEventsPerJob'));
  for (const key of numbers) set(key, integerOf(map, key));
  for (const key of whenPresent) if (isGiven(map, key)) set(key, true);
  for (const key of whenTrue) if (isTrue(map, key)) set(key, true);
  for (const key of whenTruthy) if (isTruthy(map, key)) set(key, true);
  if (isGiven(map, 'skipScout') === false && rule.get('useScout') !== splitRuleValues.useScout.post) {
    set('useScout', splitRuleValues.useScout.use);
  }
  for (const [key, value] of combined(map)) set(key, value);
  return rule;
}

/** Rules that depend on more than one key or on named values. */
function combined(map: TaskParameters): [SplitRuleKey, Parameters<SplitRule['with']>[1] | undefined][] {
  const localIo = isGiven(map, 'forceStaged') ? map.forceStaged : map.useLocalIO;
  const [network, stack] = String(map.ipConnectivity ?? '').split('#');
  const esWithoutCloning = isGiven(map, 'nEventsPerWorker') && !isGiven(map, 'useJobCloning');
  const fields = listOf(map, 'addNthFieldToLFN').map(Number);
  return [
    ['addNthFieldToLFN', fields.length > 0 ? fields : undefined],
    ['useLocalIO', localIo === undefined || localIo === null ? undefined : Boolean(localIo)],
    ['maxJumboPerSite', isGiven(map, 'nJumboJobs') ? (integerOf(map, 'maxJumboPerSite') ?? undefined) : undefined],
    ['loadXML', isGiven(map, 'loadXML') ? 3 : undefined],
    ['groupBoundaryID', isGiven(map, 'loadXML') ? 4 : undefined],
    ['ddmBackEnd', typeof map.ddmBackEnd === 'string' ? map.ddmBackEnd : undefined],
    ['ipConnectivity', named('ipConnectivity', network)],
    ['ipStack', named('ipStack', stack)],
    ['altStageOut', named('altStageOut', map.altStageOut)],
    ['allowInputLAN', named('allowInputLAN', map.allowInputLAN)],
    ['useJobCloning', named('useJobCloning', map.useJobCloning)],
    ['failGoalUnreached', isTrue(map, 'failWhenGoalUnreached') || undefined],
    ['dynamicNumEvents', numberOf(map, 'minGranularity') ?? numberOf(map, 'nEventsPerRange') ?? undefined],
    ['registerEsFiles', (esWithoutCloning && isTrue(map, 'registerEsFiles')) || undefined],
    ['segmentedWork', (isGiven(map, 'segmentedWork') && isGiven(map, 'segmentSpecs')) || undefined],
    ['hpoWorkflow', (isTrue(map, 'hpoWorkflow') && isGiven(map, 'hpoRequestData')) || undefined],
    ['useBuild', isGiven(map, 'buildSpec') || undefined],
    ['limitedSites', limitedSites(map)],
  ];
}

function limitedSites(map: TaskParameters): number | undefined {
  const included = listOf(map, 'includedSite').length > 0;
  const excluded = listOf(map, 'excludedSite').length > 0;
  const values = splitRuleValues.limitedSites;
  if (included && excluded) return values.incexc;
  return included ? values.inc : excluded ? values.exc : undefined;
}

/** The number behind a named value; unknown names are dropped, as clients send `none` and `auto` too. */
function named(key: keyof typeof splitRuleValues, word: unknown): number | undefined {
  const values: Readonly<Record<string, number>> = splitRuleValues[key];
  return typeof word === 'string' && Object.hasOwn(values, word) ? values[word] : undefined;
}

function written(rule: SplitRule, key: SplitRuleKey, value: Parameters<SplitRule['with']>[1]): SplitRule {
  try {
    return rule.with(key, value);
  } catch (error) {
    if (error instanceof RangeError) throw new Unrefinable(error.message);
    throw error;
  }
}

/**
 * Tokens of `jobs.specialhandling`: a comma list that tells server and pilot how a job differs from others.
 * panda-server:pandaserver/taskbuffer/JobSpec.py@34d4b8f3.
 */
export const specialHandlingFlags = {
  partialFinish: 'at',
  notDiscardEvents: 'de',
  decrementOnFailedEs: 'df',
  dynamicEvents: 'dy',
  encodedParameters: 'ej',
  fake: 'fake',
  hpo: 'ho',
  inFilePosEvtNum: 'if',
  inputPrestaging: 'ip',
  noLoopingCheck: 'lc',
  mergeAtObjectStore: 'mo',
  noExecStrCnv: 'nc',
  logToObjectStore: 'po',
  registerEsFiles: 're',
  resurrectConsumers: 'rs',
  scout: 'sj',
  prefetcher: 'up',
  secrets: 'us',
  zipToPin: 'uz',
  writeInputToFile: 'wf',
  debug: 'debug',
  express: 'express',
} as const;

/** Tokens with a value, `key:value`. */
export const specialHandlingValues = {
  altStageOut: 'ao',
  ddmBackEnd: 'ddm',
  homeCloud: 'hc',
  lumiBlock: 'lb',
  requestType: 'rt',
  jobCloning: 'sc',
} as const;

export type SpecialHandlingFlag = keyof typeof specialHandlingFlags;
export type SpecialHandlingValue = keyof typeof specialHandlingValues;

/** Width of the column; event service headers are longer, but they are replaced when the job is stored. */
export const SPECIAL_HANDLING_WIDTH = 80;

export interface SpecialHandling {
  readonly flags: ReadonlySet<SpecialHandlingFlag>;
  readonly values: ReadonlyMap<SpecialHandlingValue, string>;
  /** Words nobody here knows, kept. */
  readonly others: readonly string[];
}

const flagOf = new Map(Object.entries(specialHandlingFlags).map(([flag, token]) => [token, flag as SpecialHandlingFlag]));
const valueKeyOf = new Map(Object.entries(specialHandlingValues).map(([key, token]) => [token, key as SpecialHandlingValue]));

export function parseSpecialHandling(text: string | null | undefined): SpecialHandling {
  const flags = new Set<SpecialHandlingFlag>();
  const values = new Map<SpecialHandlingValue, string>();
  const others: string[] = [];
  for (const token of (text ?? '').split(',').filter((t) => t !== '')) {
    const flag = flagOf.get(token as never);
    const at = token.indexOf(':');
    const key = at > 0 ? valueKeyOf.get(token.slice(0, at) as never) : undefined;
    if (flag !== undefined) flags.add(flag);
    else if (key !== undefined) values.set(key, token.slice(at + 1));
    else others.push(token);
  }
  return { flags, values, others };
}

/** The column's text; null when there is nothing to say. */
export function formatSpecialHandling(handling: SpecialHandling): string | null {
  const values = [...handling.values].map(([key, value]) => `${specialHandlingValues[key]}:${value}`);
  const flags = [...handling.flags].map((flag) => specialHandlingFlags[flag]);
  return [...values, ...handling.others, ...flags].join(',') || null;
}

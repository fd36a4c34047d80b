import { buildOptions } from './build-options.js';
import { inputOptions } from './input-options.js';
import { outputOptions } from './output-options.js';
import type { OptionRow, ValuesOf } from './row.js';
import { submitOptions } from './submit-options.js';
import { toolOptions } from './tool-options.js';

/** Every option of the real prun. */
export const prunOptions = [...inputOptions, ...outputOptions, ...buildOptions, ...submitOptions, ...toolOptions] as const;

/** Values of all options; what was not given has its default. */
export type PrunOptions = ValuesOf<typeof prunOptions>;

export const optionRows: readonly OptionRow[] = prunOptions;

/**
 * Options of very old releases: accepted with a warning and dropped, so that scripts of the time still work. The number is how many values
 * follow. panda-client:pandaclient/PrunScript.py@749e856
 */
export const removedOptions: Readonly<Record<string, 0 | 1>> = {
  '--buildInLastChunk': 0,
  '--cloud': 1,
  '--configJEM': 1,
  '--crossSite': 1,
  '--dbRunNumber': 1,
  '--disableRebrokerage': 0,
  '--enableJEM': 0,
  '--eventPickNumSites': 1,
  '--eventPickSkipDaTRI': 0,
  '--eventPickStagedDS': 1,
  '--forceStagedSecondary': 0,
  '--individualOutDS': 0,
  '--libDS': 1,
  '--long': 0,
  '--manaVer': 1,
  '--myproxy': 1,
  '--outputPath': 1,
  '--provenanceID': 1,
  '--removedDS': 1,
  '--requireLFC': 0,
  '--safetySize': 1,
  '--seriesLabel': 1,
  '--skipScan': 0,
  '--transferredDS': 1,
  '--useChirpServer': 0,
  '--useContElementBoundary': 0,
  '--useGOForOutput': 0,
  '--useMana': 0,
  '--useOldStyleOutput': 0,
  '--useRucio': 0,
  '--useShortLivedReplicas': 0,
  '--useSiteGroup': 1,
};

import type { PrunOptions } from '../options/table.js';
import type { Release } from './release.js';
import type { SecondaryStream } from './secondary-streams.js';

/** One task of a submission: its input and its output. */
export interface InputOutput {
  readonly inDS: string;
  /** Ends with a slash: outputs are containers. */
  readonly outDS: string;
}

type Renormalised =
  | 'excludedSite'
  | 'allowNoOutput'
  | 'secondaryDSs'
  | 'reusableSecondary'
  | 'nGBPerJob'
  | 'nGBPerMergeJob'
  | 'extFile';

/** A command line after all defaults, implications and files it names: what the parameter map is built from. */
export interface Submission extends Readonly<Omit<PrunOptions, Renormalised>> {
  readonly excludedSite: readonly string[];
  readonly includedSite: readonly string[];
  readonly allowNoOutput: readonly string[];
  readonly secondaryStreams: readonly SecondaryStream[];
  readonly reusableStreams: readonly string[];
  /** GB; undefined leaves it to the server (unset and MAX are the same there). */
  readonly nGBPerJob: number | undefined;
  readonly nGBPerMergeJob: number | undefined;
  /** Regular expressions of files that are sent although they are large or *.root. */
  readonly extFile: readonly string[];
  /** Input files to use, from `--inputFileList`. */
  readonly inputFiles: readonly string[];
  /** Physical files, from `--pfnList`, sorted. */
  readonly physicalFiles: readonly string[];
  readonly tasks: readonly InputOutput[];
  readonly release: Release;
  readonly warnings: readonly string[];
}

/** The job starts from a sandbox in the cache instead of the product of a build job. */
export function hasNoBuild({ noBuild, noCompile }: Pick<PrunOptions, 'noBuild' | 'noCompile'>): boolean {
  return noBuild && !noCompile;
}

export function sendsSandbox({ containerImage, useSandbox }: Pick<PrunOptions, 'containerImage' | 'useSandbox'>): boolean {
  return containerImage === '' || useSandbox;
}

/** The container is started by the pilot; `--oldContMode` leaves it to the transformation. */
export function runsInPilotContainer({ containerImage, alrb }: Pick<PrunOptions, 'containerImage' | 'alrb'>): boolean {
  return containerImage !== '' && alrb;
}

export function hasInput({ inDS, pfnList, goodRunListXML }: Pick<PrunOptions, 'inDS' | 'pfnList' | 'goodRunListXML'>): boolean {
  return inDS !== '' || pfnList !== '' || goodRunListXML !== '';
}

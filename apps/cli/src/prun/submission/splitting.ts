import { accepted, type Outcome, refused } from '../outcome.js';

/** The numbers that cut a task into jobs; 0 and negative mean not given. */
export interface Cut {
  readonly nJobs: number;
  readonly nFiles: number;
  readonly nFilesPerJob: number;
  readonly nEvents: number;
  readonly nEventsPerJob: number;
  readonly nEventsPerFile: number;
}

/** `--nGBPerJob`: undefined for unset and MAX, which is what the server does anyway. */
export function parseGigabytes(option: string, text: string): Outcome<number | undefined> {
  if (text === 'MAX' || text === '-1') return accepted(undefined);
  if (!/^[+-]?\d+$/.test(text)) return refused(`${option} is a whole number or MAX`);
  return Number(text) > 0 ? accepted(Number(text)) : refused(`${option} must be positive`);
}

/** Ways of cutting that contradict each other. */
export function contradiction(cut: Cut, nGBPerJob: number | undefined): string | undefined {
  if (nGBPerJob === undefined) return undefined;
  if (cut.nFilesPerJob > 0) return '--nFilesPerJob and --nGBPerJob exclude each other';
  if (cut.nEventsPerJob > 0) return '--nEventsPerJob and --nGBPerJob exclude each other';
  return undefined;
}

/** What `--nJobs` means for files. panda-client:pandaclient/CommonArgs.py@749e856 */
export function withFilesOfJobs<T extends Cut>(cut: T): T {
  if (cut.nJobs <= 0) return cut;
  let { nFiles, nFilesPerJob } = cut;
  if (cut.nEventsPerJob > 0 && cut.nEventsPerFile > 0) {
    nFiles = Math.max(1, Math.floor((cut.nEventsPerJob * cut.nJobs) / cut.nEventsPerFile));
  }
  if (nFilesPerJob > 0 && nFiles === 0) nFiles = nFilesPerJob * cut.nJobs;
  if (nFilesPerJob < 0 && nFiles > 0) nFilesPerJob = Math.max(1, Math.floor(nFiles / cut.nJobs));
  return { ...cut, nFiles, nFilesPerJob };
}

/** The task parameters of a cut. Without input the number of jobs is nEvents / nEventsPerJob. Client API C.1 */
export function cutParameters(cut: Cut, withInput: boolean): Record<string, number | boolean> {
  return withInput ? ofInput(cut) : ofCounts(cut);
}

function ofInput(cut: Cut): Record<string, number | boolean> {
  const { nFiles, nFilesPerJob, nEventsPerJob, nEventsPerFile, nEvents, nJobs } = cut;
  const total = nEvents > 0 ? nEvents : nJobs > 0 && nEventsPerJob > 0 ? nJobs * nEventsPerJob : 0;
  return {
    ...(nFiles > 0 ? { nFiles } : {}),
    ...(nFilesPerJob > 0 ? { nFilesPerJob } : {}),
    ...(nEventsPerJob > 0 ? { nEventsPerJob } : {}),
    ...(nEventsPerJob > 0 && nEventsPerFile <= 0 ? { useRealNumEvents: true } : {}),
    ...(nEventsPerFile > 0 ? { nEventsPerFile } : {}),
    ...(total > 0 ? { nEvents: total } : {}),
  };
}

function ofCounts({ nEvents, nEventsPerJob, nJobs }: Cut): Record<string, number> {
  if (nEvents > 0) {
    if (nJobs > 0) return { nEvents, nEventsPerJob: Math.max(1, Math.floor(nEvents / nJobs)) };
    return nEventsPerJob > 0 ? { nEvents, nEventsPerJob } : { nEvents };
  }
  if (nEventsPerJob > 0) return { nEvents: nEventsPerJob * Math.max(1, nJobs), nEventsPerJob };
  return { nEvents: nJobs > 0 ? nJobs : 1, nEventsPerJob: 1 };
}

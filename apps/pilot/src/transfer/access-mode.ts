import { type InputFile, isAnalysis, type JobDefinition } from '../job/job-definition.js';
import { firstFor, type QueueData } from '../queue/queue-data.js';

/** Schemes that a payload can open itself, at its own site. pilot3:pilot/api/data.py direct_localinput_allowed_schemas@a090538. */
const DIRECT_SCHEMES: readonly string[] = ['root', 'dcache', 'dcap', 'file', 'https', 'davs'];
/** Files that a payload unpacks or reads as a stream: they are always copied. */
const ALWAYS_COPIED = ['.tar.gz', '.lib.tgz', '.raw.'];

export type AccessMode = 'copy' | 'direct';

/**
 * How a job gets at its inputs: what the job was told (`transferType`, then its parameters) goes before what the queue prefers.
 * Spec: Pilot › accessmode.
 */
export function accessMode(
  job: Pick<JobDefinition, 'transferType' | 'parameters'>,
  queue: Pick<QueueData, 'directAccess'>,
): AccessMode {
  if (job.transferType === 'direct') return 'direct';
  if (/--accessmode[= ]copy\b|--useLocalIO\b/.test(job.parameters)) return 'copy';
  if (/--accessmode[= ]direct\b/.test(job.parameters)) return 'direct';
  return queue.directAccess ? 'direct' : 'copy';
}

/** May the payload open this file where it lies? The `mv` copytool means that storage is no service here (1341 in pilot3). */
export function isReadInPlace(
  file: Pick<InputFile, 'lfn' | 'storageToken'>,
  url: string,
  mode: AccessMode,
  queue: Pick<QueueData, 'copyTools'>,
): boolean {
  if (mode === 'copy' || file.storageToken === 'local') return false;
  if (firstFor(queue.copyTools, ['read_lan', 'pr', 'default'])[0] === 'mv') return false;
  const scheme = url.slice(0, url.indexOf(':')).toLowerCase();
  return DIRECT_SCHEMES.includes(scheme) && !ALWAYS_COPIED.some((part) => file.lfn.toLowerCase().includes(part));
}

/**
 * The payload's arguments when some inputs stay where they are: analysis transforms look them up in the file catalogue, production ones get
 * the address in place of the name. Spec: Pilot › replace LFNs with TURLs.
 */
export function argumentsInPlace(
  argv: readonly string[],
  job: Pick<JobDefinition, 'transformation'>,
  inPlace: ReadonlyMap<string, string>,
): string[] {
  if (inPlace.size === 0) return [...argv];
  if (isAnalysis(job)) return [...argv, '--usePFCTurl', '--directIn'];
  return argv.map((word) =>
    word
      .split(/([=,\s])/)
      .map((part) => inPlace.get(part) ?? part)
      .join(''),
  );
}

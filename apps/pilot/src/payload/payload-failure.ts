import type { PilotErrorName } from '@panda/domain';
import { JobFailure } from '../errors/job-failure.js';

interface Symptom {
  readonly pattern: RegExp;
  readonly error: PilotErrorName;
}

/** What payloads and container tools print when they die, the first that is found counts. pilot3:pilot/common/errorcodes.py resolve_transform_error@a090538. */
const symptoms: readonly Symptom[] = [
  { pattern: /unable to fetch source tarball from web/i, error: 'MISSINGUSERCODE' },
  { pattern: /not mounting requested bind point/i, error: 'SINGULARITYBINDPOINTFAILURE' },
  { pattern: /no more available loop devices/i, error: 'SINGULARITYNOLOOPDEVICES' },
  { pattern: /failed to mount image/i, error: 'SINGULARITYIMAGEMOUNTFAILURE' },
  { pattern: /apptainer: (command )?not found/i, error: 'APPTAINERNOTINSTALLED' },
  { pattern: /singularity: (command )?not found/i, error: 'SINGULARITYNOTINSTALLED' },
  { pattern: /failed invoking the NEWUSER namespace runtime/i, error: 'SINGULARITYNEWUSERNAMESPACE' },
  { pattern: /failed to create user namespace/i, error: 'SINGULARITYFAILEDUSERNAMESPACE' },
  { pattern: /singularity.*resource temporarily unavailable/i, error: 'SINGULARITYRESOURCEUNAVAILABLE' },
  { pattern: /no such image|image .*(not found|does not exist)/i, error: 'IMAGENOTFOUND' },
  { pattern: /FATAL:?\s+.*(singularity|apptainer)/i, error: 'SINGULARITYGENERALFAILURE' },
  { pattern: /std::bad_alloc|\bbad_alloc\b/, error: 'BADALLOC' },
  { pattern: /no space left on device/i, error: 'NOLOCALSPACE' },
  { pattern: /out of memory|cannot allocate memory/i, error: 'PAYLOADOUTOFMEMORY' },
  { pattern: /resource temporarily unavailable/i, error: 'RESOURCEUNAVAILABLE' },
];

const SEGMENTATION_FAULT = 139;

/** The pilot's error for a payload that ended with `exitCode` ≠ 0, from its exit code and the ends of its output. */
export function payloadFailure(exitCode: number, stdoutTail: string, stderrTail: string): JobFailure {
  const output = `${stdoutTail}\n${stderrTail}`;
  const last = lastWords(stderrTail, exitCode) || lastWords(stdoutTail, exitCode);
  const found = symptoms.find((symptom) => symptom.pattern.test(output));
  if (found !== undefined) return new JobFailure(found.error, last);
  if (exitCode === SEGMENTATION_FAULT) return new JobFailure('PAYLOADSIGSEGV', last);
  return new JobFailure('PAYLOADEXECUTIONFAILURE', `exit code ${exitCode}${last === '' ? '' : `: ${last}`}`);
}

/**
 * The last lines that say something, preferring those that call themselves an error. Headings of the transforms, and their line that
 * repeats the exit code, say nothing.
 */
function lastWords(tail: string, exitCode: number): string {
  const lines = tail
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^=+ .* =+$/.test(line) && !line.endsWith(`StatusCode=${exitCode}`));
  const errors = lines.filter((line) => /\b(error|fatal|exception)\b/i.test(line));
  return (errors.length > 0 ? errors : lines).slice(-3).join(' | ');
}

import { accepted, type Outcome, refused } from '../outcome.js';
import { hasNoBuild, type Submission } from '../submission/submission.js';
import { constant, type JobParameter, ownerPrefix, template } from './job-parameter.js';
import { forbiddenCharacter } from './output-names.js';
import { dictionary } from './python-text.js';

interface Output {
  /** As the job writes it; may be a wild card. */
  readonly local: string;
  /** Name in storage. */
  readonly lfn: string;
  readonly container: string;
}

/** Hidden items of the outputs and the map local → stored the transformation gets. Spec: prun › Output. Client API C.3 */
export function outputParameters(submission: Submission): Outcome<JobParameter[]> {
  if (submission.outputs === '') return accepted([]);
  const outputs = outputsOf(submission);
  if (!outputs.ok) return outputs;
  const items = outputs.value.map((output) => outputItem(output, submission));
  return accepted([...items, constant(`-o "${dictionary(outputs.value.map(({ local, lfn }) => [local, lfn]))}"`)]);
}

function outputsOf(submission: Submission): Outcome<Output[]> {
  const outputs: Output[] = [];
  const suffixes = new Set<string>();
  let unnamed = 0;
  for (const word of submission.outputs.split(',')) {
    const [given, local] = splitSuffix(word);
    if (local === '') return refused(`an output file in '${submission.outputs}' has no name`);
    if (given !== '' && suffixes.has(given)) return refused(`the suffix '${given}' in --outputs names several files`);
    suffixes.add(given);
    const isPattern = local.startsWith('regex|');
    const stored = storedName(local);
    const reason = isPattern ? undefined : wrongName(local, stored);
    if (reason !== undefined) return refused(reason);
    const suffix = given !== '' ? given : isPattern ? String(unnamed++) : stored;
    const lfn = isPattern ? local : lfnTemplate(submission, stored);
    outputs.push({ local, lfn, container: `${submission.outDS.slice(0, -1)}_${suffix}/` });
  }
  return accepted(outputs);
}

function splitSuffix(word: string): [string, string] {
  const at = word.indexOf(':');
  return at < 0 ? ['', word] : [word.slice(0, at), word.slice(at + 1)];
}

/** Files of a wild card are packed into one tarball. Feature CLI-prun-13 */
function storedName(local: string): string {
  return local.includes('*') ? `${local.replaceAll('*', 'XYZ')}.tgz` : local;
}

function wrongName(local: string, stored: string): string | undefined {
  if (stored.includes('/'))
    return `the output file ${local} is in a directory; only files of the working directory are collected`;
  const wrong = forbiddenCharacter(stored, true);
  return wrong === undefined ? undefined : `the output file ${local} contains '${wrong}', which storage forbids`;
}

/** `user.alice.$JEDITASKID._${SN/P}.<file>`. Feature CLI-prun-04 */
function lfnTemplate(
  { outDS, addNthFieldOfInDSToLFN: ofDataset, addNthFieldOfInFileToLFN: ofFile }: Submission,
  file: string,
): string {
  const prefix = outDS.split('.').length > 2 ? ownerPrefix(outDS) : outDS.slice(0, -1);
  const middle = ofDataset !== '' || ofFile !== '' ? '${MIDDLENAME}' : '';
  return `${prefix}${middle}.$JEDITASKID._\${SN/P}.${file}`;
}

function outputItem({ lfn, container }: Output, { destSE, spaceToken, allowNoOutput }: Submission): JobParameter {
  return template(lfn, 'output', {
    dataset: container,
    container,
    ...(destSE === '' ? {} : { destination: destSE }),
    ...(spaceToken === '' ? {} : { token: spaceToken }),
    ...(allowNoOutput.some((pattern) => mayBeMissing(pattern, lfn)) ? { allowNoOutput: true } : {}),
    hidden: true,
  });
}

function mayBeMissing(pattern: string, lfn: string): boolean {
  try {
    return new RegExp(`^.*${pattern}$`).test(lfn);
  } catch {
    // Not a regular expression: then it can only be meant as the end of the name.
    return lfn.endsWith(pattern);
  }
}

/** Log dataset, and its merged twin. Client API C.3 */
export function logParameters(submission: Submission): Record<string, unknown> {
  if (submission.noSeparateLog) return {};
  const dataset = submission.outDS.replace(/\/$/, '.log/');
  const stem = dataset.slice(0, -1);
  const value =
    submission.addNthFieldOfInFileToLFN === ''
      ? `${stem}.$JEDITASKID.\${SN}.log.tgz`
      : `${ownerPrefix(dataset)}\${MIDDLENAME}.$JEDITASKID._\${SN}.log.tgz`;
  const token = submission.spaceToken === '' ? {} : { token: submission.spaceToken };
  const log = { dataset, container: dataset, type: 'template', param_type: 'log', value, ...token };
  if (!submission.mergeOutput || !submission.mergeLog) return { log };
  const merged = dataset.replace('.log/', '.merge_log/');
  const mergedValue = value.replaceAll('.log.tgz', '.merge_log.tgz');
  const twin = { ...log, dataset: merged, container: merged, param_type: 'output', mergeOnly: true, value: mergedValue };
  return { log, log_merge: twin };
}

/** Where a job gets what was sent along. */
export function sandboxParameter(submission: Submission, archiveName: string): JobParameter {
  if (!hasNoBuild(submission)) return constant('-l ${LIB}');
  return constant(`-a ${archiveName}${submission.tarBallViaDDM === '' ? '' : ' --noTarballDownload'}`);
}

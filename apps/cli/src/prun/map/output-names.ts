import type { Submission } from '../submission/submission.js';

/** Storage systems choke on these. panda-client:pandaclient/PsubUtils.py@749e856 */
const FORBIDDEN = [...'%|;><?\'"()$@:=&^#\\[]{}`'];

const CONTAINER_MAX = 132;
const MERGED_CONTAINER_MAX = 120;
const OUTPUTS_MAX = 10;

/** The first character that must not stand in a name; a wild card may stand in the name of a file. */
export function forbiddenCharacter(name: string, isFile = false): string | undefined {
  return [...FORBIDDEN, ...(isFile ? [] : ['*'])].find((char) => name.includes(char));
}

export interface Owner {
  readonly nickname: string;
  /** Groups whose production role the user has. */
  readonly productionGroups: readonly string[];
}

/** What is wrong with the name of an output container, or undefined. Spec: prun › --outDS */
export function outputNameObjection(outDS: string, owner: Owner, submission: Pick<Submission, 'official' | 'mergeOutput'>) {
  const wrong = forbiddenCharacter(outDS);
  if (wrong !== undefined) return `--outDS ${outDS} contains '${wrong}', which storage forbids`;
  if (submission.official) return officialObjection(outDS, owner);
  if (!outDS.startsWith(`user.${owner.nickname}.`)) return `--outDS must be user.${owner.nickname}.<text>, not ${outDS}`;
  const max = submission.mergeOutput ? MERGED_CONTAINER_MAX : CONTAINER_MAX;
  return outDS.length > max ? `--outDS has ${outDS.length} characters, at most ${max} are possible` : undefined;
}

function officialObjection(outDS: string, { productionGroups }: Owner): string | undefined {
  if (productionGroups.length === 0) return '--official needs the production role of a group; see: panda whoami';
  const fields = outDS.split('.');
  const allowed = /^group(\d{2})?$/.test(fields[0] ?? '') && productionGroups.includes(fields[1] ?? '') && fields.length > 2;
  return allowed ? undefined : `--official allows names group.<${productionGroups.join('|')}>.<text>, not ${outDS}`;
}

/** What is wrong with the outputs of a finished parameter map. */
export function outputsObjection(map: Readonly<Record<string, unknown>>, unlimited: boolean): string | undefined {
  const items = [
    ...(map.jobParameters as readonly Record<string, unknown>[]),
    ...(map.log === undefined ? [] : [map.log as Record<string, unknown>]),
  ];
  const outputs = items.filter((item) => item.param_type === 'output' || item.param_type === 'log');
  for (const { dataset, value } of outputs as { dataset: string; value: string }[]) {
    if (dataset.length > CONTAINER_MAX)
      return `the container ${dataset} has ${dataset.length} characters, at most ${CONTAINER_MAX} are possible`;
    const foreign = [dataset, value].find((name) => /[^\u0020-\u007e]/.test(name));
    if (foreign !== undefined) return `the name ${foreign} has characters beyond ASCII, which storage forbids`;
  }
  const count = outputs.filter((item) => item.param_type === 'output').length;
  if (unlimited || count <= OUTPUTS_MAX) return undefined;
  return `a job has ${count} outputs, at most ${OUTPUTS_MAX} are reasonable; --unlimitNumOutputs lifts the limit`;
}

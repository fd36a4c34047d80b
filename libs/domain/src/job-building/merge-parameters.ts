/** What is left of a merge job's command line and outputs once streams without input are gone. */
export interface MergeParameters {
  readonly template: string;
  /** Output streams that have nothing to merge: their files are not made. */
  readonly emptyStreams: readonly string[];
}

const LOG_MERGE = 'LOG_MERGE';

/**
 * Fills the groups of a merge step, `${TRN_OUTPUT:OUTPUT}` → `in1,in2:out ` for each OUTPUTn, and removes options of outputs that have no
 * input. panda-jedi:pandajedi/jediorder/JobGenerator.py@42f4bb41.
 */
export function mergeParameters(
  template: string,
  inputs: ReadonlyMap<string, readonly string[]>,
  outputs: ReadonlyMap<string, readonly string[]>,
): MergeParameters {
  const groups = new Map<string, string>();
  const emptyStreams: string[] = [];
  for (const [stream, out] of outputs) {
    const files = inputs.get(stream === LOG_MERGE ? 'TRN_LOG0' : `TRN_${stream}`) ?? [];
    if (files.length === 0) {
      emptyStreams.push(stream);
      continue;
    }
    const base = stream.replace(/\d+$/, '');
    groups.set(base, `${groups.get(base) ?? ''}${files.join(',')}:${out.join(',')} `);
  }
  let text = template;
  for (const [base, group] of groups) text = text.replaceAll(`\${TRN_${base}:${base}}`, group);
  for (const stream of emptyStreams) text = withoutOption(text, stream);
  return { template: text, emptyStreams };
}

/** Removes `--name=${STREAM}`. */
function withoutOption(text: string, stream: string): string {
  const placeholder = `=\${${stream}}`;
  let rest = text;
  for (let at = rest.indexOf(placeholder); at >= 0; at = rest.indexOf(placeholder)) {
    const start = rest.lastIndexOf('--', at);
    if (start < 0 || rest.slice(start + 2, at).includes('=')) return rest;
    rest = rest.slice(0, start) + rest.slice(at + placeholder.length);
  }
  return rest;
}

import { constant, type JobParameter, template } from './job-parameter.js';
import { quote } from './python-text.js';

interface Placeholder {
  /** Name the job generator knows. */
  readonly name: string;
  readonly pattern: RegExp;
}

/** What users write in a command, in the order in which the real tool replaces it. Client API C.4 */
const placeholders: readonly Placeholder[] = [
  { name: 'SEQNUMBER', pattern: /%RNDM[:=](\d+)%?/g },
  { name: 'DBR', pattern: /%DB[:=]([^ '"}]+)/g },
  { name: 'SKIPEVENTS', pattern: /%SKIPEVENTS/g },
  { name: 'FIRSTEVENT', pattern: /%FIRSTEVENT[:=](\d+)%?/g },
  { name: 'MAXEVENTS', pattern: /%MAXEVENTS/g },
  { name: 'SEGMENT_NAME', pattern: /%SEGMENT_NAME/g },
];

const names = placeholders.map(({ name }) => `[^=,"' ({;]*\\$\\{${name}[^}]*\\}[^,"' )};]*`);
const pieces = new RegExp(`(${names.join('|')})`);

/**
 * The command as items: text percent-encoded, placeholders with what is glued to them as items of their own. `%IN` and stream names stay
 * in the text, the transformation replaces them. panda-client:pandaclient/PsubUtils.py@749e856
 */
export function execPieces(command: string): JobParameter[] {
  const offsets = new Map<string, number>();
  let text = command;
  for (const { name, pattern } of placeholders) {
    const base = new RegExp(pattern.source).exec(text)?.[1];
    if (base !== undefined && /^\d+$/.test(base)) offsets.set(name, Number(base));
    text = text.replace(pattern, () => `\${${name}}`);
  }
  return text.split(pieces).map((piece, i) => (i % 2 === 0 ? constant(quote(piece), { padding: false }) : held(piece, offsets)));
}

/** A split by one group alternates text and placeholder, hence the odd pieces are placeholders. */
function held(piece: string, offsets: ReadonlyMap<string, number>): JobParameter {
  const name = /\$\{([^:}]+)/.exec(piece)?.[1] ?? '';
  const offset = offsets.get(name);
  const more = { ...(offset === undefined ? {} : { offset }), padding: false };
  if (name === 'SEQNUMBER') return template(piece, 'pseudo_input', { dataset: 'seq_number', ...more });
  return template(piece, 'number', more);
}

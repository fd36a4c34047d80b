/** What the server wants of a running job, from the `command` of an update's answer. Spec: Pilot › Backchannel. */
export type Instruction =
  | { readonly kind: 'kill' }
  | { readonly kind: 'softKill' }
  | { readonly kind: 'debug' }
  | { readonly kind: 'debugOff' }
  | { readonly kind: 'debugCommand'; readonly words: readonly string[] }
  | { readonly kind: 'keepDirectory' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'ignored' };

/** The only programs a server may have run on a worker node. */
const DEBUG_PROGRAMS: readonly string[] = ['tail', 'ls', 'ps', 'gdb', 'du'];
const FORBIDDEN = /[;&|`$<>(){}\\\n]|&#59/;

/**
 * Order of the tests as in pilot2 and pilot3, with one difference: both test for `debug` first, so that `debugoff` turns debugging on
 * (features.md A-13). Here `debugoff` is understood for what it says.
 */
export function readInstruction(command: string | undefined): Instruction {
  const text = (command ?? '').trim();
  if (text === '' || text === 'NULL') return { kind: 'ignored' };
  if (text.includes('tobekilled')) return { kind: 'kill' };
  if (/\s/.test(text)) return debugCommand(text);
  if (text.includes('softkill')) return { kind: 'softKill' };
  if (text.includes('debug')) return text.includes('debugoff') ? { kind: 'debugOff' } : { kind: 'debug' };
  if (text.includes('nocleanup')) return { kind: 'keepDirectory' };
  return { kind: 'ignored' };
}

function debugCommand(text: string): Instruction {
  const bare = text
    .replace(/^debug,/, '')
    .replace(/,debug$/, '')
    .trim();
  if (FORBIDDEN.test(bare)) return { kind: 'refused', reason: `'${bare}' holds signs that a debug command must not have` };
  const words = bare.split(/\s+/);
  const [program = ''] = words;
  if (!DEBUG_PROGRAMS.includes(program))
    return { kind: 'refused', reason: `'${program}' is not one of ${DEBUG_PROGRAMS.join(', ')}` };
  return { kind: 'debugCommand', words };
}

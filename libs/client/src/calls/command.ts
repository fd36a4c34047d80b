import { dataOf, type Envelope, refusal } from '../envelope.js';

/** What became of a command on a task: the classic code and its sentence. panda-server:taskbuffer/OraDBProxy.py@34d4b8f */
export interface CommandResult {
  readonly code: number;
  readonly message: string;
}

/** Codes of {@link CommandResult} by which the command was taken. */
export const commandCodes = { registered: 0, reactivated: 3, parametersSet: 5 } as const;

/** The server answers success true with a code that says otherwise (task/retry always does): `accepted` decides. */
export function commandResult(envelope: Envelope, about: string, accepted: readonly number[] = [commandCodes.registered]) {
  const data = dataOf(envelope, about);
  const code = typeof data === 'number' ? data : commandCodes.registered;
  if (!accepted.includes(code)) throw refusal(envelope, about);
  return { code, message: envelope.message } satisfies CommandResult;
}

import type { PyValue } from '../wire/pickle/values.js';
import { PyTuple } from '../wire/pickle/values.js';
import type { Refusal } from './access.js';
import type { LegacyForm, V1Form } from './operation.js';
import {
  type Asker,
  done,
  type Envelope,
  flagReply,
  jsonReply,
  pickleReply,
  pilotReply,
  type Reply,
  textReply,
} from './reply.js';

/** Outcome of a task command or submission: the codes of client-api A.3. */
export interface Coded {
  readonly code: number;
  readonly message: string;
}

type Methods = string | readonly string[];
const list = (methods: Methods): readonly string[] => (typeof methods === 'string' ? [methods] : methods);

/** A list of texts that the user reads: `[true, …]` or `[false, reason]`. */
export function legacyPair<A, R>(methods: Methods, value: (result: R, args: A) => readonly [boolean, unknown]): LegacyForm<A, R> {
  return {
    methods: list(methods),
    reply: (result, args) => jsonReply(value(result, args)),
    refuse: ({ message }) => jsonReply([false, message]),
  };
}

export function legacyPickle<A, R>(methods: Methods, value: (result: R, args: A) => PyValue): LegacyForm<A, R> {
  return { methods: list(methods), reply: (result, args) => pickleReply(value(result, args)), refuse: refuseWithFalse };
}

export function legacyJson<A, R>(methods: Methods, value: (result: R, args: A) => unknown): LegacyForm<A, R> {
  return {
    methods: list(methods),
    reply: (result, args) => jsonReply(value(result, args)),
    refuse: ({ message }) => textReply(`ERROR : ${message}`),
  };
}

export function legacyText<A, R>(methods: Methods, value: (result: R, args: A) => string): LegacyForm<A, R> {
  return {
    methods: list(methods),
    reply: (result, args) => textReply(value(result, args)),
    refuse: ({ message }) => textReply(`ERROR : ${message}`),
  };
}

/** The original answers the bare text `False` where no identity is known; other refusals are a pair, so that they can be unpickled. */
function refuseWithFalse(refusal: Refusal): Reply {
  return refusal.reason === 'unauthenticated' ? flagReply(false) : pickleReply(new PyTuple(false, refusal.message));
}

interface ProperErrorCode {
  readonly properErrorCode?: boolean;
  readonly taskId?: number;
}

/** Codes 100 and 101 stand for problems of the call itself. Source: panda-server:pandaserver/userinterface/UserIF.py@34d4b8f. */
const INSECURE = 100;
const BAD_TASK_ID = 101;

/** Task commands: `(code, message)`, or `(bool, message)` for callers that did not ask for the proper code. */
export function legacyCoded<A extends ProperErrorCode, R extends Coded>(method: string, alwaysCode = false): LegacyForm<A, R> {
  const tuple = (code: number, message: string, args: Partial<A>): Reply =>
    pickleReply(new PyTuple(alwaysCode || args.properErrorCode ? code : code === 0, message));
  return {
    methods: [method],
    reply: (result, args) => tuple(result.code, result.message, args),
    refuse: (refusal, args) => {
      if (refusal.reason === 'unauthenticated') return tuple(INSECURE, 'secure connection is required', args);
      if (refusal.reason === 'argument') {
        // The original knows one bad argument; ours may be another one, which the caller must be told.
        return tuple(BAD_TASK_ID, args.taskId === undefined ? 'jediTaskID must be an integer' : refusal.message, args);
      }
      if (refusal.reason === 'notFound') return tuple(2, refusal.message, args);
      return tuple(3, 'Permission denied: not the task owner or no production role', args);
    },
  };
}

/** Values of `StatusCode`. Source: panda-server:pandaserver/jobdispatcher/Protocol.py@34d4b8f. */
export const statusCodes = {
  success: 0,
  timeOut: 10,
  noJobs: 20,
  failed: 30,
  notSecure: 40,
  invalidToken: 50,
  role: 60,
  permission: 70,
  keyMissing: 80,
} as const;

const REFUSAL_STATUS: Readonly<Record<Refusal['reason'], number>> = {
  unauthenticated: statusCodes.notSecure,
  role: statusCodes.role,
  owner: statusCodes.permission,
  argument: statusCodes.invalidToken,
  notFound: statusCodes.failed,
  unavailable: statusCodes.failed,
};

/** Pilot methods answer a dictionary with `StatusCode` first. */
export function legacyPilot<A, R>(
  methods: Methods,
  fields: (result: R, args: A) => Readonly<Record<string, unknown>>,
): LegacyForm<A, R> {
  return {
    methods: list(methods),
    reply: (result, args, asker) => pilotReply(fields(result, args), asker),
    refuse: (refusal, _, asker: Asker) =>
      pilotReply({ StatusCode: REFUSAL_STATUS[refusal.reason], errorDialog: refusal.message }, asker),
  };
}

export function get<A, R>(path: string, reply: (result: R, args: A) => Envelope = (result) => done(result)): V1Form<A, R> {
  return { path, verb: 'GET', reply };
}

export function post<A, R>(path: string, reply: (result: R, args: A) => Envelope = (result) => done(result)): V1Form<A, R> {
  return { path, verb: 'POST', reply };
}

/** v1 commands: `data` is the code. A failed command is `success: false` with the reason. */
export function postCoded<A, R extends Coded>(path: string): V1Form<A, R> {
  return post(path, ({ code, message }) => ({ success: code === 0, message, data: code }));
}

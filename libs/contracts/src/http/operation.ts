import type { Access, Refusal } from './access.js';
import type { ArgumentsOf, ArgumentTable } from './argument.js';
import type { Asker, Envelope, Reply } from './reply.js';

/**
 * Priority classes of the gateway: a flood of one cannot starve another (reliability §3.8).
 * report = final job updates, heartbeat = other updates, dispatch = hand-out and Harvester commands, submission, query.
 */
export type Lane = 'report' | 'heartbeat' | 'dispatch' | 'submission' | 'query';

/** How the classic dialect spells an operation. */
export interface LegacyForm<A, R> {
  /** Path segment after `/server/panda/`; several when eras differ. */
  readonly methods: readonly string[];
  reply(result: R, args: A, asker: Asker): Reply;
  /** The endpoint's own way to refuse; `args` holds what could be read so far. */
  refuse(refusal: Refusal, args: Partial<A>, asker: Asker): Reply;
}

/** How v1 spells it. */
export interface V1Form<A, R> {
  readonly path: string;
  readonly verb: 'GET' | 'POST';
  reply(result: R, args: A): Envelope;
  /** A file instead of an envelope, when there is one to send. */
  bytes?(
    result: R,
  ):
    | { readonly lfn: string; readonly size: number; readonly adler32: string; readonly content: NodeJS.ReadableStream }
    | undefined;
}

export interface Operation<A extends ArgumentTable = ArgumentTable, R = unknown> {
  readonly id: string;
  readonly doc: string;
  readonly access: Access;
  readonly lane: Lane;
  readonly args: A;
  /** Inflated size of the body in bytes; the default fits task parameters and job lists. */
  readonly bodyMax?: number;
  /** Pilots and Harvester send fields of other eras, which must not fail the call. */
  readonly ignoreUnknown?: boolean;
  /** The body is a file: `multipart/form-data` with the part `file`. */
  readonly upload?: boolean;
  /** What else the multipart body has, before the file; the names are sent as they are declared here. */
  readonly fields?: ArgumentTable;
  readonly legacy?: LegacyForm<ArgumentsOf<A>, R>;
  readonly v1?: V1Form<ArgumentsOf<A>, R>;
}

export type ArgsOf<O> = O extends Operation<infer A, infer _> ? ArgumentsOf<A> : never;
export type ResultOf<O> = O extends Operation<infer _, infer R> ? R : never;

/** Any operation, for tables and registries that do not look at arguments and results. */
// biome-ignore lint/suspicious/noExplicitAny: existential type; arguments and results meet again inside one operation only
export type AnyOperation = Operation<any, any>;

export function operation<A extends ArgumentTable, R>(declaration: Operation<A, R>): Operation<A, R> {
  return declaration;
}

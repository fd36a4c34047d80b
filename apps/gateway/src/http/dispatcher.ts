import {
  ADLER32_HEADER,
  type AnyOperation,
  ArgumentProblem,
  envelopeReply,
  failed,
  type RawArguments,
  type Refusal,
  type Reply,
  readArguments,
} from '@panda/contracts';
import { isTransient } from '@panda/database';
import { withFacts } from '@panda/runtime';
import { hasRole } from '../auth/caller.js';
import { refusalByOwner, refusalByRole } from './access-guard.js';
import { type Call, type Handler, Refused } from './call.js';
import type { Lanes } from './lanes.js';
import { Shed } from './problem.js';
import type { RateKind, RateLimits } from './rate-limits.js';
import type { TaskOwners } from './task-owners.js';

/** What the dispatcher needs besides the handler. */
export interface DispatchRules {
  readonly lanes: Lanes;
  readonly rates: RateLimits;
  readonly owners: TaskOwners;
}

export interface Dispatch {
  readonly handler: Handler;
  readonly call: Call;
  readonly raw: RawArguments;
  readonly cast: boolean;
}

/**
 * One request of one operation: role, rate, arguments, owner, lane, handler, answer, in the order of upstream
 * (client-api B.1), so that a caller gets the same refusal for the same mistake.
 */
export async function dispatch(request: Dispatch, rules: DispatchRules): Promise<Reply> {
  const { handler, call } = request;
  const { operation } = handler;
  let args: Record<string, unknown> = {};
  try {
    const refusal = refusalByRole(operation.access, call.caller);
    if (refusal) args = readQuietly(operation, request);
    refuse(refusal);
    takeRate(operation, call, rules.rates);
    args = read(operation, request) as Record<string, unknown>;
    await checkOwner(operation, args, call, rules.owners);
    const result = await withFacts(objectsOf(args), () =>
      rules.lanes.run(handler.laneOf(args as never), () => handler.handle(args as never, call)),
    );
    return answer(operation, result, args, call);
  } catch (error) {
    if (error instanceof ArgumentProblem)
      return refusalReply(operation, { reason: 'argument', message: error.message }, error.partial, call);
    if (error instanceof Refused) return refusalReply(operation, error.refusal, args, call);
    const calm = error instanceof Shed || isTransient(error) ? handler.whenBusy(args as never) : undefined;
    if (calm === undefined) throw error;
    return answer(operation, calm, args, call);
  }
}

/** Task and job of the request, for every log line of its work. */
function objectsOf({ taskId, jobId }: Record<string, unknown>): Record<string, unknown> {
  return {
    ...(typeof taskId === 'number' ? { jediTaskID: taskId } : {}),
    ...(typeof jobId === 'number' || typeof jobId === 'string' ? { PandaID: String(jobId).slice(0, 20) } : {}),
  };
}

function refuse(refusal: Refusal | null): void {
  if (refusal) throw new Refused(refusal);
}

/** Programs are not limited per caller: one token serves a whole site of pilots (reliability §8.4). */
function takeRate(operation: AnyOperation, call: Call, rates: RateLimits): void {
  if (hasRole(call.caller, 'pilot', 'harvester')) return;
  const kind = rateKind(operation);
  if (kind) rates.take(kind, call.caller?.principal ?? call.address);
}

function rateKind(operation: AnyOperation): RateKind | undefined {
  if (operation.upload) return 'upload';
  return operation.lane === 'submission' || operation.lane === 'query' ? operation.lane : undefined;
}

/** What can be read of the arguments: some methods refuse in the form that an argument asks for. */
function readQuietly(operation: AnyOperation, request: Dispatch): Record<string, unknown> {
  try {
    return read(operation, request) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof ArgumentProblem) return { ...error.partial };
    throw error;
  }
}

function read(operation: AnyOperation, { raw, cast, call }: Dispatch): unknown {
  const lenient = call.dialect === 'legacy' || operation.ignoreUnknown === true || operation.upload === true;
  return readArguments(operation.args, raw, {
    dialect: call.dialect,
    cast,
    ignoreUnknown: lenient,
  });
}

async function checkOwner(operation: AnyOperation, args: Record<string, unknown>, call: Call, owners: TaskOwners): Promise<void> {
  const { access } = operation;
  if ((access.ownerOf === undefined && !access.groupProduction) || call.caller === null) return;
  // Whoever has the role need not own the task; the handler tells when there is none.
  if (hasRole(call.caller, ...access.roles)) return;
  const owner = await owners.ownerOf(Number(args.taskId));
  if (owner === null && call.dialect === 'legacy') throw Refused.notFound(`jediTaskID=${String(args.taskId)} not found`);
  refuse(refusalByOwner(access, call.caller, owner));
}

function answer(operation: AnyOperation, result: unknown, args: Record<string, unknown>, call: Call): Reply {
  if (call.dialect === 'legacy' && operation.legacy) return operation.legacy.reply(result, args, call);
  const file = operation.v1?.bytes?.(result);
  if (file) return fileReply(file);
  if (operation.v1) return envelopeReply(operation.v1.reply(result, args), call);
  throw new TypeError(`operation ${operation.id} has no form in the ${call.dialect} dialect`);
}

function fileReply({
  size,
  adler32,
  content,
}: NonNullable<ReturnType<NonNullable<NonNullable<AnyOperation['v1']>['bytes']>>>): Reply {
  const headers = { 'content-length': String(size), [ADLER32_HEADER]: adler32, 'content-disposition': 'attachment' };
  return { status: 200, contentType: 'application/octet-stream', body: content, headers };
}

function refusalReply(operation: AnyOperation, refusal: Refusal, args: object, call: Call): Reply {
  if (call.dialect === 'legacy' && operation.legacy) return operation.legacy.refuse(refusal, args, call);
  return envelopeReply(failed(refusal.message), call);
}

import multipart from '@fastify/multipart';
import {
  type AnyOperation,
  envelopeReply,
  failed,
  jsonReply,
  pilotReply,
  type RefusedMethod,
  type Reply,
  refusedMethods,
  statusCodes,
  textReply,
} from '@panda/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Handler } from './call.js';
import type { ErrorFilter } from './error-filter.js';
import { ForbiddenMethod } from './problem.js';
import { WIRE_MAX } from './read-request.js';
import type { Requests } from './requests.js';
import type { Unfinished } from './unfinished.js';

const LEGACY = '/server/panda';
/** The original's `latest` is broken; here it works. */
const V1 = ['/api/v1', '/api/latest'];
/** Multipart headers of a client are tiny; a file is one part. */
const PARTS_MAX = 20;
const FIELD_BYTES_MAX = 64 * 1024;

type Dialect = 'legacy' | 'v1';
type RouteHandler = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;

/** Declares a route for every operation of the table, inside an own scope: parsers and limits do not touch other modules' routes. */
export async function declareRoutes(
  server: FastifyInstance,
  handlers: readonly Handler[],
  { requests, errors, unfinished }: { requests: Requests; errors: ErrorFilter; unfinished: Unfinished },
) {
  const uploads = new Set(
    handlers.flatMap(({ operation }) => (operation.upload === true ? urlsOf(operation).map(({ url }) => url) : [])),
  );
  await server.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: WIRE_MAX }, (_request, body, done) => done(null, body));
    // Names keep their path: one that climbs is refused, not cut down to something harmless.
    await scope.register(multipart, {
      preservePath: true,
      limits: { files: 1, parts: PARTS_MAX, fieldSize: FIELD_BYTES_MAX },
    });
    scope.setErrorHandler((error, request, reply) => errors.answer(error, request, reply));
    scope.addHook('onRequest', async (request, reply) => {
      requests.begin(request);
      unfinished.watch(request, uploads.has(request.routeOptions.url ?? '') ? 'upload' : 'body');
      reply.header('x-content-type-options', 'nosniff');
    });
    for (const handler of handlers) declareOperation(scope, handler, requests);
    for (const method of refusedMethods) declareRefused(scope, method);
    for (const prefix of [LEGACY, '/api']) declareUnknown(scope, prefix);
  });
}

function declareOperation(scope: FastifyInstance, handler: Handler, requests: Requests): void {
  for (const { dialect, url } of urlsOf(handler.operation)) {
    route(scope, { dialect, url }, handler.operation, async (request, reply) => {
      const answer = await requests.answer(handler, dialect, request);
      await send(reply, answer);
    });
  }
}

function urlsOf({ legacy, v1 }: AnyOperation): { dialect: Dialect; url: string }[] {
  return [
    ...(legacy?.methods ?? []).map((method) => ({ dialect: 'legacy' as const, url: `${LEGACY}/${method}` })),
    ...(v1 ? V1.map((prefix) => ({ dialect: 'v1' as const, url: `${prefix}/${v1.path}` })) : []),
  ];
}

/** What a caller may try; the unlisted ones are not answered by an operation. */
const VERBS = { legacy: ['GET', 'POST'], v1: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] } as const;

/** The transport of a client decides between GET and POST, not the endpoint; v1 refuses the wrong verb with its own text. */
function route(
  scope: FastifyInstance,
  { dialect, url }: { dialect: Dialect; url: string },
  operation: AnyOperation,
  handle: RouteHandler,
): void {
  const bodyLimit = Math.max(WIRE_MAX, operation.bodyMax ?? 0);
  scope.route({ method: [...VERBS[dialect]], url, bodyLimit, exposeHeadRoute: false, handler: handle });
}

function declareRefused(scope: FastifyInstance, method: RefusedMethod): void {
  const { legacy, v1, reason } = method;
  const declare = (url: string, answer: (request: FastifyRequest) => Reply) =>
    scope.route({
      method: ['GET', 'POST'],
      url,
      exposeHeadRoute: false,
      handler: (request, reply) => send(reply, answer(request)),
    });
  if (legacy !== undefined) {
    declare(`${LEGACY}/${legacy}`, (request) => refusal(method, request));
  }
  for (const prefix of v1 === undefined ? [] : V1) {
    declare(`${prefix}/${v1}`, (request) => envelopeReply(failed(reason), { wantsJson: wantsJson(request) }));
  }
}

function refusal({ reason, form }: RefusedMethod, request: FastifyRequest): Reply {
  if (form === 'pair') return jsonReply([false, reason]);
  if (form === 'text') return textReply(`ERROR : ${reason}`);
  return pilotReply({ StatusCode: statusCodes.failed, errorDialog: reason }, { wantsJson: wantsJson(request) });
}

/** Unlisted methods are forbidden: the table is the inventory. */
function declareUnknown(scope: FastifyInstance, prefix: string): void {
  scope.route({
    method: [...VERBS.v1],
    url: `${prefix}/*`,
    exposeHeadRoute: false,
    handler: (request) => {
      throw new ForbiddenMethod(request.url.split('?')[0]?.split('/').at(-1) ?? '');
    },
  });
}

/** JSON for callers that accept it, and for pilots that send JSON without saying what they accept (pilot-api 0.2). */
export function wantsJson(request: FastifyRequest): boolean {
  const { accept, 'content-type': type } = request.headers;
  return (accept ?? '').includes('application/json') || (type ?? '').startsWith('application/json');
}

async function send(reply: FastifyReply, { status, contentType, body, headers = {} }: Reply): Promise<void> {
  await reply.status(status).headers(headers).header('content-type', contentType).send(body);
}

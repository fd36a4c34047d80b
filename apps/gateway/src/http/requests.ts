import { envelopeReply, failed, type Reply } from '@panda/contracts';
import type { Clock, Histogram, Ids, Metrics } from '@panda/domain';
import { withFacts } from '@panda/runtime';
import type { FastifyRequest } from 'fastify';
import type { Credentials } from '../auth/authenticator.js';
import { AuthenticationFailure, type Caller } from '../auth/caller.js';
import type { Identification } from '../auth/identification.js';
import type { Call, Handler, UploadPart } from './call.js';
import { type DispatchRules, dispatch } from './dispatcher.js';
import { INFLATED_MAX, readRequest } from './read-request.js';
import { wantsJson } from './routes.js';

interface Parts {
  readonly identification: Identification;
  readonly rules: DispatchRules;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly metrics: Metrics;
}

/** From a Fastify request to an answer: identity, body, arguments, operation. */
export class Requests {
  private readonly duration: Histogram<'operation' | 'dialect'>;

  constructor(private readonly parts: Parts) {
    this.duration = parts.metrics.histogram({
      name: 'panda_gateway_request_seconds',
      help: 'Time from arrival to the answer, by operation and dialect.',
      labels: ['operation', 'dialect'],
    });
  }

  /** Gives the request its trace id, which error texts and log lines carry. */
  begin(request: FastifyRequest): void {
    const parent = /^00-([0-9a-f]{32})-[0-9a-f]{16}-[0-9a-f]{2}$/.exec(String(request.headers.traceparent ?? ''));
    request.id = parent?.[1] ?? this.parts.ids.next();
  }

  async answer(handler: Handler, dialect: 'legacy' | 'v1', request: FastifyRequest): Promise<Reply> {
    const arrivedMs = this.parts.clock.elapsedMs();
    const { operation } = handler;
    return withFacts({ traceId: request.id, operation: operation.id }, async () => {
      try {
        const caller = await this.identify(request);
        const verb = dialect === 'v1' ? operation.v1?.verb : undefined;
        if (verb !== undefined && verb !== request.method) {
          return envelopeReply(failed(`expecting ${verb}, received ${request.method}`), { wantsJson: wantsJson(request) });
        }
        return await this.run(handler, dialect, request, caller, arrivedMs);
      } finally {
        this.duration.observe({ operation: operation.id, dialect }, (this.parts.clock.elapsedMs() - arrivedMs) / 1_000);
      }
    });
  }

  private async run(handler: Handler, dialect: 'legacy' | 'v1', request: FastifyRequest, caller: Caller, arrivedMs: number) {
    const uploads = handler.operation.upload === true;
    const { raw, cast } = uploads
      ? { raw: new Map<string, unknown>(), cast: true }
      : await readRequest(rawRequest(request, dialect), handler.operation.bodyMax ?? INFLATED_MAX);
    const upload = uploads ? await uploadPart(request) : undefined;
    const call: Call = {
      caller,
      dialect,
      traceId: String(request.id),
      address: request.ip,
      client: request.headers['user-agent'] ?? null,
      arrivedMs,
      wantsJson: wantsJson(request),
      baseUrl: `${request.protocol}://${request.host}`,
      headers: request.headers,
      rawArguments: raw,
      ...(upload === undefined ? {} : { upload }),
    };
    try {
      return await dispatch({ handler, call, raw, cast }, this.parts.rules);
    } finally {
      if (upload) await drain(upload);
    }
  }

  /** Who sends the request. Throws for credentials that are refused. */
  async identify(request: FastifyRequest): Promise<Caller> {
    const { rates } = this.parts.rules;
    const key = networkOf(request.ip);
    try {
      return await this.parts.identification.identify(credentialsOf(request));
    } catch (error) {
      if (error instanceof AuthenticationFailure) rates.take('failedAuthentication', key);
      throw error;
    }
  }
}

export function credentialsOf(request: FastifyRequest): Credentials {
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return Array.isArray(value) ? value[0] : value;
  };
  return {
    authorization: header('authorization'),
    origin: header('origin'),
    ingress: header('x-panda-ingress'),
    certificateSubject: header('ssl-client-subject-dn'),
    certificateVerified: header('ssl-client-verify'),
    address: request.ip,
  };
}

function rawRequest(request: FastifyRequest, dialect: 'legacy' | 'v1') {
  const at = request.url.indexOf('?');
  return {
    dialect,
    method: request.method,
    query: at < 0 ? '' : request.url.slice(at + 1),
    contentType: request.headers['content-type'],
    contentEncoding: request.headers['content-encoding'],
    body: Buffer.isBuffer(request.body) ? request.body : undefined,
  };
}

/** The file of a multipart body; its bytes stay on the wire until the handler reads them. */
async function uploadPart(request: FastifyRequest): Promise<UploadPart | undefined> {
  if (!request.isMultipart()) return undefined;
  const part = await request.file();
  if (!part) return undefined;
  const length = Number(request.headers['content-length']);
  const fields = Object.entries(part.fields).flatMap(([name, field]): [string, string][] =>
    field !== undefined && !Array.isArray(field) && field.type === 'field' ? [[name, String(field.value)]] : [],
  );
  return {
    fileName: part.filename ?? '',
    fields: Object.fromEntries(fields),
    stream: part.file,
    announcedBytes: Number.isSafeInteger(length) ? length : undefined,
  };
}

/** A client that is refused still sends its file to the end before it reads the answer; beyond this it is cut off. */
const DRAIN_BYTES_MAX = 1024 * 1024 * 1024;

async function drain({ stream, announcedBytes }: UploadPart): Promise<void> {
  const file = stream as NodeJS.ReadableStream & { readableEnded?: boolean; destroyed?: boolean };
  if (file.readableEnded || file.destroyed || (announcedBytes ?? 0) > DRAIN_BYTES_MAX) return;
  await new Promise<void>((resolve) => {
    file
      .once('end', resolve)
      .once('close', resolve)
      .once('error', () => resolve());
    file.resume();
  });
}

/** Failed log-ins are counted per network: /24 for IPv4, /48 for IPv6. */
function networkOf(address: string): string {
  const v4 = /(\d+\.\d+\.\d+)\.\d+$/.exec(address);
  return v4?.[1] ?? address.split(':').slice(0, 3).join(':');
}

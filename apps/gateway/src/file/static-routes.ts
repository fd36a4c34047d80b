import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { AuthConfigs } from '../auth/auth-configs.js';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import type { ErrorFilter } from '../http/error-filter.js';
import { HttpProblem } from '../http/problem.js';
import { QueueData } from '../metaconfig/queue-data.js';
import { cacheName } from './cache-files.js';
import { FileStore } from './file-store.js';

type Answer = (request: FastifyRequest<{ Params: Record<string, string> }>, reply: FastifyReply) => Promise<unknown>;

/**
 * What is served without log-in: sandboxes, queue and storage data, transforms, and how to log in (client-api 0.8, pilot-api 11.3).
 * Names are unguessable or public; directories are never listed.
 */
@Injectable()
export class StaticRoutes {
  constructor(
    private readonly files: FileStore,
    private readonly queues: QueueData,
    private readonly authConfigs: AuthConfigs,
    @Inject(gatewayKeys.token) private readonly config: GatewayConfig,
  ) {}

  async declare(server: FastifyInstance, errors: ErrorFilter): Promise<void> {
    await server.register(async (scope) => {
      scope.removeAllContentTypeParsers();
      // `getFile` of the newer client posts an empty form.
      scope.addContentTypeParser('*', { parseAs: 'string', bodyLimit: 4_096 }, (_request, _body, done) => done(null, undefined));
      scope.setErrorHandler((error, request, reply) => errors.answer(error, request, reply));
      const serve = (url: string, handler: Answer) =>
        scope.route({ method: ['GET', 'POST'], url, exposeHeadRoute: false, handler: handler as never });
      serve('/auth/:file', (request, reply) => this.authConfig(request.params.file ?? '', reply));
      serve('/cache/schedconfig/:file', (request, reply) => this.queueData(request.params.file ?? '', reply));
      serve('/cache/ddmendpoints.json', async (_request, reply) => json(reply, await this.queues.endpoints()));
      serve('/cache/cric_pandaqueues.json', async (_request, reply) => json(reply, await this.queues.all()));
      serve('/cache/:file', (request, reply) => this.cacheFile(request.params.file ?? '', reply));
      serve('/trf/user/:file', (request, reply) => this.transform(request.params.file ?? '', reply));
    });
  }

  private async authConfig(file: string, reply: FastifyReply): Promise<unknown> {
    const published = this.authConfigs.published(file);
    if (published === undefined) throw new HttpProblem(404, 'not found');
    return reply.header('content-type', 'application/json; charset=utf-8').send(published);
  }

  /** `<queue>.all.json` is the bare object of the queue, `<queue>.json` an object keyed by it. */
  private async queueData(file: string, reply: FastifyReply): Promise<unknown> {
    const [, name, all] = /^([A-Za-z0-9_.-]{1,128}?)(\.all)?\.json$/.exec(file) ?? [];
    const data = name === undefined ? undefined : await this.queues.one(name);
    if (name === undefined || data === undefined) throw new HttpProblem(404, 'not found');
    return json(reply, all === undefined ? { [name]: data } : data);
  }

  private async cacheFile(file: string, reply: FastifyReply): Promise<unknown> {
    const name = cacheName(file);
    if (name === undefined || name !== file) throw new HttpProblem(404, 'not found');
    return sendFile(this.files.path(name), reply, true);
  }

  private async transform(file: string, reply: FastifyReply): Promise<unknown> {
    const name = cacheName(file);
    if (name === undefined || name !== file) throw new HttpProblem(404, 'not found');
    return sendFile(join(this.transformDir, name), reply, false);
  }

  private get transformDir(): string {
    return this.config.transformDir ?? new URL('../../assets/trf/user', import.meta.url).pathname;
  }
}

function json(reply: FastifyReply, value: unknown): unknown {
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(value));
}

/** Bytes as they are, as an attachment: a stored page must not run as one of ours (reliability I29). */
async function sendFile(path: string, reply: FastifyReply, attachment: boolean): Promise<unknown> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile()) throw new HttpProblem(404, 'not found');
  reply
    .header('content-type', attachment ? 'application/octet-stream' : 'text/plain; charset=utf-8')
    .header('x-content-type-options', 'nosniff')
    .header('content-length', String(found.size));
  if (attachment) return reply.header('content-disposition', 'attachment').send(createReadStream(path));
  return reply.send(await readFile(path));
}

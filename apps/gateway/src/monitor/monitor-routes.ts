import { Inject, Injectable } from '@nestjs/common';
import { decodeForm } from '@panda/contracts';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { refusalByRole } from '../http/access-guard.js';
import type { ErrorFilter } from '../http/error-filter.js';
import type { Requests } from '../http/requests.js';
import { MonitorProblem, readJobFilters, readTaskFilters } from './monitor-filters.js';
import { MonitorQueries } from './monitor-queries.js';

type Answer = (query: ReadonlyMap<string, readonly string[]>, request: FastifyRequest) => Promise<unknown>;

/** The lists that pbook of 2021 reads from BigPanDAmon, under its URLs and with the prefix `/monitor` (client-api A.5). */
@Injectable()
export class MonitorRoutes {
  constructor(
    private readonly queries: MonitorQueries,
    @Inject(gatewayKeys.token) private readonly config: GatewayConfig,
  ) {}

  async declare(server: FastifyInstance, errors: ErrorFilter, requests: Requests): Promise<void> {
    await server.register(async (scope) => {
      scope.setErrorHandler((error, request, reply) => this.fail(error, request, reply, errors));
      const serve = (path: string, answer: Answer) => {
        const bare = path.replace(/\/$/, '');
        for (const url of [path, bare, `/monitor${path}`, `/monitor${bare}`]) {
          scope.get(url, async (request, reply) => {
            if (!this.config.monitorPublic) await requireUser(requests, request);
            const at = request.url.indexOf('?');
            const body = await answer(decodeForm(at < 0 ? '' : request.url.slice(at + 1)), request);
            await reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(body));
          });
        }
      };
      serve('/tasks/', (query) => this.queries.tasks(readTaskFilters(query)));
      serve('/jobs/', (query) => this.queries.jobs(readJobFilters(query)));
      serve('/task/:id/', (_query, request) => this.queries.task(idIn(request)));
      serve('/job/:id/', (_query, request) => this.queries.job(idIn(request)));
    });
  }

  private async fail(error: unknown, request: FastifyRequest, reply: FastifyReply, errors: ErrorFilter): Promise<void> {
    if (!(error instanceof MonitorProblem)) return errors.answer(error, request, reply);
    await reply
      .status(error.status)
      .header('content-type', 'application/json; charset=utf-8')
      .send(JSON.stringify({ error: error.message }));
  }
}

/** The number in the path; what is none names nothing. */
function idIn(request: FastifyRequest): number {
  const { id } = request.params as { id: string };
  return /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN;
}

async function requireUser(requests: Requests, request: FastifyRequest): Promise<void> {
  const caller = await requests.identify(request);
  if (refusalByRole({ roles: ['user'] }, caller)) throw new MonitorProblem(403, 'log-in is required');
}

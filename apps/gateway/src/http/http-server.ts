import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance } from 'fastify';
import { Identification } from '../auth/identification.js';
import { StaticRoutes } from '../file/static-routes.js';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import { MonitorRoutes } from '../monitor/monitor-routes.js';
import { declareApiDocs } from './api-docs.js';
import type { Handler } from './call.js';
import { ErrorFilter } from './error-filter.js';
import { declareFrontPage } from './front-page.js';
import { type LaneSettings, Lanes } from './lanes.js';
import { defaultRates, RateLimits } from './rate-limits.js';
import { checkHandlers, HANDLERS } from './registry.js';
import { Requests } from './requests.js';
import { declareRoutes } from './routes.js';
import { type GatewayRuntime, RUNTIME } from './runtime.js';
import { TaskOwners } from './task-owners.js';
import { Unfinished } from './unfinished.js';

/** Requests of each priority class in work and waiting; the pool of database connections is the bottleneck behind them. */
const LANES: LaneSettings = {
  report: { concurrent: 200, waiting: 2_000 },
  heartbeat: { concurrent: 500, waiting: 5_000 },
  dispatch: { concurrent: 500, waiting: 5_000 },
  submission: { concurrent: 8, waiting: 500 },
  query: { concurrent: 8, waiting: 500 },
};

/** Hangs the gateway's routes into the HTTP server of the process, once all modules are there and before it listens. */
@Injectable()
export class HttpServer implements OnModuleInit {
  constructor(
    private readonly adapter: HttpAdapterHost,
    @Inject(HANDLERS) private readonly handlers: readonly Handler[],
    private readonly identification: Identification,
    private readonly owners: TaskOwners,
    private readonly statics: StaticRoutes,
    private readonly monitor: MonitorRoutes,
    @Inject(RUNTIME) private readonly runtime: GatewayRuntime,
    @Inject(gatewayKeys.token) private readonly config: GatewayConfig,
  ) {}

  async onModuleInit(): Promise<void> {
    const { clock, ids, log, metrics, random } = this.runtime;
    const elapsedMs = () => clock.elapsedMs();
    const lanes = new Lanes(LANES, elapsedMs, () => random.next());
    for (const lane of Object.keys(LANES) as (keyof LaneSettings)[]) {
      metrics.observed({ name: `panda_gateway_${lane}_requests`, help: `Requests of the lane ${lane} in work or waiting.` }, () =>
        lanes.load(lane),
      );
    }
    const rules = { lanes, rates: new RateLimits(defaultRates, elapsedMs), owners: this.owners };
    const requests = new Requests({ identification: this.identification, rules, clock, ids, metrics });
    const { bodyTimeout, uploadTimeout } = this.config;
    const unfinished = new Unfinished({ body: bodyTimeout, upload: uploadTimeout }, log, metrics);
    const errors = new ErrorFilter(log, unfinished);
    const server = this.adapter.httpAdapter.getInstance<FastifyInstance>();
    // The last bound, also for paths that are none of ours; Fastify sets none.
    server.server.requestTimeout = uploadTimeout;
    declareFrontPage(server);
    declareApiDocs(server);
    await declareRoutes(server, checkHandlers(this.handlers), { requests, errors, unfinished });
    await this.statics.declare(server, errors);
    await this.monitor.declare(server, errors, requests);
  }
}

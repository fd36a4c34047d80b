import { Controller, Get, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PromMetrics } from '../prom-metrics.js';
import { PROBE_PATHS, probe } from './probes.js';
import { ServiceHealth } from './service-health.js';

/** Probes and metrics: beside the API of HTTP services, alone on PANDA_HEALTH_PORT of the others. */
@Controller()
export class ProbeController {
  constructor(
    private readonly health: ServiceHealth,
    private readonly metrics: PromMetrics,
  ) {}

  @Get([...PROBE_PATHS])
  async answer(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const path = request.url.split('?')[0] ?? '';
    const answer = await probe(path, this.health, this.metrics);
    if (!answer) return void reply.status(404).send();
    await reply.status(answer.status).header('content-type', answer.type).send(answer.body);
  }
}

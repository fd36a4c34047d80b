import { Injectable } from '@nestjs/common';
import { type ArgsOf, operations, parseTime, pythonTime } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { type Call, Handler, Refused } from '../http/call.js';
import { HarvesterGuard } from './harvester-guard.js';

@Injectable()
export class UpdateServiceMetrics extends Handler<typeof operations.updateServiceMetrics> {
  readonly operation = operations.updateServiceMetrics;

  constructor(
    private readonly harvesters: HarvesterRepository,
    private readonly guard: HarvesterGuard,
  ) {
    super();
  }

  async handle({ harvesterId, metrics }: ArgsOf<typeof operations.updateServiceMetrics>, call: Call) {
    if (!Array.isArray(metrics)) throw Refused.argument('metrics must be a list');
    const rows = metrics.flatMap(readMetric);
    if (rows.length < metrics.length) throw Refused.argument('each metric must be [time, host, JSON text]');
    const outcome = await this.guard.admits(harvesterId, call);
    if (outcome.taken) await this.harvesters.insertMetrics(harvesterId, rows);
    return outcome;
  }
}

function readMetric(value: unknown): { at: string; host: string; text: string }[] {
  const [time, host, metrics] = Array.isArray(value) ? (value as unknown[]) : [];
  const at = typeof time === 'string' ? parseTime(time) : undefined;
  if (at === undefined || typeof host !== 'string' || metrics === undefined) return [];
  return [{ at: pythonTime(at), host, text: typeof metrics === 'string' ? metrics : JSON.stringify(metrics) }];
}

import { Injectable } from '@nestjs/common';
import { Clock, Ids, Log, Metrics, Random } from '@panda/domain';

/** What every agent, script and lease is given, as one thing. */
@Injectable()
export class AgentRuntime {
  constructor(
    readonly log: Log,
    readonly metrics: Metrics,
    readonly clock: Clock,
    readonly ids: Ids,
    readonly random: Random,
  ) {}
}

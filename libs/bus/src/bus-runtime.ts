import { Injectable } from '@nestjs/common';
import { Clock, Ids, Log, Metrics, Random } from '@panda/domain';

/** What every part of the bus is given, as one thing. */
@Injectable()
export class BusRuntime {
  constructor(
    readonly log: Log,
    readonly metrics: Metrics,
    readonly clock: Clock,
    readonly ids: Ids,
    readonly random: Random,
  ) {}
}

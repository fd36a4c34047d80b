import { Injectable } from '@nestjs/common';
import type { operations } from '@panda/contracts';
import { HarvesterRepository } from '@panda/database';
import { hasRole } from '../auth/caller.js';
import { type Call, identityOf, Refused } from '../http/call.js';

/** Only registered instances may report, and only those bound to the caller (Spec: Harvester › HARVESTER_INSTANCES). */
@Injectable()
export class HarvesterGuard {
  constructor(private readonly harvesters: HarvesterRepository) {}

  async admits(harvesterId: string, call: Call): Promise<operations.Taken> {
    const caller = identityOf(call);
    const instance = await this.harvesters.instance(harvesterId);
    if (instance === null) return { taken: false, reason: 'the Harvester instance is not registered' };
    const bound = instance.owner !== null && instance.owner !== '';
    if (bound && instance.owner !== caller.userName && !hasRole(caller, 'production', 'admin')) {
      return { taken: false, reason: 'the Harvester instance belongs to somebody else' };
    }
    return { taken: true };
  }

  /** Throws {@link Refused} instead of telling. */
  async require(harvesterId: string, call: Call): Promise<void> {
    const outcome = await this.admits(harvesterId, call);
    if (!outcome.taken) throw Refused.owner(outcome.reason);
  }
}

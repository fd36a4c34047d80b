import { Injectable } from '@nestjs/common';
import { type DebugJob, JobQueryRepository, type Tx } from '@panda/database';
import { jobsActive4Statuses } from '@panda/domain';
import { Audit } from '../audit/audit.js';
import { hasRole, type Identity } from '../auth/caller.js';
import { type Call, identityOf } from '../http/call.js';

const DEBUG = 'debug';
const DEBUG_OFF = 'debugoff';

/** Jobs in debug mode at once. Source: panda-server:pandaserver/taskbuffer/TaskBuffer.py@34d4b8f (setDebugMode). */
const LIMITS = { user: 3, group: 10, production: 30 } as const;

/** Debug mode of jobs: their pilots report every minute, with the end of the output. The texts are shown to users as they are. */
@Injectable()
export class DebugMode {
  constructor(
    private readonly jobs: JobQueryRepository,
    private readonly audit: Audit,
  ) {}

  set(pandaId: number, on: boolean, call: Call): Promise<string> {
    const caller = identityOf(call);
    return this.jobs.transaction(async (tx) => {
      const text = await this.judge(tx, pandaId, on, caller);
      const outcome = text === 'Succeeded' ? 'accepted' : 'refused';
      await this.audit.record(tx, call, {
        method: 'job.set_debug_mode',
        object: `job:${pandaId}`,
        outcome,
        summary: { on, text },
      });
      return text;
    });
  }

  private async judge(tx: Tx, pandaId: number, on: boolean, caller: Identity): Promise<string> {
    const job = await this.jobs.lockDebugJob(tx, pandaId);
    if (!job || !(jobsActive4Statuses as readonly string[]).includes(job.jobstatus))
      return `PandaID=${pandaId} not found in active DB`;
    const scope = scopeOf(caller, job);
    if (scope === null) return 'Permission denied. Not the owner or production role';
    const words = (job.specialhandling ?? '').split(',').filter((word) => word !== '');
    if (words.includes(DEBUG) === on) return 'Already set accordingly';
    if (on && (await this.count(tx, scope, job)) >= LIMITS[scope]) {
      return `You already hit the limit on the maximum number of debug subjobs (${LIMITS[scope]} jobs).`;
    }
    const special = on ? [...words, DEBUG] : words.filter((word) => word !== DEBUG);
    const command = on ? DEBUG : job.commandtopilot === DEBUG ? DEBUG_OFF : job.commandtopilot;
    await this.jobs.writeDebugMode(tx, { pandaid: pandaId, specialHandling: special.join(',') || null, command });
    return 'Succeeded';
  }

  private count(tx: Tx, scope: keyof typeof LIMITS, job: DebugJob): Promise<number> {
    return this.jobs.debugJobs(tx, {
      userName: scope === 'user' ? job.produsername : null,
      workingGroup: scope === 'group' ? job.workinggroup : null,
    });
  }
}

function scopeOf(caller: Identity, job: DebugJob): keyof typeof LIMITS | null {
  if (hasRole(caller, 'production', 'admin')) return 'production';
  if (caller.workingGroup !== null && caller.workingGroup === job.workinggroup) return 'group';
  return job.produsername === caller.userName ? 'user' : null;
}

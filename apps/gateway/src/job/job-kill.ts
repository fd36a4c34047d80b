import { Injectable } from '@nestjs/common';
import { JobQueryRepository, type KillCandidate, killJobs } from '@panda/database';
import { isKillCode, type KillRow, killByUser, killCodes } from '@panda/domain';
import { Audit } from '../audit/audit.js';
import { hasRole, type Identity } from '../auth/caller.js';
import { type Call, identityOf } from '../http/call.js';

/** Labels of jobs that people submit; the production role kills them with certain codes only. */
const USER_LABELS: readonly string[] = ['user', 'panda'];

/** Kills of jobs: each is judged by its owner and the kill code on the locked row. */
@Injectable()
export class JobKill {
  constructor(
    private readonly jobs: JobQueryRepository,
    private readonly audit: Audit,
  ) {}

  /** One answer per id, in order: false where the caller may not, or the job is unknown or ended. */
  kill(ids: readonly number[], code: number | null, call: Call): Promise<boolean[]> {
    const caller = identityOf(call);
    return this.jobs.transaction(async (tx) => {
      const { ended, asked } = await killJobs(tx, {
        ids,
        code,
        actor: 'gateway',
        diag: `killed by ${caller.userName}`,
        allows: (job) => mayKill(caller, job, code),
      });
      const killed = new Set([...ended, ...asked]);
      await this.audit.record(tx, call, {
        method: 'job.kill',
        object: ids.length === 1 ? `job:${ids[0]}` : null,
        outcome: killed.size > 0 ? 'accepted' : 'refused',
        summary: { asked: ids.length, killed: killed.size, code },
      });
      return ids.map((id) => killed.has(id));
    });
  }
}

/** Owners kill their own; the production role kills what is not a user's, and users' jobs with the codes made for that. */
export function mayKill(caller: Identity, job: KillCandidate, code: number | null): boolean {
  if (job.produsername === caller.userName) return true;
  const ofUser = USER_LABELS.includes(job.prodsourcelabel ?? '');
  const row: KillRow = code !== null && isKillCode(code) ? killCodes[code] : killByUser;
  if (hasRole(caller, 'production', 'admin')) return !ofUser || row.byProduction;
  return !ofUser && caller.workingGroup !== null && caller.workingGroup === job.workinggroup;
}

import { Injectable } from '@nestjs/common';
import { topics } from '@panda/contracts';
import { JobQueryRepository, type KillCandidate, nudge, type Tx, transitionJobs } from '@panda/database';
import {
  isKillCode,
  type JobStatus,
  judgeKill,
  type KillRow,
  killByUser,
  killCodes,
  pilotReplies,
  type TaskBufferErrorCode,
} from '@panda/domain';
import { Audit } from '../audit/audit.js';
import { hasRole, type Identity } from '../auth/caller.js';
import { type Call, identityOf } from '../http/call.js';

/** Labels of jobs that people submit; the production role kills them with certain codes only. */
const USER_LABELS: readonly string[] = ['user', 'panda'];

type Kill = { readonly job: KillCandidate; readonly event: KillRow['event'] | 'askPilot'; readonly code: TaskBufferErrorCode };

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
      const candidates = (await this.jobs.lockLive(tx, ids)).filter((job) => mayKill(caller, job, code));
      const kills = candidates.flatMap((job): Kill[] => {
        const verdict = judgeKill(job.jobstatus as JobStatus, code);
        if (verdict.effect === 'none') return [];
        return [{ job, event: verdict.effect === 'end' ? verdict.event : 'askPilot', code: verdict.errorCode }];
      });
      await this.carryOut(tx, kills, `killed by ${caller.userName}`);
      const killed = new Set(kills.map(({ job }) => job.pandaid));
      await this.audit.record(tx, call, {
        method: 'job.kill',
        object: ids.length === 1 ? `job:${ids[0]}` : null,
        outcome: killed.size > 0 ? 'accepted' : 'refused',
        summary: { asked: ids.length, killed: killed.size, code },
      });
      return ids.map((id) => killed.has(id));
    });
  }

  private async carryOut(tx: Tx, kills: readonly Kill[], diag: string): Promise<void> {
    for (const first of kills.filter((kill, i) => kills.findIndex((other) => sameFate(other, kill)) === i)) {
      const jobs = kills.filter((kill) => sameFate(kill, first)).map(({ job }) => job.pandaid);
      if (first.event === 'askPilot') {
        await this.jobs.askPilotsToStop(tx, { ids: jobs, command: pilotReplies.tobekilled, code: first.code, diag });
        continue;
      }
      const { moved } = await transitionJobs(tx, {
        ids: jobs,
        event: first.event,
        actor: 'gateway',
        errors: { taskBuffer: { code: first.code, diag } },
      });
      // The adder settles the files of ended jobs.
      await nudge(
        tx,
        topics.jobsReported,
        moved.map(({ id }) => id),
      );
    }
  }
}

function sameFate(a: Kill, b: Kill): boolean {
  return a.event === b.event && a.code === b.code;
}

/** Owners kill their own; the production role kills what is not a user's, and users' jobs with the codes made for that. */
export function mayKill(caller: Identity, job: KillCandidate, code: number | null): boolean {
  if (job.produsername === caller.userName) return true;
  const ofUser = USER_LABELS.includes(job.prodsourcelabel ?? '');
  const row: KillRow = code !== null && isKillCode(code) ? killCodes[code] : killByUser;
  if (hasRole(caller, 'production', 'admin')) return !ofUser || row.byProduction;
  return !ofUser && caller.workingGroup !== null && caller.workingGroup === job.workinggroup;
}

import { Injectable } from '@nestjs/common';
import { Database, type Session, type Tx } from '../kernel/database.js';
import * as sql from '../statements/job-queries.js';

const HISTORY_MAX = 50;

/** What users, pilots and monitors ask about jobs, and the commands they leave for pilots. */
@Injectable()
export class JobQueryRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  byIds(ids: readonly number[]): Promise<sql.JobRow[]> {
    return this.database.run(sql.jobsByIds, { ids: [...ids] });
  }

  search(search: sql.JobSearch): Promise<sql.JobRow[]> {
    return this.database.run(sql.searchJobs, search);
  }

  files(ids: readonly number[], session: Session = this.database): Promise<sql.JobFileRow[]> {
    return session.run(sql.filesOfJobs, { ids: [...ids] });
  }

  statuses(ids: readonly number[]) {
    return this.database.run(sql.jobStatusesOf, { ids: [...ids] });
  }

  history(pandaid: number) {
    return this.database.run(sql.jobHistory, { pandaid, limit: HISTORY_MAX });
  }

  async ahead(pandaid: number, activated: string) {
    const [row] = await this.database.run(sql.jobsAhead, { pandaid, activated });
    return row ?? { ahead: 0, waiting: 0 };
  }

  async queueAtAGlance(of: { queue: string; held: readonly string[]; running: readonly string[]; coming: readonly string[] }) {
    const { queue, held, running, coming } = of;
    const [row] = await this.database.run(sql.queueAtAGlance, {
      queue,
      held: [...held],
      running: [...running],
      coming: [...coming],
    });
    return { held: row?.held ?? 0, pilots: row?.pilots ?? 0, pilotsComing: row?.pilotscoming ?? 0 };
  }

  /** Undefined when no live job has this id. */
  async putPilotCommand(pandaid: number, command: string, kill: string): Promise<boolean | undefined> {
    const [row] = await this.database.run(sql.putPilotCommand, { pandaid, command, kill });
    return row?.taken;
  }

  async lockDebugJob(tx: Session, pandaid: number): Promise<sql.DebugJob | null> {
    const [row] = await tx.run(sql.lockDebugJob, { pandaid });
    return row ?? null;
  }

  async debugJobs(tx: Session, of: { userName: string | null; workingGroup: string | null }): Promise<number> {
    const [row] = await tx.run(sql.countDebugJobs, of);
    return row?.n ?? 0;
  }

  async writeDebugMode(
    tx: Session,
    mode: { pandaid: number; specialHandling: string | null; command: string | null },
  ): Promise<void> {
    await tx.run(sql.writeDebugMode, mode);
  }
}

import { Injectable } from '@nestjs/common';
import { drivingDatasetTypes, type EndedTask } from '@panda/domain';
import { Database, type Session } from '../kernel/database.js';
import { dueMails } from '../statements/mails.js';
import { clearNextAction, setNextAction } from '../statements/work-lists.js';

/** The kind of work list that ended tasks are put on. */
export const MAIL = 'mail';

export interface DueMail extends EndedTask {
  /** s since the task ended. */
  readonly waitedS: number;
  /** s since 1970: a task that was retried ends again. */
  readonly endedAt: number;
}

/** Owners of ended tasks who are to be told. */
@Injectable()
export class MailRepository {
  constructor(private readonly database: Database) {}

  due(limit: number): Promise<DueMail[]> {
    return this.database.run(dueMails, { kind: MAIL, master: [...drivingDatasetTypes], limit });
  }

  /** Nothing more to be done for the task. `fence` ends the transaction of a writer under a lease. */
  async done(taskId: number, fence: (session: Session) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.run(clearNextAction, { kind: MAIL, ids: [taskId] });
      await fence(tx);
    });
  }

  async again(taskId: number, inS: number, reason: string, fence: (session: Session) => Promise<void>): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.run(setNextAction, { kind: MAIL, ids: [taskId], inS, reason });
      await fence(tx);
    });
  }
}

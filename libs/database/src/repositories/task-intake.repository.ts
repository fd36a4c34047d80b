import { Injectable } from '@nestjs/common';
import { Database, type Session, type Tx } from '../kernel/database.js';
import { rememberMailAddress } from '../statements/mails.js';
import * as sql from '../statements/task-intake.js';

/** Width of USERS.email. */
const MAIL_ADDRESS_MAX = 60;

/** What comes in from users: tasks, commands, changes of parameters. */
@Injectable()
export class TaskIntakeRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /** Nobody else submits this name until the transaction ends. */
  async lockName(tx: Session, { vo, label, userName, taskName }: sql.SameNameParams): Promise<void> {
    await tx.run(sql.lockTaskName, { key: [vo, label, userName ?? '', taskName].join('\n') });
  }

  async sameName(tx: Session, name: sql.SameNameParams) {
    const [found] = await tx.run(sql.findSameName, name);
    return found ? { jediTaskId: found.jeditaskid, status: found.status } : null;
  }

  async activeTasks(tx: Session, of: { userName: string; label: string; ended: string[] }): Promise<number> {
    const [row] = await tx.run(sql.countActiveTasks, of);
    return row?.active ?? 0;
  }

  async parentByName(tx: Session, userName: string, taskName: string): Promise<number | null> {
    const [row] = await tx.run(sql.findTaskByName, { userName, taskName });
    return row?.jeditaskid ?? null;
  }

  async insert(tx: Session, task: sql.NewTaskParams): Promise<number> {
    const [row] = await tx.run(sql.insertTask, task);
    if (!row) throw new Error('the new task has no id');
    return row.jeditaskid;
  }

  async putCommand(tx: Session, command: sql.CommandParams): Promise<void> {
    await tx.run(sql.putTaskCommand, command);
  }

  async lockTask(tx: Session, jeditaskid: number) {
    const [row] = await tx.run(sql.lockTask, { jeditaskid });
    return row ?? null;
  }

  /** The stored map as text; null when there is no such task. */
  async parameters(jeditaskid: number, session: Session = this.database): Promise<string | null> {
    const [row] = await session.run(sql.readTaskParameters, { jeditaskid });
    return row?.taskparams ?? null;
  }

  async writeParameters(tx: Session, jeditaskid: number, parameters: string): Promise<void> {
    await tx.run(sql.writeTaskParameters, { jeditaskid, parameters });
  }

  async ownerOf(jeditaskid: number): Promise<{ userName: string; workingGroup: string | null } | null> {
    const [row] = await this.database.run(sql.ownerOfTask, { jeditaskid });
    return row ? { userName: row.username, workingGroup: row.workinggroup } : null;
  }

  async changePriority(
    tx: Session,
    change: { jeditaskid: number; priority: number; waiting: string[]; ended: string[] },
  ): Promise<number> {
    const [row] = await tx.run(sql.changeTaskPriority, change);
    return row?.rows ?? 0;
  }

  async changeAttribute(
    tx: Session,
    change: { jeditaskid: number; attribute: string; value: number; ended: string[] },
  ): Promise<number> {
    const [row] = await tx.run(sql.changeTaskAttribute, change);
    return row?.rows ?? 0;
  }

  /** The split rule of a task that is not ended, locked; undefined when there is none. */
  async lockSplitRule(tx: Session, jeditaskid: number, ended: string[]): Promise<string | null | undefined> {
    const [row] = await tx.run(sql.lockSplitRule, { jeditaskid, ended });
    return row?.splitrule;
  }

  async writeSplitRule(tx: Session, jeditaskid: number, splitRule: string): Promise<void> {
    await tx.run(sql.writeSplitRule, { jeditaskid, splitRule });
  }

  async increaseAttempts(
    tx: Session,
    params: {
      jeditaskid: number;
      increase: number;
      ready: string;
      datasetTypes: string[];
      onlyExhausted: boolean;
    },
  ) {
    const [row] = await tx.run(sql.increaseFileAttempts, params);
    return row ?? { increased: 0, reactivated: 0 };
  }

  async shiftModification(tx: Session, shift: { jeditaskid: number; hours: number; ended: string[] }): Promise<number> {
    const [row] = await tx.run(sql.shiftTaskModification, shift);
    return row?.rows ?? 0;
  }

  async moveToShare(
    tx: Session,
    move: { taskIds: number[]; share: string; ended: string[]; jobStatuses: string[] },
  ): Promise<number> {
    const [row] = await tx.run(sql.moveToShare, move);
    return row?.rows ?? 0;
  }

  async liveJobs(jeditaskid: number, limit: number): Promise<number[]> {
    return (await this.database.run(sql.liveJobsOfTask, { jeditaskid, limit })).map(({ pandaid }) => pandaid);
  }

  /** Where mail about the user's tasks goes, unless the user has said so before. */
  async rememberMailAddress(tx: Session, user: { userName: string; vo: string; email: string }): Promise<void> {
    if (user.email.length <= MAIL_ADDRESS_MAX) await tx.run(rememberMailAddress, user);
  }
}

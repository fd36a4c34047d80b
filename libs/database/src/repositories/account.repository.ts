import { Injectable } from '@nestjs/common';
import { Database, type Session, type Tx } from '../kernel/database.js';
import * as sql from '../statements/accounts.js';

/** Users: names, bans, secrets and sandboxes. */
@Injectable()
export class AccountRepository {
  constructor(private readonly database: Database) {}

  transaction<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(work);
  }

  /**
   * True when the principal may use the name: it was the first to do so, or is linked to the one that was. Somebody who comes with
   * another name (a changed display name) may use it while nobody holds it.
   */
  async bind(principal: string, userName: string): Promise<boolean> {
    const [row] = await this.database.run(sql.bindPrincipal, { principal, userName });
    return row !== undefined && (row.holder === null || row.holder === row.own);
  }

  async banned(status: string): Promise<string[]> {
    return (await this.database.run(sql.readBannedUsers, { banned: status })).map(({ name }) => name);
  }

  async lockSecrets(tx: Session, owner: string): Promise<string | null> {
    const [row] = await tx.run(sql.lockSecrets, { owner });
    return row?.data ?? null;
  }

  async secrets(owner: string): Promise<string | null> {
    const [row] = await this.database.run(sql.readSecrets, { owner });
    return row?.data ?? null;
  }

  async writeSecrets(tx: Session, owner: string, data: string | null): Promise<void> {
    if (data === null) await tx.run(sql.deleteSecrets, { owner });
    else await tx.run(sql.writeSecrets, { owner, data });
  }

  async registerSandbox(
    tx: Session,
    sandbox: { userName: string; fileName: string; host: string; size: number; checksum: string },
  ) {
    await tx.run(sql.registerSandbox, sandbox);
  }

  async findSandbox(search: {
    userName: string;
    size: number;
    checksum: string;
    ownHost: string;
  }): Promise<sql.SandboxRow | null> {
    const [row] = await this.database.run(sql.findSandbox, search);
    return row ?? null;
  }

  async sandbox(fileName: string): Promise<sql.SandboxRow | null> {
    const [row] = await this.database.run(sql.sandboxByName, { fileName });
    return row ?? null;
  }

  async touchSandbox(fileName: string, userName: string | null): Promise<boolean> {
    return (await this.database.run(sql.touchSandbox, { fileName, userName })).length > 0;
  }

  /** `userName` null removes anybody's. */
  async deleteSandbox(tx: Session, fileName: string, userName: string | null): Promise<boolean> {
    return (await tx.run(sql.deleteSandbox, { fileName, userName })).length > 0;
  }

  async sandboxUsage(userName: string): Promise<{ bytes: number; recent: number }> {
    const [row] = await this.database.run(sql.sandboxUsage, { userName });
    return row ?? { bytes: 0, recent: 0 };
  }
}

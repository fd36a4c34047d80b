import { type ConfigRow, ConfigRows } from '@panda/config';
import type { Session } from '../kernel/database.js';
import { readConfig } from '../statements/configuration.js';

/** The CONFIG table as the operators' configuration of `@panda/config`. */
export class DatabaseConfigRows extends ConfigRows {
  constructor(private readonly session: Session) {
    super();
  }

  async read(): Promise<readonly ConfigRow[]> {
    const rows = await this.session.run(readConfig, {});
    return rows.map(({ value_json, ...row }) => ({ ...row, valueJson: value_json ?? undefined }));
  }
}

import { Injectable } from '@nestjs/common';
import type { DatasetName } from '@panda/domain';
import { Database } from '../kernel/database.js';
import * as sql from '../statements/user-data.js';

/** What users ask about their files in the built-in catalogue. */
@Injectable()
export class UserDataRepository {
  constructor(private readonly database: Database) {}

  async describe(dataset: DatasetName) {
    const [row] = await this.database.run(sql.describeOne, { scope: dataset.scope, name: dataset.name });
    return row ?? null;
  }

  files(datasets: readonly DatasetName[], limit: number, offset: number): Promise<sql.CatalogueFileRow[]> {
    const scopes = datasets.map(({ scope }) => scope);
    const names = datasets.map(({ name }) => name);
    return this.database.run(sql.pageOfFiles, { scopes, names, limit, offset });
  }

  async file(scope: string | null, lfn: string, dataset: DatasetName | null): Promise<sql.CatalogueFileRow | null> {
    const within = { datasetScope: dataset?.scope ?? null, dataset: dataset?.name ?? null };
    const [row] = await this.database.run(sql.findFile, { scope, lfn, ...within });
    return row ?? null;
  }
}

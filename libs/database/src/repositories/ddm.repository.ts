import { Injectable } from '@nestjs/common';
import { type DatasetName, DdmError, type DdmFile, type ExpectedDdmFile, type FileName, type NewDataset } from '@panda/domain';
import { Database, type Session } from '../kernel/database.js';
import * as sql from '../statements/ddm.js';

/** Files of one INSERT: keeps a statement's parameters and locks bounded. */
const FILES_PER_STATEMENT = 5_000;

/** Rows of the built-in data catalogue. */
@Injectable()
export class DdmRepository {
  constructor(private readonly database: Database) {}

  describe(datasets: readonly DatasetName[]) {
    return this.database.run(sql.describeDatasets, arrays(datasets));
  }

  members(dataset: DatasetName) {
    return this.database.run(sql.membersOf, { scope: dataset.scope, name: dataset.name });
  }

  files(datasets: readonly DatasetName[]) {
    return this.database.run(sql.filesOf, arrays(datasets));
  }

  availability(datasets: readonly DatasetName[]) {
    return this.database.run(sql.availabilityOf, arrays(datasets));
  }

  storages(endpoints: readonly string[] | null) {
    return this.database.run(sql.storages, { endpoints: endpoints && [...endpoints] });
  }

  replicas(scope: string, lfn: string) {
    return this.database.run(sql.replicasOf, { scope, lfn });
  }

  find(pattern: string, owner: string | null, limit: number) {
    return this.database.run(sql.findDatasets, { pattern, owner, limit });
  }

  /** Returns the datasets that are new. */
  register(datasets: readonly NewDataset[]): Promise<DatasetName[]> {
    return this.database.run(sql.insertDatasets, {
      ...arrays(datasets),
      kinds: datasets.map(({ kind }) => kind ?? 'dataset'),
      owners: datasets.map(({ owner }) => owner ?? null),
      metadata: datasets.map(({ metadata }) => JSON.stringify(metadata ?? {})),
      lifetimes: datasets.map(({ lifetimeS }) => lifetimeS ?? null),
    });
  }

  async addToContainer(container: DatasetName, members: readonly DatasetName[]): Promise<void> {
    const { scopes: childScopes, names: childNames } = arrays(members);
    await this.database.run(sql.insertContainerContent, {
      scope: container.scope,
      name: container.name,
      childScopes,
      childNames,
    });
  }

  /** Files, their replica at `endpoint` and their membership, in one transaction. A name taken by other content stores nothing. */
  async addFiles(dataset: DatasetName, endpoint: string, files: readonly DdmFile[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      for (let from = 0; from < files.length; from += FILES_PER_STATEMENT) {
        await insertChunk(tx, dataset, endpoint, files.slice(from, from + FILES_PER_STATEMENT));
      }
    });
  }

  /** Files that are not in the dataset as described, or nowhere to be read. */
  defects(dataset: DatasetName, files: readonly ExpectedDdmFile[]): Promise<FileName[]> {
    return this.database.run(sql.defectiveFiles, { ...dataset, ...fileArrays(files), sizes: files.map(({ size }) => size) });
  }

  /** In one transaction: membership, then the rows of what nobody holds any more. */
  async removeFiles(dataset: DatasetName, files: readonly FileName[]): Promise<void> {
    await this.database.transaction(async (tx) => {
      await tx.run(sql.removeDatasetFiles, { ...dataset, ...fileArrays(files) });
      await tx.run(sql.forgetFiles, fileArrays(files));
    });
  }

  async close(datasets: readonly DatasetName[]): Promise<void> {
    await this.database.run(sql.closeDatasets, arrays(datasets));
  }

  async eraseEmpty(datasets: readonly DatasetName[]): Promise<void> {
    await this.database.run(sql.eraseEmptyDatasets, arrays(datasets));
  }
}

async function insertChunk(session: Session, dataset: DatasetName, endpoint: string, files: readonly DdmFile[]): Promise<void> {
  const scopes = files.map(({ scope }) => scope);
  const lfns = files.map(({ lfn }) => lfn);
  const [taken] = await session.run(sql.insertFiles, {
    scopes,
    lfns,
    guids: files.map(({ guid }) => guid ?? null),
    sizes: files.map(({ size }) => size),
    adlers: files.map(({ adler32 }) => adler32 ?? null),
    md5s: files.map(({ md5 }) => md5 ?? null),
    events: files.map(({ events }) => events ?? null),
    lumiBlocks: files.map(({ lumiBlock }) => lumiBlock ?? null),
  });
  if (taken) throw new DdmError('conflict', `the name ${taken.scope}:${taken.lfn} is taken by a file of other content`);
  await session.run(sql.insertReplicas, { scopes, lfns, endpoint });
  await session.run(sql.insertDatasetFiles, { scope: dataset.scope, name: dataset.name, scopes, lfns });
}

function fileArrays(files: readonly FileName[]) {
  return { scopes: files.map(({ scope }) => scope), lfns: files.map(({ lfn }) => lfn) };
}

function arrays(datasets: readonly DatasetName[]): sql.NameArrays {
  return { scopes: datasets.map(({ scope }) => scope), names: datasets.map(({ name }) => name) };
}

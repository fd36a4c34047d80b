import { Injectable } from '@nestjs/common';
import { DdmRepository } from '@panda/database';
import {
  type Availability,
  type DatasetInfo,
  type DatasetName,
  type Ddm,
  DdmError,
  type DdmFile,
  type ExpectedDdmFile,
  type FileName,
  type NewDataset,
} from '@panda/domain';

/** The DDM port on the built-in catalogue. */
@Injectable()
export class CatalogDdm implements Ddm {
  constructor(private readonly rows: DdmRepository) {}

  async describe(names: readonly DatasetName[]): Promise<DatasetInfo[]> {
    const rows = await this.rows.describe(names);
    return rows.map(({ scope, name, kind, state }) => ({ scope, name, kind, open: state === 'open' }));
  }

  members(container: DatasetName): Promise<DatasetName[]> {
    return this.rows.members(container);
  }

  async files(dataset: DatasetName): Promise<DdmFile[]> {
    const rows = await this.rows.files(await this.known(dataset));
    return rows.map((row) => ({
      scope: row.scope,
      lfn: row.lfn,
      size: row.fsize,
      ...present('guid', row.guid),
      ...present('adler32', row.adler32),
      ...present('md5', row.md5),
      ...present('events', row.events),
      ...present('lumiBlock', row.lumiblocknr),
    }));
  }

  async availability(dataset: DatasetName): Promise<Availability[]> {
    const rows = await this.rows.availability(await this.known(dataset));
    return rows.map((row) => ({
      endpoint: row.endpoint,
      onTape: row.is_tape,
      available: row.available,
      availableBytes: row.available_bytes,
      total: row.total,
    }));
  }

  async register(datasets: readonly NewDataset[]): Promise<void> {
    if (datasets.length > 0) await this.rows.register(datasets);
  }

  async addToContainer(container: DatasetName, members: readonly DatasetName[]): Promise<void> {
    if (members.length > 0) await this.rows.addToContainer(container, members);
  }

  async addFiles(dataset: DatasetName, endpoint: string, files: readonly DdmFile[]): Promise<void> {
    const [info] = await this.rows.describe([dataset]);
    if (!info) throw unknown(dataset);
    if (files.length > 0) await this.rows.addFiles(dataset, endpoint, files);
  }

  async defects(dataset: DatasetName, files: readonly ExpectedDdmFile[]): Promise<FileName[]> {
    return files.length > 0 ? this.rows.defects(dataset, files) : [];
  }

  async removeFiles(dataset: DatasetName, files: readonly FileName[]): Promise<void> {
    if (files.length > 0) await this.rows.removeFiles(dataset, files);
  }

  async close(datasets: readonly DatasetName[]): Promise<void> {
    if (datasets.length > 0) await this.rows.close(datasets);
  }

  async eraseEmpty(datasets: readonly DatasetName[]): Promise<void> {
    if (datasets.length > 0) await this.rows.eraseEmpty(datasets);
  }

  /** The datasets behind a name: itself, or a container's members. A container may be empty, a name may not be unknown. */
  private async known(dataset: DatasetName): Promise<DatasetName[]> {
    const members = await this.rows.members(dataset);
    if (members.length === 0 && (await this.rows.describe([dataset])).length === 0) throw unknown(dataset);
    return members;
  }
}

function unknown({ scope, name }: DatasetName): DdmError {
  return new DdmError('unknown', `no dataset ${scope}:${name}`);
}

function present<K extends string, V>(key: K, value: V | null): { [P in K]?: V } {
  return value === null ? {} : ({ [key]: value } as { [P in K]: V });
}

import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  ADLER32_HEADER,
  type DatasetReply,
  dataRoutes,
  type FileReply,
  type ListDatasetsQuery,
  type ListFilesQuery,
  type Page,
  type RegisterDatasetRequest,
  type UploadFields,
  type UploadReply,
} from '@panda/contracts';
import { createAdler32 } from 'hash-wasm';
import type { Connection } from '../connection.js';
import { dataOf, type Envelope } from '../envelope.js';
import { ClientError } from '../errors.js';
import { fileOnDisk } from '../transport/multipart.js';
import { asFields } from './shape.js';

export interface DownloadedFile {
  readonly size: number;
  readonly adler32: string;
}

/** Module `data` of API v1: user files in datasets. */
export class DataCalls {
  constructor(private readonly connection: Connection) {}

  async registerDataset(request: RegisterDatasetRequest): Promise<DatasetReply> {
    const { path } = dataRoutes.registerDataset;
    return reply(await this.connection.post(path, { ...request }, true), path);
  }

  async closeDataset(name: string): Promise<DatasetReply> {
    const { path } = dataRoutes.closeDataset;
    return reply(await this.connection.post(path, { name }, true), path);
  }

  /** Streams a local file into a dataset; the server measures size and checksum. */
  async upload(localPath: string, fields: UploadFields): Promise<UploadReply> {
    const { path } = dataRoutes.uploadFile;
    const { size } = await stat(localPath);
    const part = fileOnDisk('file', localPath, fields.lfn, size);
    return reply(await this.connection.upload(path, { ...fields, size: String(size) }, part, { idempotent: true }), path);
  }

  async listDatasets(query: ListDatasetsQuery = {}): Promise<Page<DatasetReply>> {
    const { path } = dataRoutes.listDatasets;
    return reply(await this.connection.get(path, { ...query }), path);
  }

  async listFiles(query: ListFilesQuery): Promise<Page<FileReply>> {
    const { path } = dataRoutes.listFiles;
    return reply(await this.connection.get(path, { ...query }), path);
  }

  /** All files of a dataset, page by page. */
  async *files(dataset: string): AsyncGenerator<FileReply> {
    for (let offset: number | null = 0; offset !== null; ) {
      const page: Page<FileReply> = await this.listFiles({ dataset, offset });
      yield* page.items;
      offset = page.next_offset;
    }
  }

  /** Writes a file to `target`, which appears only when every byte is there and the checksum is right. */
  download(query: { dataset?: string; lfn: string }, target: string): Promise<DownloadedFile> {
    return this.connection.repeat(true, () => this.downloadOnce(query, target));
  }

  private async downloadOnce(query: { dataset?: string; lfn: string }, target: string): Promise<DownloadedFile> {
    const partial = `${target}.part`;
    try {
      const got = await this.connection.download(dataRoutes.downloadFile.path, query, ADLER32_HEADER, (body, headers) =>
        store(body, partial, String(headers[ADLER32_HEADER])),
      );
      await rename(partial, target);
      return got;
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
  }
}

async function store(body: AsyncIterable<Buffer>, path: string, expected: string): Promise<DownloadedFile> {
  const sum = await createAdler32();
  let size = 0;
  const measure = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sum.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(Readable.from(body), measure, createWriteStream(path));
  const adler32 = sum.digest();
  if (adler32 === expected) return { size, adler32 };
  throw new ClientError('PANDA-CLIENT-016', `adler32 of the received bytes is ${adler32}, the server announced ${expected}`);
}

function reply<T>(envelope: Envelope, path: string): T {
  return asFields(dataOf(envelope, path), path) as T;
}

import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { type DatasetReply, dataLimits, type FileReply, type operations, type Page, type UploadReply } from '@panda/contracts';
import { type CatalogueFileRow, DdmRepository, UserDataRepository } from '@panda/database';
import { DDM, FileStorage } from '@panda/ddm-catalog';
import { type DatasetName, type Ddm, DdmError, type DdmFile, datasetName } from '@panda/domain';
import { hasRole, type Identity } from '../auth/caller.js';
import { type GatewayConfig, gatewayKeys } from '../gateway.config.js';
import type { UploadPart } from '../http/call.js';
import { datasetReply, fileReply, isOpen, pageOf } from './data-view.js';
import { nameRefusal } from './name-rights.js';

type Outcome<T> = operations.Outcome<T>;

const NAME = /^[A-Za-z0-9._-]+$/;
const no = (reason: string) => ({ ok: false, reason }) as const;

/** Datasets and files of users in the built-in catalogue, over storage endpoints on disk. */
@Injectable()
export class UserData {
  constructor(
    @Inject(DDM) private readonly ddm: Ddm,
    private readonly catalogue: DdmRepository,
    private readonly rows: UserDataRepository,
    @Inject(gatewayKeys.token) private readonly config: GatewayConfig,
  ) {}

  async register(given: string, kind: string, members: readonly string[], caller: Identity): Promise<Outcome<DatasetReply>> {
    const container = kind === 'container' || given.endsWith('/');
    if (!['dataset', 'container'].includes(kind)) return no("type must be 'dataset' or 'container'");
    if (members.length > 0 && !container) return no('only a container has members');
    const name = datasetName(given);
    if (!valid(name)) return no('the name of a dataset has letters, digits and . _ - only');
    const refusal = nameRefusal(name, caller);
    if (refusal !== null) return no(refusal);
    const named = [...new Set(members)].map(datasetName);
    // Looked up first: a container with a member that is none is not made.
    if ((await this.ddm.describe(named)).length < named.length) return no('a member of the container is unknown');
    const [added] = await this.catalogue.register([
      { ...name, kind: container ? 'container' : 'dataset', owner: caller.userName },
    ]);
    const found = await this.owned(name, caller);
    if (!found.ok) return found;
    if (named.length > 0) await this.ddm.addToContainer(name, named);
    return { ok: true, value: { ...found.value, created: added !== undefined } };
  }

  async close(given: string, caller: Identity): Promise<Outcome<DatasetReply>> {
    const name = datasetName(given);
    const found = await this.owned(name, caller);
    if (!found.ok) return found;
    await this.ddm.close([name]);
    return { ok: true, value: { ...found.value, is_open: false } };
  }

  /** `*` and `?` are wild cards; everything else is text. */
  async datasets(pattern: string | null, limit: number, offset: number, caller: Identity): Promise<Page<DatasetReply>> {
    const like = (pattern ?? '*')
      .replace(/^[^:]*:/, '')
      .replace(/[\\%_]/g, '\\$&')
      .replaceAll('*', '%')
      .replaceAll('?', '_');
    const rows = await this.catalogue.find(like, pattern === null ? caller.userName : null, limit + offset + 1);
    const page = pageOf(rows.slice(offset), limit, offset);
    return { ...page, items: page.items.map((row) => datasetReply(row, row)) };
  }

  async files(given: string, limit: number, offset: number): Promise<Outcome<Page<FileReply>>> {
    const name = datasetName(given);
    if ((await this.rows.describe(name)) === null) return no('no such dataset');
    const rows = await this.rows.files(await this.ddm.members(name), limit + 1, offset);
    const page = pageOf(rows, limit, offset);
    return { ok: true, value: { ...page, items: page.items.map(fileReply) } };
  }

  /** Streams the bytes to their place, measures them, and registers what arrived. */
  async upload({ fields, stream }: UploadPart, caller: Identity): Promise<Outcome<UploadReply>> {
    const { dataset = '', lfn = '' } = fields;
    const name = datasetName(dataset);
    if (!NAME.test(lfn) || lfn.length > dataLimits.lfn || lfn.startsWith('.'))
      return no('the file name has letters, digits and . _ - only');
    const found = await this.owned(name, caller);
    if (!found.ok) return found;
    if (!found.value.is_open) return no('the dataset is closed');
    const storage = await this.storage(fields.endpoint);
    if (storage === undefined) return no('no such storage endpoint');
    const files = new FileStorage(storage.base);
    const written = await files.write(name.scope, lfn, randomUUID(), stream as Readable);
    const problem = mismatch(written, fields);
    if (problem !== null) {
      if (written.stored) await files.remove(name.scope, lfn);
      return no(problem);
    }
    return this.registerFile(name, storage.endpoint, { scope: name.scope, lfn, ...described(written, fields) }, written.stored);
  }

  async open(lfn: string, dataset: string | null): Promise<Outcome<operations.FileBytes>> {
    const colon = lfn.indexOf(':');
    const scope = colon > 0 ? lfn.slice(0, colon) : null;
    const row = await this.rows.file(scope, lfn.slice(colon + 1), dataset === null ? null : datasetName(dataset));
    if (row === null) return no('no such file');
    const replica = row.replicas.find(({ base }) => base?.startsWith('file://'));
    if (replica?.base == null) return no('no replica of the file can be read here');
    const { size, content } = await new FileStorage(replica.base).read(row.scope, row.lfn);
    return { ok: true, value: { lfn: row.lfn, size, adler32: row.adler32 ?? '', content } };
  }

  private async registerFile(name: DatasetName, endpoint: string, file: DdmFile, stored: boolean): Promise<Outcome<UploadReply>> {
    const before = await this.rows.file(file.scope, file.lfn, null);
    if (!stored && (before === null || !sameBytes(before, file))) return no('the name is taken by other content');
    try {
      await this.ddm.addFiles(name, endpoint, [{ ...file, ...(before?.guid == null ? {} : { guid: before.guid }) }]);
    } catch (error) {
      if (error instanceof DdmError && error.kind === 'conflict') return no(error.message);
      throw error;
    }
    const row = await this.rows.file(file.scope, file.lfn, name);
    if (row === null) throw new Error('the file is not in the dataset it was added to');
    return { ok: true, value: { ...fileReply(row), created: before === null } };
  }

  /** The dataset, if the caller may change it. */
  private async owned(name: DatasetName, caller: Identity): Promise<Outcome<DatasetReply>> {
    const row = await this.rows.describe(name);
    if (row === null) return no('no such dataset');
    if (row.owner !== caller.userName && !hasRole(caller, 'production', 'admin'))
      return no('the dataset belongs to somebody else');
    return { ok: true, value: { ...datasetReply(name, row), is_open: isOpen(row) } };
  }

  private async storage(asked: string | undefined): Promise<{ endpoint: string; base: string } | undefined> {
    const wanted = asked ?? this.config.userEndpoint;
    const rows = await this.catalogue.storages(wanted === undefined ? null : [wanted]);
    const found = rows.find(({ base_url, is_tape }) => base_url.startsWith('file://') && !is_tape);
    return found && { endpoint: found.endpoint, base: found.base_url };
  }
}

function valid({ scope, name }: DatasetName): boolean {
  return NAME.test(scope) && NAME.test(name) && scope.length <= dataLimits.scope && name.length <= dataLimits.dataset;
}

interface Measured {
  readonly size: number;
  readonly adler32: string;
}

/** The client's numbers are only compared with what arrived. */
function mismatch({ size, adler32 }: Measured, fields: Readonly<Record<string, string>>): string | null {
  if (fields.size !== undefined && fields.size !== String(size)) return `${size} bytes arrived, ${fields.size} were announced`;
  if (fields.adler32 !== undefined && fields.adler32.toLowerCase() !== adler32) return `adler32 is ${adler32}, not as announced`;
  return null;
}

function described({ size, adler32 }: Measured, { guid, n_events }: Readonly<Record<string, string>>) {
  const events = Number(n_events);
  return {
    size,
    adler32,
    guid: guid !== undefined && /^[0-9A-Fa-f-]{32,36}$/.test(guid) ? guid : randomUUID(),
    ...(n_events !== undefined && Number.isSafeInteger(events) && events >= 0 ? { events } : {}),
  };
}

function sameBytes(row: CatalogueFileRow, file: DdmFile): boolean {
  return row.fsize === file.size && row.adler32 === file.adler32;
}

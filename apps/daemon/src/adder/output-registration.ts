import { Inject, Injectable } from '@nestjs/common';
import { OperatorTables, type ReportedJobRow } from '@panda/database';
import { DDM } from '@panda/ddm-catalog';
import { type Ddm, type DdmFile, datasetName, type GoodFile } from '@panda/domain';
import { type AdderConfig, adderKeys } from './adder.config.js';

/** Files of a judged job and where it ran. */
export interface FilesOfJob {
  readonly job: ReportedJobRow;
  readonly files: readonly GoodFile[];
}

/** Thrown for one dataset: the jobs that wrote into it fail or wait, others go on. */
export class NoEndpoint extends Error {
  constructor(queue: string | null) {
    super(`no storage endpoint is known for outputs of queue ${queue ?? 'unknown'}`);
    this.name = 'NoEndpoint';
  }
}

/** Tells data management about good outputs. Repeating it changes nothing, so it goes before the transaction that ends the jobs. */
@Injectable()
export class OutputRegistration {
  constructor(
    @Inject(DDM) private readonly ddm: Ddm,
    private readonly tables: OperatorTables,
    @Inject(adderKeys.token) private readonly config: AdderConfig,
  ) {}

  /** Registers the files of these jobs, set by set: one call for each dataset and endpoint. Throws DdmError or {@link NoEndpoint}. */
  async register(jobs: readonly FilesOfJob[]): Promise<void> {
    const sets = new Map<string, { dataset: string; owner: string | null; endpoint: string; files: DdmFile[] }>();
    for (const { job, files } of jobs) {
      for (const file of files) {
        const endpoint = await this.endpointOf(job, file);
        const key = `${file.dataset} ${endpoint}`;
        const set = sets.get(key) ?? { dataset: file.dataset, owner: job.userName, endpoint, files: [] };
        set.files.push(catalogued(file));
        sets.set(key, set);
      }
    }
    for (const { dataset, owner, endpoint, files } of sets.values()) {
      const name = datasetName(dataset);
      await this.ddm.register([{ ...name, ...(owner ? { owner } : {}) }]);
      await this.ddm.addFiles(name, endpoint, files);
    }
  }

  /** What the pilot says, what the job was told, what the queue writes to. */
  private async endpointOf({ computingSite }: ReportedJobRow, file: GoodFile): Promise<string> {
    const relations = await this.tables.relations();
    const mine = relations.filter(({ queue }) => queue === computingSite);
    const named = [file.report.endpoint, file.endpoint].find((name) => name && mine.some(({ endpoint }) => endpoint === name));
    const ofQueue = mine.find(({ defaultWrite }) => defaultWrite) ?? mine.find(({ roles }) => roles?.includes('write'));
    const endpoint = named ?? ofQueue?.endpoint ?? file.report.endpoint ?? this.config.defaultEndpoint;
    if (!endpoint) throw new NoEndpoint(computingSite);
    return endpoint;
  }
}

function catalogued({ scope, lfn, dataset, report }: GoodFile): DdmFile {
  return {
    scope: scope || datasetName(dataset).scope,
    lfn,
    size: report.fsize ?? 0,
    ...(report.guid ? { guid: report.guid } : {}),
    ...(report.adler32 ? { adler32: report.adler32 } : {}),
    ...(report.md5 ? { md5: report.md5 } : {}),
    ...(report.nEvents !== null ? { events: report.nEvents } : {}),
    ...(report.lumiBlock !== null ? { lumiBlock: report.lumiBlock } : {}),
  };
}

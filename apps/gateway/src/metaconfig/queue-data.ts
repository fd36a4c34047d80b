import { Injectable } from '@nestjs/common';
import { DdmRepository, OperatorTables, type QueueRow } from '@panda/database';

type Data = Readonly<Record<string, unknown>>;

/** What pilots read about their queue when the queue's JSON does not say (pilot-api §5). */
const PILOT_DEFAULTS: Data = {
  state: 'ACTIVE',
  status: 'online',
  catchall: '',
  container_type: '',
  container_options: '',
  acopytools_schemas: {},
  aprotocols: {},
  params: {},
  timefloor: 0,
};

/** Queue and storage data for pilots, from the operators' tables. */
@Injectable()
export class QueueData {
  constructor(
    private readonly tables: OperatorTables,
    private readonly ddm: DdmRepository,
  ) {}

  async one(name: string): Promise<Data | undefined> {
    const queue = (await this.tables.queues()).find((row) => row.name === name);
    return queue && forPilot(queue);
  }

  async all(): Promise<Record<string, Data>> {
    return Object.fromEntries((await this.tables.queues()).map((queue) => [queue.name, forPilot(queue)]));
  }

  /** Storage endpoints by name, with the protocols pilots use. */
  async endpoints(): Promise<Record<string, Data>> {
    const [endpoints, storages] = await Promise.all([this.tables.endpoints(), this.storages()]);
    return Object.fromEntries(
      endpoints.map((endpoint, i) => [endpoint.name, endpointData(endpoint, i + 1, storages.get(endpoint.name))]),
    );
  }

  /** Base URLs of the built-in catalogue; endpoints of an outside data management have none. */
  private async storages(): Promise<ReadonlyMap<string, string>> {
    return new Map((await this.ddm.storages(null)).map(({ endpoint, base_url }) => [endpoint, base_url]));
  }
}

function forPilot({ name, site, data }: QueueRow): Data {
  return { nickname: name, panda_resource: name, atlas_site: site ?? name, ...PILOT_DEFAULTS, ...data };
}

interface Endpoint {
  readonly name: string;
  readonly site: string | null;
  readonly spaceToken: string | null;
  readonly type: string | null;
}

const ACTIVITIES = ['read_lan', 'read_wan', 'write_lan', 'write_wan', 'pr', 'pw', 'pl'] as const;

function endpointData({ name, site, spaceToken, type }: Endpoint, id: number, baseUrl: string | undefined): Data {
  const protocols = baseUrl === undefined ? [] : [protocolOf(id, baseUrl)];
  return {
    id,
    name,
    state: 'ACTIVE',
    site,
    token: spaceToken,
    type: type ?? 'DATADISK',
    is_deterministic: true,
    arprotocols: Object.fromEntries(ACTIVITIES.map((activity) => [activity, protocols])),
    rprotocols: {},
    resource: {},
  };
}

/** `file:///se` is endpoint `file://localhost` and path `/se/`; the pilot appends scope, hash and name. */
function protocolOf(id: number, baseUrl: string): Data {
  const url = new URL(baseUrl);
  const host = url.protocol === 'file:' && url.host === '' ? 'localhost' : url.host;
  return { id, endpoint: `${url.protocol}//${host}`, path: `${url.pathname.replace(/\/$/, '')}/` };
}

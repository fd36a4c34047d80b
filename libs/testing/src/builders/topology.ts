import { type Columns, RowBuilder } from './row.js';

/** A row of SCHEDCONFIG_JSON. */
export class QueueBuilder extends RowBuilder<QueueBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.schedconfig_json', columns);
  }

  protected copy(columns: Columns): QueueBuilder {
    return new QueueBuilder(columns);
  }

  /** Changes single keys of the queue's JSON. */
  configured(keys: Readonly<Record<string, unknown>>): QueueBuilder {
    return this.with({ data: { ...(this.columns.data as object), ...keys } });
  }
  offline(): QueueBuilder {
    return this.configured({ status: 'offline' });
  }
}

export function aQueue(name = 'QUEUE_A'): QueueBuilder {
  return new QueueBuilder({
    panda_queue: name,
    data: {
      panda_resource: name,
      siteid: name,
      status: 'online',
      cloud: 'WLCG',
      corecount: 1,
      corepower: 10,
      maxrss: 4000,
      minrss: 0,
      maxtime: 172_800,
      mintime: 0,
      maxwdir: 20_000,
      maxinputsize: 14_336,
      type: 'unified',
      capability: 'ucore',
      vo_name: 'wlcg',
      tier: 'T2D',
      region: 'WLCG',
    },
    last_update: '2026-01-01T00:00:00',
  });
}

/** A row of DDM_ENDPOINT. */
export class EndpointBuilder extends RowBuilder<EndpointBuilder> {
  constructor(columns: Columns) {
    super('doma_panda.ddm_endpoint', columns);
  }

  protected copy(columns: Columns): EndpointBuilder {
    return new EndpointBuilder(columns);
  }
}

export function anEndpoint(name = 'SITE_A_DATADISK'): EndpointBuilder {
  return new EndpointBuilder({
    ddm_endpoint_name: name,
    site_name: 'SITE_A',
    type: 'DATADISK',
    is_tape: 'N',
    space_total: 1_000_000,
    space_free: 500_000,
    space_used: 500_000,
    blacklisted: 'N',
  });
}

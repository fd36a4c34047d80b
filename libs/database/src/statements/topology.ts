import { statement } from '../kernel/statement.js';

export interface QueueRow {
  name: string;
  /** The queue's JSON as CRIC or an operator wrote it. */
  data: Readonly<Record<string, unknown>>;
  lastUpdate: Date | null;
  site: string | null;
}

/** Queues with their JSON configuration and site. Spec: Database › SCHEDCONFIG_JSON. */
export const readQueues = statement<object, QueueRow>(
  'queue.read',
  `select q.panda_queue as name, coalesce(q.data, '{}') as data, q.last_update as "lastUpdate", p.site_name as site
   from doma_panda.schedconfig_json q left join doma_panda.panda_site p on p.panda_site_name = q.panda_queue
   order by q.panda_queue`,
);

export interface EndpointRow {
  name: string;
  site: string | null;
  spaceToken: string | null;
  type: string | null;
  isTape: boolean;
  spaceTotal: number | null;
  spaceFree: number | null;
  spaceUsed: number | null;
  spaceExpired: number | null;
  blacklisted: boolean;
  blacklistedRead: boolean;
  blacklistedWrite: boolean;
}

/** Storage endpoints; space in GB as configurator writes it. */
export const readEndpoints = statement<object, EndpointRow>(
  'endpoint.read',
  `select ddm_endpoint_name as name, site_name as site, ddm_spacetoken_name as "spaceToken", type, coalesce(is_tape, 'N') = 'Y' as "isTape",
     space_total as "spaceTotal", space_free as "spaceFree", space_used as "spaceUsed", space_expired as "spaceExpired",
     coalesce(blacklisted, 'N') = 'Y' as blacklisted, coalesce(blacklisted_read, blacklisted, 'N') = 'Y' as "blacklistedRead",
     coalesce(blacklisted_write, blacklisted, 'N') = 'Y' as "blacklistedWrite"
   from doma_panda.ddm_endpoint order by ddm_endpoint_name`,
);

export interface RelationRow {
  queue: string;
  endpoint: string;
  isLocal: boolean;
  roles: string | null;
  orderRead: number | null;
  orderWrite: number | null;
  defaultRead: boolean;
  defaultWrite: boolean;
  scope: string;
}

/** Queue ↔ endpoint: without such a row a queue never reads from or writes to an endpoint. Spec: Database › PANDA_DDM_RELATION. */
export const readRelations = statement<object, RelationRow>(
  'relation.read',
  `select panda_site_name as queue, ddm_endpoint_name as endpoint, coalesce(is_local, 'N') = 'Y' as "isLocal", roles,
     order_read as "orderRead", order_write as "orderWrite", coalesce(default_read, 'N') = 'Y' as "defaultRead",
     coalesce(default_write, 'N') = 'Y' as "defaultWrite", scope
   from doma_panda.panda_ddm_relation order by panda_site_name, order_read nulls last, ddm_endpoint_name`,
);

export interface SiteRow {
  name: string;
  role: string | null;
  tier: number | null;
  state: string | null;
}

/** Sites; role `nucleus` makes one a destination of aggregated output. */
export const readSites = statement<object, SiteRow>(
  'site.read',
  'select site_name as name, role, tier_level as tier, state from doma_panda.site order by site_name',
);

export interface LinkRow {
  src: string;
  key: string;
  value: number | null;
}

/** Network metrics of the links that lead to a site. */
export const readLinksTo = statement<{ dst: string; keys: string[] }, LinkRow>(
  'link.readTo',
  `select src, key, value from doma_panda.network_matrix_kv where dst = $dst and key = any($keys::text[]) order by src, key`,
);

export interface CloudRow {
  name: string;
  status: string;
  tier1: string;
  weight: number;
  transtimeloDays: number;
  transtimehiDays: number;
  fairshare: string | null;
  pilotOwners: string | null;
}

/** Resource groups. Spec: Admin guide › Resource Group Registration. */
export const readClouds = statement<object, CloudRow>(
  'cloud.read',
  `select name, status, tier1, weight, transtimelo as "transtimeloDays", transtimehi as "transtimehiDays", fairshare,
     pilotowners as "pilotOwners" from doma_pandameta.cloudconfig order by name`,
);

/** Software tags of queues, as reported by CRIC. */
export const readSoftwareTags = statement<object, { queue: string; data: string | null }>(
  'softwareTags.read',
  'select panda_queue as queue, data from doma_panda.sw_tags order by panda_queue',
);

import { statement } from '../kernel/statement.js';

/** A site with one storage endpoint and one queue, written as an operator writes it. Spec: Admin guide › Registration of Resource Groups. */
export interface SiteParams {
  site: string;
  endpoint: string;
  baseUrl: string;
  spaceGb: number;
  queue: string;
  data: string;
}

export const registerSite = statement<Pick<SiteParams, 'site'>, never>(
  'site.register',
  `insert into doma_panda.site (site_name, role, state) values ($site, 'nucleus', 'ACTIVE')
   on conflict (site_name) do update set role = excluded.role, state = excluded.state`,
);

export const registerEndpoint = statement<Pick<SiteParams, 'site' | 'endpoint' | 'baseUrl' | 'spaceGb'>, never>(
  'site.registerEndpoint',
  `with endpoint as (
     insert into doma_panda.ddm_endpoint (ddm_endpoint_name, site_name, ddm_spacetoken_name, type, is_tape, space_total, space_free, space_used,
       space_expired, space_timestamp)
     values ($endpoint, $site, $endpoint, 'DATADISK', 'N', $spaceGb, $spaceGb, 0, 0, panda_ops.utc_now())
     on conflict (ddm_endpoint_name) do update set space_total = excluded.space_total, space_free = excluded.space_free,
       space_timestamp = excluded.space_timestamp)
   insert into panda_ops.ddm_storage (ddm_endpoint_name, base_url) values ($endpoint, $baseUrl)
   on conflict (ddm_endpoint_name) do update set base_url = excluded.base_url`,
);

export const registerQueue = statement<Pick<SiteParams, 'site' | 'endpoint' | 'queue' | 'data'>, never>(
  'site.registerQueue',
  `with queue as (
     insert into doma_panda.schedconfig_json (panda_queue, data, last_update) values ($queue, $data::jsonb, panda_ops.utc_now())
     on conflict (panda_queue) do update set data = excluded.data, last_update = excluded.last_update),
   place as (
     insert into doma_panda.panda_site (panda_site_name, site_name, storage_site_name, default_ddm_endpoint, is_local)
     values ($queue, $site, $site, $endpoint, 'Y')
     on conflict (panda_site_name) do update set site_name = excluded.site_name, default_ddm_endpoint = excluded.default_ddm_endpoint)
   insert into doma_panda.panda_ddm_relation (panda_site_name, ddm_endpoint_name, is_local, roles, order_read, order_write, default_read,
     default_write, scope)
   values ($queue, $endpoint, 'Y', 'read_lan,write_lan', 1, 1, 'Y', 'Y', 'default')
   on conflict (panda_site_name, ddm_endpoint_name, scope) do update set default_read = 'Y', default_write = 'Y'`,
);

/** A Harvester instance must be known before it may report; without an owner any caller with the role speaks for it. */
export const registerHarvester = statement<{ harvester: string; description: string }, never>(
  'site.registerHarvester',
  `insert into doma_panda.harvester_instances (harvester_id, description) values ($harvester, $description)
   on conflict (harvester_id) do nothing`,
);

/** Gives further communities the work queues that every installation is seeded with for the community `wlcg`. */
export const serveCommunities = statement<{ communities: string[] }, never>(
  'site.serveCommunities',
  `insert into doma_panda.jedi_work_queue (queue_id, queue_name, queue_type, vo, status, queue_function)
   select (select max(queue_id) from doma_panda.jedi_work_queue) + row_number() over (order by c.vo, q.queue_id),
     q.queue_name, q.queue_type, c.vo, q.status, q.queue_function
   from doma_panda.jedi_work_queue q cross join unnest($communities::text[]) as c (vo)
   where q.vo = 'wlcg' and not exists (select 1 from doma_panda.jedi_work_queue own where own.vo = c.vo)`,
);

-- A site, its storage, its queue and the shares of a community: a sample to copy and change.
-- Run with: psql "$DATABASE_URL" -v queue="$(cat deploy/config/queues/EXAMPLE.json)" -f deploy/config/site.sql
-- Safe to run again; takes effect within a minute, without a restart. Spec: Admin guide › Registration of Resource Groups,
-- Global Shares, and computing resources in the Database.
begin;

insert into doma_pandameta.cloudconfig (name, description, tier1, tier1se, server, status)
values ('WORLD', 'one group for everybody', 'NA', 'NA', 'NA', 'online')
on conflict (name) do update set status = excluded.status;

insert into doma_panda.site (site_name) values ('EXAMPLE_SITE') on conflict do nothing;
insert into doma_panda.panda_site (panda_site_name, site_name, default_ddm_endpoint, is_local)
values ('EXAMPLE', 'EXAMPLE_SITE', 'EXAMPLE_DATADISK', 'Y')
on conflict (panda_site_name) do update set default_ddm_endpoint = excluded.default_ddm_endpoint;

-- Space in GB. The base URL is where the built-in data management keeps the files.
insert into doma_panda.ddm_endpoint (ddm_endpoint_name, site_name, ddm_spacetoken_name, type, is_tape, space_total, space_free, space_timestamp)
values ('EXAMPLE_DATADISK', 'EXAMPLE_SITE', 'DATADISK', 'DATADISK', 'N', 100000, 90000, panda_ops.utc_now())
on conflict (ddm_endpoint_name) do update set space_free = excluded.space_free, space_timestamp = excluded.space_timestamp;
insert into panda_ops.ddm_storage (ddm_endpoint_name, base_url)
values ('EXAMPLE_DATADISK', 'file:///var/lib/panda/storage')
on conflict (ddm_endpoint_name) do update set base_url = excluded.base_url;
insert into doma_panda.panda_ddm_relation
  (panda_site_name, ddm_endpoint_name, is_local, roles, order_read, order_write, default_read, default_write, scope)
values ('EXAMPLE', 'EXAMPLE_DATADISK', 'Y', 'read_lan,write_lan', 1, 1, 'Y', 'Y', 'default')
on conflict do nothing;

insert into doma_panda.schedconfig_json (panda_queue, data, last_update)
values ('EXAMPLE', :'queue'::jsonb, panda_ops.utc_now())
on conflict (panda_queue) do update set data = excluded.data, last_update = excluded.last_update;

-- The tree of shares in per cent of the parent; patterns are regular expressions.
insert into doma_panda.global_shares (name, value, parent, prodsourcelabel, workinggroup) values
  ('Higgs', 70, 'Production', 'managed', 'AP_HIGG'),
  ('Upgrade', 30, 'Production', 'managed', 'AP_UPG')
on conflict (name) do update set value = excluded.value;

commit;

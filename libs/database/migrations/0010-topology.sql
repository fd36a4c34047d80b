-- Sites, storages, network. Spec: Database › ATLAS_PANDA schema.

create table doma_panda.site (
  site_name varchar(52) not null, role varchar(256), tier_level smallint, state varchar(52),
  primary key (site_name)
);

create table doma_panda.panda_site (
  panda_site_name varchar(52) not null, site_name varchar(52) not null, storage_site_name varchar(52),
  default_ddm_endpoint varchar(52), is_local char(1),
  primary key (panda_site_name)
);
create index on doma_panda.panda_site (site_name);
create index on doma_panda.panda_site (storage_site_name);
create index on doma_panda.panda_site (default_ddm_endpoint);

create table doma_panda.ddm_endpoint (
  ddm_endpoint_name varchar(52) not null, site_name varchar(52), ddm_spacetoken_name varchar(52),
  space_total bigint, space_free bigint, space_used bigint, is_tape varchar(1), type varchar(20),
  blacklisted char(1), space_expired bigint, space_timestamp timestamp, blacklisted_read char(1),
  blacklisted_write char(1), detailed_status jsonb, space_min_free bigint, space_unavailable bigint,
  primary key (ddm_endpoint_name)
);
create index on doma_panda.ddm_endpoint (site_name);

create table doma_panda.panda_ddm_relation (
  panda_site_name varchar(52) not null, ddm_endpoint_name varchar(52) not null, is_local char(1),
  roles varchar(60), order_read integer, order_write integer, default_read char(1), default_write char(1),
  scope varchar(52) not null,
  primary key (panda_site_name, ddm_endpoint_name, scope)
);
create index on doma_panda.panda_ddm_relation (ddm_endpoint_name);

create table doma_panda.schedconfig_json (
  panda_queue varchar(50) not null, data jsonb, last_update timestamp,
  primary key (panda_queue)
);

create table doma_panda.network_matrix_kv (
  src varchar(256) not null, dst varchar(256) not null, key varchar(256) not null, value bigint, ts timestamp,
  primary key (src, dst, key)
);

-- Loading buffer of the network import (a temporary table in the original).
create table doma_panda.network_matrix_kv_temp (
  src varchar(256) not null, dst varchar(256) not null, key varchar(256) not null, value bigint, ts timestamp
);

create table doma_panda.site_stats (
  site_name varchar(52) not null, key varchar(52) not null, value bigint, ts timestamp,
  primary key (site_name, key)
);

create table doma_panda.sw_tags (
  panda_queue varchar(50), data text, last_update timestamp
);

create table doma_panda.worker_node (
  site varchar(128), host_name varchar(128), cpu_model varchar(128), n_logical_cpus integer, n_sockets integer,
  cores_per_socket integer, threads_per_core integer, cpu_architecture varchar(20),
  cpu_architecture_level varchar(20), clock_speed numeric(9, 2), total_memory bigint, last_seen timestamp,
  total_local_disk bigint, cpu_model_normalized varchar(128),
  primary key (site, host_name, cpu_model)
);
create index on doma_panda.worker_node (last_seen);

create table doma_panda.worker_node_gpus (
  site varchar(128), host_name varchar(128), vendor varchar(128), model varchar(128), count integer, vram bigint,
  architecture varchar(128), framework varchar(128), framework_version varchar(20), driver_version varchar(20),
  last_seen timestamp,
  primary key (site, host_name, vendor, model)
);
create index on doma_panda.worker_node_gpus (last_seen);

create table doma_panda.worker_node_metrics (
  site varchar(128), host_name varchar(128), timestamp timestamp default panda_ops.utc_now(), key varchar(20),
  statistics jsonb,
  primary key (site, host_name, timestamp)
);
create index on doma_panda.worker_node_metrics ("timestamp");

create table doma_panda.carbon_region_emissions (
  region varchar(32) not null, timestamp timestamp default panda_ops.utc_now() not null, value bigint,
  primary key (region, timestamp)
);

create table doma_panda.cpu_benchmarks (
  cpu_type varchar(128), smt_enabled smallint, sockets smallint, cores_per_socket integer, ncores integer,
  site varchar(128), score_per_core numeric(10, 2), timestamp timestamp, source varchar(256),
  cpu_type_normalized varchar(128)
);
create index on doma_panda.cpu_benchmarks (cpu_type_normalized);

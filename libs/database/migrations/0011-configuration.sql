-- Configuration that operators change by SQL on a running system. Spec: System Configuration Parameters (gdpconfig), Global Shares.

create table doma_panda.config (
  app varchar(64) not null, component varchar(64) not null, key varchar(64) not null, value varchar(256) not null,
  type varchar(64) not null, vo varchar(32) not null, descr varchar(256) not null, value_json jsonb,
  primary key (app, component, key, vo)
);

create table doma_panda.global_shares (
  name varchar(32) not null, value smallint not null, parent varchar(32), prodsourcelabel varchar(100),
  workinggroup varchar(100), campaign varchar(100), processingtype varchar(100), vo varchar(32), queue_id integer,
  throttled char(1), transpath varchar(128), rtype varchar(32),
  primary key (name),
  unique (queue_id)
);

create table doma_panda.jedi_work_queue (
  queue_id integer not null, queue_name varchar(32) not null, queue_type varchar(32) not null,
  vo varchar(32) not null, status varchar(64), partitionid integer, stretchable smallint, queue_share smallint,
  queue_order smallint, criteria varchar(256), variables varchar(256), queue_function varchar(32),
  primary key (queue_id),
  unique (queue_name, queue_type, vo)
);
create index on doma_panda.jedi_work_queue (queue_function, queue_id);

create table doma_panda.resource_types (
  resource_name varchar(56) not null, mincore integer, maxcore integer, minrampercore integer,
  maxrampercore integer,
  primary key (resource_name)
);

create table doma_panda.pandadb_version (
  component varchar(100) not null, major integer not null, minor integer not null, patch integer not null,
  primary key (component)
);

create table doma_panda.metrics (
  computingsite varchar(128), gshare varchar(32), metric varchar(128), value_json jsonb, timestamp timestamp,
  unique nulls not distinct (computingsite, gshare, metric)
);

create table doma_panda.secrets (
  owner varchar(60) not null, updated_at timestamp default panda_ops.utc_now() not null, data text,
  primary key (owner)
);

create table doma_panda.machine_heartbeat (
  machine_name varchar(128) not null, service_name varchar(64) not null, last_seen timestamp,
  primary key (machine_name)
);

create table doma_panda.async_requests (
  request_id varchar(64) not null, request_type varchar(64) not null, service_name varchar(64),
  machine_name varchar(128), parameters text, expected_machines text, created_at timestamp,
  primary key (request_id)
);
create index on doma_panda.async_requests (service_name, machine_name);

create table doma_panda.async_results (
  request_id varchar(64) not null, machine_name varchar(128) not null, status varchar(16) default 'running',
  result text, stderr text, return_code smallint, truncated smallint default 0, error_msg varchar(2048),
  attempts smallint default 0, started_at timestamp, finished_at timestamp,
  primary key (request_id, machine_name)
);

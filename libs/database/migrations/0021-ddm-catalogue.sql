-- The built-in data catalogue: datasets, containers, files and replicas over storage endpoints. Same nouns as Rucio.

create table panda_ops.ddm_storage (
  ddm_endpoint_name text primary key, base_url text not null check (base_url ~ '^[a-z0-9]+://'), is_tape boolean not null default false
);

create table panda_ops.ddm_dataset (
  scope text not null, name text not null, kind text not null default 'dataset' check (kind in ('dataset', 'container')),
  state text not null default 'open' check (state in ('open', 'closed', 'frozen')), owner text, metadata jsonb not null default '{}',
  created_at timestamptz not null default now(), updated_at timestamptz not null default now(), expires_at timestamptz,
  primary key (scope, name)
);
create index on panda_ops.ddm_dataset (name);

create table panda_ops.ddm_container_content (
  scope text not null, name text not null, child_scope text not null, child_name text not null,
  primary key (scope, name, child_scope, child_name),
  foreign key (scope, name) references panda_ops.ddm_dataset on delete cascade,
  foreign key (child_scope, child_name) references panda_ops.ddm_dataset on delete cascade
);
create index on panda_ops.ddm_container_content (child_scope, child_name);

create table panda_ops.ddm_file (
  scope text not null, lfn text not null, guid text, fsize bigint not null check (fsize >= 0), adler32 text, md5 text, events bigint,
  lumiblocknr bigint, created_at timestamptz not null default now(), primary key (scope, lfn)
);
create index on panda_ops.ddm_file (guid) where guid is not null;

create table panda_ops.ddm_dataset_file (
  scope text not null, name text not null, file_scope text not null, lfn text not null, added_at timestamptz not null default now(),
  primary key (scope, name, file_scope, lfn),
  foreign key (scope, name) references panda_ops.ddm_dataset on delete cascade,
  foreign key (file_scope, lfn) references panda_ops.ddm_file on delete cascade
);
create index on panda_ops.ddm_dataset_file (file_scope, lfn);

create table panda_ops.ddm_replica (
  scope text not null, lfn text not null, ddm_endpoint_name text not null,
  state text not null default 'available' check (state in ('available', 'copying', 'bad')), updated_at timestamptz not null default now(),
  primary key (scope, lfn, ddm_endpoint_name), foreign key (scope, lfn) references panda_ops.ddm_file on delete cascade
);
create index on panda_ops.ddm_replica (ddm_endpoint_name);

-- A wish that a dataset be (and stay) somewhere: subscriptions, prestaging.
create table panda_ops.ddm_rule (
  id uuid primary key default panda_ops.uuid_v7(), scope text not null, name text not null, ddm_endpoint_name text not null,
  activity text, state text not null default 'replicating' check (state in ('replicating', 'ok', 'stuck')), error text,
  created_at timestamptz not null default now(), expires_at timestamptz,
  foreign key (scope, name) references panda_ops.ddm_dataset on delete cascade
);
create index on panda_ops.ddm_rule (scope, name);
create index on panda_ops.ddm_rule (state) where state = 'replicating';

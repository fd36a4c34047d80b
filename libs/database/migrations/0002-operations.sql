-- Operational tables: outbox, inbox, leases, hand-outs and the records that make effects happen once. Lock impact: none.

create sequence panda_ops.outbox_seq;

-- UUIDv7: 48 bits of milliseconds, then random; so ids of one writer sort by time and B-tree inserts stay local.
create function panda_ops.uuid_v7() returns uuid language sql volatile parallel safe as $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

create table panda_ops.outbox (
  id uuid primary key default panda_ops.uuid_v7(), ord bigint generated always as identity unique,
  aggregate text not null, seq bigint not null default nextval('panda_ops.outbox_seq'),
  type text not null, schema_version text not null default '1.0', exchange text not null default 'panda', routing_key text not null,
  critical boolean not null default false, payload jsonb not null, producer text not null default current_setting('application_name'),
  trace_id text, causation_id uuid, created_at timestamptz not null default now(),
  published_at timestamptz, attempts int not null default 0, last_error text,
  unique (aggregate, seq)
);
create index outbox_todo on panda_ops.outbox (ord) where published_at is null;
create index outbox_done on panda_ops.outbox using brin (published_at);

create table panda_ops.inbox (
  consumer text, message_id uuid, aggregate text, seq bigint, handled_at timestamptz not null default now(),
  result text not null, primary key (consumer, message_id)
);
create index on panda_ops.inbox using brin (handled_at);

create table panda_ops.dead_letter (
  id bigint generated always as identity primary key, message_id uuid, queue text not null, consumer text not null,
  reason_code text not null, reason_text text not null, first_failed_at timestamptz not null, last_failed_at timestamptz not null,
  attempts int not null, envelope jsonb, raw bytea,
  state text not null default 'open' check (state in ('open', 'replayed', 'discarded')),
  resolved_by text, resolved_at timestamptz, check (envelope is not null or raw is not null)
);
create index on panda_ops.dead_letter (state, queue, last_failed_at);

create table panda_ops.lease (
  name text primary key, holder text not null, token bigint not null, acquired_at timestamptz not null, expires_at timestamptz not null
);

create table panda_ops.handout (
  pandaid bigint, attemptnr smallint, handed_at timestamptz not null default now(), principal text not null, node text,
  scheduler_id text, worker_id bigint, request_id text not null, primary key (pandaid, attemptnr)
);

-- F3: an output is registered once. Filled in the transaction that finishes the file.
create table panda_ops.registered_output (
  scope text not null, lfn text not null, guid text, pandaid bigint not null, jeditaskid bigint, datasetid bigint, fileid bigint,
  registered_at timestamptz not null default now(), primary key (scope, lfn)
);
create unique index registered_output_guid on panda_ops.registered_output (guid) where guid is not null and guid <> '';
create index on panda_ops.registered_output (pandaid);

create table panda_ops.idempotency (
  scope text, key text, principal text not null, request_hash bytea not null, status int, response jsonb,
  created_at timestamptz not null default now(), primary key (scope, key)
);

create table panda_ops.next_action (
  kind text, object_id bigint, due_at timestamptz not null, reason text not null, primary key (kind, object_id)
);
create index on panda_ops.next_action (kind, due_at);

create table panda_ops.principal (
  principal text primary key, user_name text not null, linked_to text references panda_ops.principal,
  first_seen timestamptz not null default now()
);
create unique index principal_name on panda_ops.principal (user_name) where linked_to is null;

create table panda_ops.repair (
  id bigint generated always as identity primary key, at timestamptz not null default now(), invariant text not null,
  object text not null, before jsonb, after jsonb
);

create table panda_ops.audit (
  id bigint generated always as identity primary key, at timestamptz not null default now(), trace_id text, principal text not null,
  user_name text, roles text[], address inet, client text, method text not null, object text, outcome text not null, code text,
  summary jsonb, writer text not null default '', prev_hash bytea, hash bytea not null
);
create index on panda_ops.audit using brin (at);
create index on panda_ops.audit (object);

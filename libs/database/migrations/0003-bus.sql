-- The PostgreSQL driver of the bus (one machine, no RabbitMQ). Rows are leased, then deleted: keep pages roomy and vacuum often.

create table panda_ops.bus_message (
  id bigint generated always as identity primary key, queue text not null, key text not null, headers jsonb not null default '{}',
  body jsonb not null, attempt int not null default 0, visible_at timestamptz not null default now(), locked_until timestamptz,
  created_at timestamptz not null default now()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
create index bus_message_due on panda_ops.bus_message (queue, visible_at, id);

create table panda_ops.bus_binding (
  pattern text not null, queue text not null, primary key (pattern, queue)
);

create table panda_ops.bus_dead (
  id bigint primary key, queue text not null, key text not null, headers jsonb not null, body jsonb not null, attempt int not null,
  created_at timestamptz not null, dead_at timestamptz not null default now(), reason_code text not null, reason_text text not null
);
create index on panda_ops.bus_dead (queue, dead_at);

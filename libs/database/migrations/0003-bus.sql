-- The PostgreSQL driver of the bus (one machine, no RabbitMQ). Rows are leased, then deleted: keep pages roomy and vacuum often.

create table panda_ops.bus_message (
  id bigint generated always as identity primary key, queue text not null, key text not null, headers jsonb not null default '{}',
  body jsonb not null, attempt int not null default 0, visible_at timestamptz not null default now(), locked_until timestamptz,
  created_at timestamptz not null default now()
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 500);
create index bus_message_due on panda_ops.bus_message (queue, visible_at, id);

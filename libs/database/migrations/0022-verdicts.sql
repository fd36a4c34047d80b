-- The funnel of each brokerage, throttling and splitting run: why a task waits, what was rejected by which rule.

create table panda_ops.brokerage_verdict (
  id bigint generated always as identity primary key, jeditaskid bigint not null, at timestamptz not null default now(),
  agent text not null, kind text not null, verdict jsonb not null
);
create index on panda_ops.brokerage_verdict (jeditaskid, at desc);
create index on panda_ops.brokerage_verdict using brin (at);

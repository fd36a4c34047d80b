-- When services were last known to work, and when they were away: a pilot that could not report is not to blame. Lock impact: none.

create table panda_ops.presence (name text primary key, seen_at timestamptz not null) with (fillfactor = 50);

create table panda_ops.interruption (
  name text, from_at timestamptz, to_at timestamptz not null, primary key (name, from_at), check (to_at > from_at)
);
create index on panda_ops.interruption (to_at);

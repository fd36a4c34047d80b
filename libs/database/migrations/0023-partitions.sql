-- Partitions are data: one policy row per partitioned table says how wide, how many ahead and how long kept. maintain_partitions()
-- runs at migration and daily; rows that come before their partition wait in <table>_rest and move when it is made.

create table panda_ops.partition_policy (
  parent text primary key, key text not null, unit text not null check (unit in ('day', 'month', 'block')),
  width bigint not null default 1, ahead integer not null default 3, retain interval, sequence text, follows text, primary_key text
);
comment on column panda_ops.partition_policy.width is 'ids of one block; days and months are always 1 wide';
comment on column panda_ops.partition_policy.ahead is 'days or months made ahead';
comment on column panda_ops.partition_policy.retain is 'partitions wholly older than this are dropped; null: kept';
comment on column panda_ops.partition_policy.follows is 'a block is dropped when this table holds no id of it or below any more';

insert into panda_ops.partition_policy (parent, key, unit, width, ahead, retain, sequence, follows, primary_key) values
  ('doma_panda.jobs_final', 'statechangetime', 'month', 1, 3, '10 years', null, null, 'pandaid'),
  ('doma_panda.job_files', 'pandaid', 'block', 10000000, 1, null, 'doma_panda.jobsdefined4_pandaid_seq', 'doma_panda.jobs', null),
  ('doma_panda.job_params', 'pandaid', 'block', 10000000, 1, null, 'doma_panda.jobsdefined4_pandaid_seq', 'doma_panda.jobs', null),
  ('doma_panda.job_metadata', 'pandaid', 'block', 10000000, 1, null, 'doma_panda.jobsdefined4_pandaid_seq', 'doma_panda.jobs', null),
  ('doma_panda.harvester_rel_jobs_workers', 'pandaid', 'block', 10000000, 1, null, 'doma_panda.jobsdefined4_pandaid_seq', 'doma_panda.jobs', null),
  ('doma_panda.jedi_tasks', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jedi_taskparams', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jedi_jobparams_template', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jedi_output_template', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jedi_datasets', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jedi_dataset_contents', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jedi_events', 'jeditaskid', 'block', 500000, 1, null, 'doma_deft.prodsys2_task_id_seq', null, null),
  ('doma_panda.jobs_statuslog', 'modificationtime', 'day', 1, 3, '90 days', null, null, null),
  ('doma_panda.tasks_statuslog', 'modificationtime', 'day', 1, 3, '90 days', null, null, null),
  ('doma_panda.jedi_job_retry_history', 'ins_utc_tstamp', 'month', 1, 3, null, null, null, null),
  ('doma_panda.harvester_dialogs', 'creationtime', 'day', 1, 3, '7 days', null, null, null),
  ('doma_panda.harvester_metrics', 'creation_time', 'day', 1, 3, '7 days', null, null, null),
  ('doma_panda.pandalog', 'bintime', 'day', 1, 3, '7 days', null, null, null);

create function panda_ops.add_partition(policy panda_ops.partition_policy, suffix text, lower text, upper text) returns boolean
language plpgsql as $$
declare child text := policy.parent || '_' || suffix;
begin
  if to_regclass(child) is not null then return false; end if;
  execute format('lock table %s_rest in access exclusive mode', policy.parent);
  execute format('create table %s (like %s including defaults including constraints including storage including compression)', child, policy.parent);
  execute format('with early as (delete from %s_rest where %I >= %L and %I < %L returning *) insert into %s select * from early',
    policy.parent, policy.key, lower, policy.key, upper, child);
  if policy.primary_key is not null then
    execute format('alter table %s add primary key (%I)', child, policy.primary_key);
  end if;
  execute format('alter table %s attach partition %s for values from (%L) to (%L)', policy.parent, child, lower, upper);
  return true;
end $$;

-- Makes the partitions that are due and drops those past their time. Returns what it did, one line each. Safe at once.
-- What was dropped stands in tablepart4copying; archives are views on the same rows, so nothing is ever copied.
create function panda_ops.maintain_partitions() returns setof text language plpgsql as $$
declare
  p panda_ops.partition_policy;
  start timestamp;
  step interval;
  block bigint;
  child record;
  oldest bigint;
begin
  perform pg_advisory_xact_lock(hashtext('panda_ops.maintain_partitions'));
  for p in select * from panda_ops.partition_policy order by parent loop
    if to_regclass(p.parent || '_rest') is null then
      execute format('create table %s_rest partition of %s default', p.parent, p.parent);
    end if;
    if p.unit = 'block' then
      -- The next block is made when half of the current one is used: every partition costs each statement that reads by id.
      for block in execute format('select distinct b / %1$s from %2$s, lateral (values (last_value), (last_value + %1$s / 2)) v(b) order by 1',
        p.width, p.sequence)
      loop
        if panda_ops.add_partition(p, 'p' || block * p.width, (block * p.width)::text, ((block + 1) * p.width)::text) then
          return next format('added %s_p%s', p.parent, block * p.width);
        end if;
      end loop;
    else
      step := ('1 ' || p.unit)::interval;
      for i in 0..p.ahead loop
        start := date_trunc(p.unit, panda_ops.utc_now()) + i * step;
        if panda_ops.add_partition(p, to_char(start, case p.unit when 'day' then 'YYYY_MM_DD' else 'YYYY_MM' end), start::text, (start + step)::text) then
          return next format('added %s of %s', p.parent, start::date);
        end if;
      end loop;
    end if;
    oldest := null;
    if p.follows is not null then
      execute format('select min(%I) from %s', p.key, p.follows) into oldest;
    end if;
    for child in
      select c.relnamespace::regnamespace::text || '.' || c.relname as name,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1] as upper
      from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = p.parent::regclass
    loop
      if child.upper is null then continue; end if;
      if (p.retain is not null and p.unit <> 'block' and child.upper::timestamp < panda_ops.utc_now() - p.retain)
        or (oldest is not null and p.unit = 'block' and child.upper::bigint <= oldest) then
        execute format('drop table %s', child.name);
        insert into doma_panda.tablepart4copying (table_name, partition_name, copied_to_arch, deleted_on)
        values (split_part(p.parent, '.', 2), split_part(child.name, '.', 2), 'NO', panda_ops.utc_now()) on conflict do nothing;
        return next format('dropped %s', child.name);
      end if;
    end loop;
  end loop;
end $$;

select panda_ops.maintain_partitions();

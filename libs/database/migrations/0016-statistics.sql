-- Job statistics, maintained and never recounted on a request path. Every statement that writes jobs appends the difference
-- it made to job_stats_delta (no row that two transactions fight for); fold_job_stats() adds the differences up.
-- Readers see job_stats_now = folded + not yet folded, so they are exact at every commit.
-- Rejected: counter rows updated in place (all hand-outs of one queue would wait for each other's commit) and the original's
-- delete-and-recount once a minute (cost grows with the number of jobs).

create table panda_ops.job_stats (
  computingsite text, cloud text, gshare text, jobstatus text not null, vo text, workqueue_id integer, resource_type text, nucleus text,
  prodsourcelabel text, processingtype text, countrygroup text, workinggroup text, relocationflag smallint, currentpriority integer,
  njobs bigint not null, ncores bigint not null, diskio_per_core numeric not null, ram_per_core numeric not null,
  walltime numeric not null, n_walltime bigint not null,
  unique nulls not distinct (computingsite, jobstatus, gshare, resource_type, cloud, vo, workqueue_id, nucleus, prodsourcelabel,
    processingtype, countrygroup, workinggroup, relocationflag, currentpriority)
) with (fillfactor = 70);

create table panda_ops.job_stats_delta (like panda_ops.job_stats including defaults) with (autovacuum_vacuum_scale_factor = 0.02);
alter table panda_ops.job_stats_delta add id bigint generated always as identity primary key;

create view panda_ops.job_stats_now as
  select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
    countrygroup, workinggroup, relocationflag, currentpriority,
    sum(njobs)::bigint njobs, sum(ncores)::bigint ncores, sum(diskio_per_core) diskio_per_core, sum(ram_per_core) ram_per_core,
    sum(walltime) walltime, sum(n_walltime)::bigint n_walltime
  from (
    select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority, njobs, ncores, diskio_per_core, ram_per_core, walltime, n_walltime
    from panda_ops.job_stats
    union all
    select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority, njobs, ncores, diskio_per_core, ram_per_core, walltime, n_walltime
    from panda_ops.job_stats_delta) s
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
  having sum(njobs) <> 0;

-- What one job contributes. Spec: Database › aggregates (cores, disk I/O and RAM pro-rated per core, walltime).
create view panda_ops.job_stats_of_live_jobs as
  select computingsite::text, cloud::text, gshare::text, jobstatus::text, vo::text, workqueue_id, resource_type::text, nucleus::text,
    prodsourcelabel::text, processingtype::text, countrygroup::text, workinggroup::text, relocationflag, currentpriority,
    count(*) njobs, sum(greatest(coalesce(corecount, 1), 1))::bigint ncores,
    sum(coalesce(diskio, 0)::numeric / greatest(coalesce(corecount, 1), 1)) diskio_per_core,
    sum(minramcount::numeric / greatest(coalesce(corecount, 1), 1)) ram_per_core,
    sum(coalesce(maxwalltime, 0))::numeric walltime, count(maxwalltime) n_walltime
  from doma_panda.jobs_live
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;

create function panda_ops.job_stats_changed() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' then
    insert into panda_ops.job_stats_delta
    select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority, count(*), sum(greatest(coalesce(corecount, 1), 1)),
      sum(coalesce(diskio, 0)::numeric / greatest(coalesce(corecount, 1), 1)),
      sum(minramcount::numeric / greatest(coalesce(corecount, 1), 1)), sum(coalesce(maxwalltime, 0)), count(maxwalltime)
    from new_rows where not is_final group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  elsif tg_op = 'DELETE' then
    insert into panda_ops.job_stats_delta
    select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority, -count(*), -sum(greatest(coalesce(corecount, 1), 1)),
      -sum(coalesce(diskio, 0)::numeric / greatest(coalesce(corecount, 1), 1)),
      -sum(minramcount::numeric / greatest(coalesce(corecount, 1), 1)), -sum(coalesce(maxwalltime, 0)), -count(maxwalltime)
    from old_rows where not is_final group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  else
    insert into panda_ops.job_stats_delta
    select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority, sum(n), sum(n * greatest(coalesce(corecount, 1), 1)),
      sum(n * coalesce(diskio, 0)::numeric / greatest(coalesce(corecount, 1), 1)),
      sum(n * minramcount::numeric / greatest(coalesce(corecount, 1), 1)), sum(n * coalesce(maxwalltime, 0)),
      coalesce(sum(n) filter (where maxwalltime is not null), 0)
    from (
      select 1 as n, computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
        countrygroup, workinggroup, relocationflag, currentpriority, corecount, diskio, minramcount, maxwalltime
      from new_rows where not is_final
      union all
      select -1, computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
        countrygroup, workinggroup, relocationflag, currentpriority, corecount, diskio, minramcount, maxwalltime
      from old_rows where not is_final) c
    group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14
    having sum(n) <> 0 or sum(n * greatest(coalesce(corecount, 1), 1)) <> 0 or sum(n * coalesce(diskio, 0)) <> 0
      or sum(n * minramcount) <> 0 or sum(n * coalesce(maxwalltime, 0)) <> 0;
  end if;
  return null;
end $$;

-- Statements may name the parent or the live partition; a statement fires the trigger of the table it names.
do $$
declare t text;
begin
  foreach t in array array['jobs', 'jobs_live'] loop
    execute format('create trigger job_stats_insert after insert on doma_panda.%I referencing new table as new_rows
      for each statement execute function panda_ops.job_stats_changed()', t);
    execute format('create trigger job_stats_update after update on doma_panda.%I referencing old table as old_rows new table as new_rows
      for each statement execute function panda_ops.job_stats_changed()', t);
    execute format('create trigger job_stats_delete after delete on doma_panda.%I referencing old table as old_rows
      for each statement execute function panda_ops.job_stats_changed()', t);
  end loop;
end $$;

-- Adds the differences up. One at a time; a second caller returns at once. Returns the number of differences folded.
create function panda_ops.fold_job_stats(p_limit integer default 50000) returns bigint language plpgsql as $$
declare folded bigint;
begin
  if not pg_try_advisory_xact_lock(hashtext('panda_ops.fold_job_stats')) then return 0; end if;
  with taken as (
    delete from panda_ops.job_stats_delta where id in (select id from panda_ops.job_stats_delta order by id limit p_limit) returning *),
  summed as (
    select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority, sum(njobs) njobs, sum(ncores) ncores,
      sum(diskio_per_core) diskio_per_core, sum(ram_per_core) ram_per_core, sum(walltime) walltime, sum(n_walltime) n_walltime
    from taken group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14),
  added as (
    insert into panda_ops.job_stats as s select * from summed
    on conflict (computingsite, jobstatus, gshare, resource_type, cloud, vo, workqueue_id, nucleus, prodsourcelabel, processingtype,
      countrygroup, workinggroup, relocationflag, currentpriority) do update set
      njobs = s.njobs + excluded.njobs, ncores = s.ncores + excluded.ncores,
      diskio_per_core = s.diskio_per_core + excluded.diskio_per_core, ram_per_core = s.ram_per_core + excluded.ram_per_core,
      walltime = s.walltime + excluded.walltime, n_walltime = s.n_walltime + excluded.n_walltime
    returning 1)
  select count(*) into folded from taken;
  delete from panda_ops.job_stats where njobs = 0;
  return folded;
end $$;

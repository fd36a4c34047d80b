-- Job statistics, maintained and never recounted on a request path. Triggers append the difference
-- each statement made to job_stats_delta (no row that two transactions fight for); fold_job_stats() adds the differences up.
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

-- Written by every hand-out and state change: no key, no index, short-lived rows.
create table panda_ops.job_stats_delta (like panda_ops.job_stats including defaults)
  with (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);

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

create function panda_ops.job_stats_stored() returns trigger language plpgsql as $$
begin
  insert into panda_ops.job_stats_delta
  select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
    countrygroup, workinggroup, relocationflag, currentpriority, count(*), sum(greatest(coalesce(corecount, 1), 1)),
    sum(coalesce(diskio, 0)::numeric / greatest(coalesce(corecount, 1), 1)),
    sum(minramcount::numeric / greatest(coalesce(corecount, 1), 1)), sum(coalesce(maxwalltime, 0)), count(maxwalltime)
  from new_rows where not is_final group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  return null;
end $$;

-- One difference per row: `old` is taken away, `new` is added. A move into the final partition is a DELETE here.
create function panda_ops.job_stats_moved() returns trigger language plpgsql as $$
declare
  cores integer := greatest(coalesce(old.corecount, 1), 1);
begin
  insert into panda_ops.job_stats_delta values (old.computingsite, old.cloud, old.gshare, old.jobstatus, old.vo, old.workqueue_id,
    old.resource_type, old.nucleus, old.prodsourcelabel, old.processingtype, old.countrygroup, old.workinggroup, old.relocationflag,
    old.currentpriority, -1, -cores, -coalesce(old.diskio, 0)::numeric / cores, -old.minramcount::numeric / cores,
    -coalesce(old.maxwalltime, 0), -(old.maxwalltime is not null)::int);
  if tg_op = 'UPDATE' then
    cores := greatest(coalesce(new.corecount, 1), 1);
    insert into panda_ops.job_stats_delta values (new.computingsite, new.cloud, new.gshare, new.jobstatus, new.vo, new.workqueue_id,
      new.resource_type, new.nucleus, new.prodsourcelabel, new.processingtype, new.countrygroup, new.workinggroup, new.relocationflag,
      new.currentpriority, 1, cores, coalesce(new.diskio, 0)::numeric / cores, new.minramcount::numeric / cores,
      coalesce(new.maxwalltime, 0), (new.maxwalltime is not null)::int);
  end if;
  return null;
end $$;

-- New jobs come by the thousand: one trigger call per statement (it fires for the table the statement names). Changes come
-- by the one and the hundred: a row trigger that heartbeats do not fire. Measured on a hand-out of one job: a statement
-- trigger with transition tables costs 0.24 ms, this one 0.06 ms.
create trigger job_stats_insert after insert on doma_panda.jobs referencing new table as new_rows
  for each statement execute function panda_ops.job_stats_stored();
create trigger job_stats_insert after insert on doma_panda.jobs_live referencing new table as new_rows
  for each statement execute function panda_ops.job_stats_stored();
create trigger job_stats_update after update on doma_panda.jobs_live for each row
  when ((old.jobstatus, old.computingsite, old.gshare, old.currentpriority, old.resource_type, old.cloud, old.vo, old.workqueue_id,
      old.nucleus, old.prodsourcelabel, old.processingtype, old.countrygroup, old.workinggroup, old.relocationflag, old.corecount,
      old.diskio, old.minramcount, old.maxwalltime)
    is distinct from (new.jobstatus, new.computingsite, new.gshare, new.currentpriority, new.resource_type, new.cloud, new.vo,
      new.workqueue_id, new.nucleus, new.prodsourcelabel, new.processingtype, new.countrygroup, new.workinggroup, new.relocationflag,
      new.corecount, new.diskio, new.minramcount, new.maxwalltime))
  execute function panda_ops.job_stats_moved();
create trigger job_stats_delete after delete on doma_panda.jobs_live for each row execute function panda_ops.job_stats_moved();

-- Adds the differences up. One at a time; a second caller returns at once. Returns the number of differences folded.
create function panda_ops.fold_job_stats(p_limit integer default 50000) returns bigint language plpgsql as $$
declare folded bigint;
begin
  if not pg_try_advisory_xact_lock(hashtext('panda_ops.fold_job_stats')) then return 0; end if;
  with taken as (
    delete from panda_ops.job_stats_delta where ctid = any(array(select ctid from panda_ops.job_stats_delta limit p_limit)) returning *),
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

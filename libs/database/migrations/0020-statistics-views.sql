-- Aggregates under their classic names. The original recounts them every minute; here they are views on the maintained
-- statistics (0016), exact at every commit. The procedures exist for schedulers that call them. Spec: Database › Registration of Scheduler Jobs.

create view doma_panda.jobs_share_stats as
  select panda_ops.utc_now() as ts, s.gshare, s.computingsite, s.jobstatus, max(s.currentpriority)::bigint as maxpriority,
    round(sum(s.diskio_per_core) / sum(s.njobs), 2) as prorated_diskio_avg, round(sum(s.ram_per_core) / sum(s.njobs), 2) as prorated_mem_avg,
    sum(s.njobs)::bigint as njobs, (sum(s.ncores) * coalesce(max((q.data ->> 'corepower')::numeric), 10))::bigint as hs,
    s.vo, s.workqueue_id, s.resource_type, s.nucleus
  from panda_ops.job_stats_now s left join doma_panda.schedconfig_json q on q.panda_queue = s.computingsite
  where s.jobstatus not in ('pending', 'waiting', 'defined', 'assigned')
  group by s.gshare, s.computingsite, s.jobstatus, s.vo, s.workqueue_id, s.resource_type, s.nucleus;

create view doma_panda.jobsdefined_share_stats as
  select panda_ops.utc_now() as ts, s.gshare, s.computingsite, s.jobstatus, max(s.currentpriority)::bigint as maxpriority,
    round(sum(s.diskio_per_core) / sum(s.njobs), 2) as prorated_diskio_avg, round(sum(s.ram_per_core) / sum(s.njobs), 2) as prorated_mem_avg,
    sum(s.njobs)::bigint as njobs, (sum(s.ncores) * coalesce(max((q.data ->> 'corepower')::numeric), 10))::bigint as hs,
    s.vo, s.workqueue_id, s.resource_type, s.nucleus
  from panda_ops.job_stats_now s left join doma_panda.schedconfig_json q on q.panda_queue = s.computingsite
  where s.jobstatus in ('defined', 'assigned')
  group by s.gshare, s.computingsite, s.jobstatus, s.vo, s.workqueue_id, s.resource_type, s.nucleus;

create view doma_panda.mv_jobsactive4_stats as
  select panda_ops.utc_now() as cur_date, cloud, computingsite, countrygroup, workinggroup, relocationflag, jobstatus, processingtype,
    prodsourcelabel, (currentpriority / 10 * 10)::bigint as currentpriority, sum(njobs)::bigint as num_of_jobs, vo, workqueue_id,
    sum(ncores)::bigint as num_of_cores, resource_type
  from panda_ops.job_stats_now where jobstatus not in ('pending', 'waiting', 'defined', 'assigned')
  group by cloud, computingsite, countrygroup, workinggroup, relocationflag, jobstatus, processingtype, prodsourcelabel,
    currentpriority / 10 * 10, vo, workqueue_id, resource_type;

-- Highest priority and the jobs at it, of what waits; merge jobs do not count.
create view doma_panda.job_stats_hp as
  select panda_ops.utc_now() as ts, prodsourcelabel, cloud, resource_type, gshare, jobstatus, workqueue_id, vo,
    currentpriority::bigint as max_priority, sum(njobs)::bigint as max_priority_count
  from (
    select s.*, max(currentpriority) over (partition by prodsourcelabel, cloud, resource_type, gshare, jobstatus, workqueue_id, vo) as top
    from panda_ops.job_stats_now s
    where jobstatus in ('activated', 'assigned', 'defined') and processingtype is distinct from 'pmerge') h
  where currentpriority = top
  group by prodsourcelabel, cloud, resource_type, gshare, jobstatus, workqueue_id, vo, currentpriority;

create view doma_panda.total_walltime_cache as
  select coalesce(vo, '') as vo, k.agg_type, coalesce(k.agg_key, '') as agg_key, coalesce(prodsourcelabel, '') as prodsourcelabel,
    coalesce(resource_type, '') as resource_type, sum(walltime)::bigint as total_walltime, sum(n_walltime)::integer as n_has_value,
    sum(njobs - n_walltime)::integer as n_no_value
  from panda_ops.job_stats_now
  cross join lateral (values ('gshare', gshare), ('workqueue', workqueue_id::text)) as k(agg_type, agg_key)
  where jobstatus in ('activated', 'starting', 'defined')
  group by 1, 2, 3, 4, 5;

create view doma_panda.mv_running_jumbo_task_count as
  select panda_ops.utc_now() as cur_date, vo, cloud, prodsourcelabel, usejumbo, status, gshare, workqueue_id, count(*) as task_count
  from doma_panda.jedi_tasks where usejumbo is not null and status in ('running', 'scouting', 'scouted', 'ready', 'pending', 'throttled')
  group by vo, cloud, prodsourcelabel, usejumbo, status, gshare, workqueue_id;

create view doma_panda.jedi_aux_status_mintaskid as
  select status, min(jeditaskid) as min_jeditaskid from doma_panda.jedi_tasks
  where status not in ('broken', 'aborted', 'finished', 'failed') group by status;

create view doma_panda.jedi_process_lock as
  select 'any'::varchar(32) as vo, 'any'::varchar(20) as prodsourcelabel, 0 as workqueue_id, 'any'::varchar(10) as cloud, holder as lockedby,
    acquired_at at time zone 'UTC' as lockedtime, 'any'::varchar(56) as resource_type, name as component
  from panda_ops.lease where expires_at > now();

-- A median cannot be maintained by differences: this one is refreshed by its procedure.
create table doma_panda.typical_num_input (
  vo varchar(32) not null, agg_type varchar(32) not null, agg_key varchar(32) not null, prodsourcelabel varchar(20) not null,
  processingtype varchar(64) not null, ninputdatafiles integer, primary key (vo, agg_type, agg_key, prodsourcelabel, processingtype)
);

create function panda_ops.refresh_typical_input() returns bigint language sql as $$
  with medians as (
    select coalesce(vo, '') vo, k.agg_type, coalesce(k.agg_key, '') agg_key, coalesce(prodsourcelabel, '') prodsourcelabel,
      coalesce(processingtype, '') processingtype, percentile_disc(0.5) within group (order by ninputdatafiles) as median
    from doma_panda.jobs_live
    cross join lateral (values ('gshare', gshare::text), ('workqueue', workqueue_id::text)) as k(agg_type, agg_key)
    where ninputdatafiles > 0 group by 1, 2, 3, 4, 5),
  gone as (
    delete from doma_panda.typical_num_input t where not exists (
      select from medians m where (m.vo, m.agg_type, m.agg_key, m.prodsourcelabel, m.processingtype)
        = (t.vo, t.agg_type, t.agg_key, t.prodsourcelabel, t.processingtype))),
  written as (
    insert into doma_panda.typical_num_input select * from medians
    on conflict (vo, agg_type, agg_key, prodsourcelabel, processingtype) do update set ninputdatafiles = excluded.ninputdatafiles
    returning 1)
  select count(*) from written
$$;
create procedure doma_panda.update_num_input_data_files() language sql as 'select panda_ops.refresh_typical_input()';

-- pg_cron jobs of an existing installation keep working: the views are current already, folding only keeps them quick.
create procedure doma_panda.update_jobsdef_stats_by_gshare() language sql as 'select panda_ops.fold_job_stats()';
create procedure doma_panda.update_jobsact_stats_by_gshare() language sql as 'select panda_ops.fold_job_stats()';
create procedure doma_panda.update_jobsactive_stats() language sql as 'select panda_ops.fold_job_stats()';
create procedure doma_panda.update_total_walltime() language sql as 'select panda_ops.fold_job_stats()';
create procedure doma_panda.update_job_stats_hp() language sql as 'select panda_ops.fold_job_stats()';
create procedure doma_panda.update_ups_statss() language sql as $$
  with counted as (
    select computingsite, resource_type, gshare, jobstatus, vo, currentpriority / 10 * 10 as binned, sum(njobs) as n
    from panda_ops.job_stats_now group by 1, 2, 3, 4, 5, 6),
  gone as (delete from doma_panda.ups_stats)
  insert into doma_panda.ups_stats (ts, computingsite, resource_type, gshare, jobstatus, vo, current_priority_binned, current_priority_count)
  select panda_ops.utc_now(), computingsite, resource_type, gshare, jobstatus, left(vo, 16), binned, n from counted
$$;
create procedure doma_panda.jedi_refr_mintaskids_bystatus() language sql as $$
  select 1 -- jedi_aux_status_mintaskid is a view and never stale
$$;

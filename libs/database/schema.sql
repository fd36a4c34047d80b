-- Generated from the migrations: UPDATE_SCHEMA=1 npm run test:int -- schema-dump. Do not edit.
CREATE SCHEMA doma_deft;

CREATE SCHEMA doma_panda;

CREATE SCHEMA doma_pandaarch;

CREATE SCHEMA doma_pandabigmon;

CREATE SCHEMA doma_pandameta;

CREATE SCHEMA panda_ops;

CREATE FUNCTION doma_deft.prodsys_comm_handed_in() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform panda_ops.nudge('task.commanded', array[new.comm_task]);
  return null;
end $$;

CREATE FUNCTION doma_deft.t_task_handed_in() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  perform panda_ops.nudge('task.submitted', array[new.taskid]);
  return null;
end $$;

CREATE FUNCTION doma_panda.bitor(p_bits1 integer, p_bits2 integer) RETURNS integer
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN (p_bits1 | p_bits2);

CREATE PROCEDURE doma_panda.jedi_refr_mintaskids_bystatus()
    LANGUAGE sql
    AS $$
  select 1 -- jedi_aux_status_mintaskid is a view and never stale
$$;

CREATE FUNCTION doma_panda.jedi_tasks_touched() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  new.realmodificationtime := panda_ops.utc_now();
  return new;
end $$;

CREATE FUNCTION doma_panda.seed_gives_way() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  if tg_table_name = 'resource_types' then
    delete from doma_panda.resource_types where resource_name = new.resource_name;
  else
    delete from doma_panda.jedi_work_queue where queue_id = new.queue_id
      or (queue_name, queue_type, vo) = (new.queue_name, new.queue_type, new.vo);
  end if;
  return new;
end $$;

CREATE PROCEDURE doma_panda.update_job_stats_hp()
    LANGUAGE sql
    AS $$select panda_ops.fold_job_stats()$$;

CREATE PROCEDURE doma_panda.update_jobsact_stats_by_gshare()
    LANGUAGE sql
    AS $$select panda_ops.fold_job_stats()$$;

CREATE PROCEDURE doma_panda.update_jobsactive_stats()
    LANGUAGE sql
    AS $$select panda_ops.fold_job_stats()$$;

CREATE PROCEDURE doma_panda.update_jobsdef_stats_by_gshare()
    LANGUAGE sql
    AS $$select panda_ops.fold_job_stats()$$;

CREATE PROCEDURE doma_panda.update_num_input_data_files()
    LANGUAGE sql
    AS $$select panda_ops.refresh_typical_input()$$;

CREATE PROCEDURE doma_panda.update_total_walltime()
    LANGUAGE sql
    AS $$select panda_ops.fold_job_stats()$$;

CREATE PROCEDURE doma_panda.update_ups_statss()
    LANGUAGE sql
    AS $$
  with counted as (
    select computingsite, resource_type, gshare, jobstatus, vo, currentpriority / 10 * 10 as binned, sum(njobs) as n
    from panda_ops.job_stats_now group by 1, 2, 3, 4, 5, 6),
  gone as (delete from doma_panda.ups_stats)
  insert into doma_panda.ups_stats (ts, computingsite, resource_type, gshare, jobstatus, vo, current_priority_binned, current_priority_count)
  select panda_ops.utc_now(), computingsite, resource_type, gshare, jobstatus, left(vo, 16), binned, n from counted
$$;

CREATE TABLE panda_ops.partition_policy (
    parent text NOT NULL,
    key text NOT NULL,
    unit text NOT NULL,
    width bigint DEFAULT 1 NOT NULL,
    ahead integer DEFAULT 3 NOT NULL,
    retain interval,
    sequence text,
    follows text,
    primary_key text,
    CONSTRAINT partition_policy_unit_check CHECK ((unit = ANY (ARRAY['day'::text, 'month'::text, 'block'::text])))
);

CREATE FUNCTION panda_ops.add_partition(policy panda_ops.partition_policy, suffix text, lower text, upper text) RETURNS boolean
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION panda_ops.utc_now() RETURNS timestamp without time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN COALESCE((NULLIF(current_setting('panda.now'::text, true), ''::text))::timestamp without time zone, (statement_timestamp() AT TIME ZONE 'UTC'::text));

CREATE FUNCTION panda_ops.archive_boundary() RETURNS timestamp without time zone
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (panda_ops.utc_now() - make_interval(days => COALESCE((NULLIF(current_setting('panda.archive_days'::text, true), ''::text))::integer, 365)));

CREATE FUNCTION panda_ops.fold_job_stats(p_limit integer DEFAULT 50000) RETURNS bigint
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION panda_ops.job_stats_moved() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
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

CREATE FUNCTION panda_ops.job_stats_stored() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
  insert into panda_ops.job_stats_delta
  select computingsite, cloud, gshare, jobstatus, vo, workqueue_id, resource_type, nucleus, prodsourcelabel, processingtype,
    countrygroup, workinggroup, relocationflag, currentpriority, count(*), sum(greatest(coalesce(corecount, 1), 1)),
    sum(coalesce(diskio, 0)::numeric / greatest(coalesce(corecount, 1), 1)),
    sum(minramcount::numeric / greatest(coalesce(corecount, 1), 1)), sum(coalesce(maxwalltime, 0)), count(maxwalltime)
  from new_rows where not is_final group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14;
  return null;
end $$;

CREATE FUNCTION panda_ops.maintain_partitions() RETURNS SETOF text
    LANGUAGE plpgsql
    AS $_$
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
end $_$;

CREATE FUNCTION panda_ops.nudge(p_topic text, p_ids bigint[], p_about text DEFAULT 'task'::text) RETURNS integer
    LANGUAGE sql
    AS $$
  with wanted as (select distinct id from unnest(p_ids) as id),
  numbered as (select id, (row_number() over (order by id) - 1) / 1000 as chunk from wanted),
  messages as (select chunk, array_agg(id order by id) as ids from numbered group by chunk),
  written as (
    insert into panda_ops.outbox (aggregate, type, routing_key, payload)
    select case when cardinality(ids) = 1 then p_about || ':' || ids[1] else 'batch:' || p_topic end, p_topic, p_topic,
      jsonb_build_object('ids', to_jsonb(ids))
    from messages order by chunk returning 1),
  woken as (select pg_notify('panda_outbox', '') where exists (select from written))
  select (select count(*) from written)::integer + 0 * (select count(*) from woken)::integer
$$;

CREATE FUNCTION panda_ops.refresh_typical_input() RETURNS bigint
    LANGUAGE sql
    AS $$
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

CREATE FUNCTION panda_ops.uuid_v7() RETURNS uuid
    LANGUAGE sql PARALLEL SAFE
    AS $$
  select encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6), 52, 1), 53, 1), 'hex')::uuid
$$;

CREATE SEQUENCE doma_deft.prodsys2_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_deft.prodsys_comm (
    comm_task bigint NOT NULL,
    comm_meta bigint,
    comm_owner character varying(32),
    comm_cmd character varying(256),
    comm_ts bigint,
    comm_comment character varying(128),
    comm_parameters text
);

CREATE TABLE doma_deft.t_task (
    taskid bigint DEFAULT nextval('doma_deft.prodsys2_task_id_seq'::regclass) NOT NULL,
    parent_tid bigint,
    status character varying(12),
    total_done_jobs bigint,
    submit_time timestamp(0) without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    start_time timestamp(0) without time zone,
    "timestamp" timestamp(0) without time zone,
    vo character varying(32),
    prodsourcelabel character varying(20),
    taskname character varying(256),
    username character varying(128),
    priority bigint,
    current_priority bigint,
    total_req_jobs bigint,
    chain_tid bigint,
    total_events bigint,
    jedi_task_parameters text,
    total_input_events bigint
);

CREATE TABLE doma_panda.async_requests (
    request_id character varying(64) NOT NULL,
    request_type character varying(64) NOT NULL,
    service_name character varying(64),
    machine_name character varying(128),
    parameters text,
    expected_machines text,
    created_at timestamp without time zone
);

CREATE TABLE doma_panda.async_results (
    request_id character varying(64) NOT NULL,
    machine_name character varying(128) NOT NULL,
    status character varying(16) DEFAULT 'running'::character varying,
    result text,
    stderr text,
    return_code smallint,
    truncated smallint DEFAULT 0,
    error_msg character varying(2048),
    attempts smallint DEFAULT 0,
    started_at timestamp without time zone,
    finished_at timestamp without time zone
);

CREATE TABLE doma_panda.cache (
    main_key character varying(56) NOT NULL,
    sub_key character varying(56) NOT NULL,
    data text,
    last_update timestamp without time zone
);

CREATE TABLE doma_panda.carbon_region_emissions (
    region character varying(32) NOT NULL,
    "timestamp" timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    value bigint
);

CREATE TABLE doma_panda.cloudtasks (
    id integer NOT NULL,
    taskname character varying(128),
    taskid integer,
    cloud character varying(20),
    status character varying(20),
    tmod timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    tenter timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL
);

CREATE TABLE doma_panda.jedi_tasks (
    jeditaskid bigint NOT NULL,
    taskname character varying(256),
    status character varying(64) NOT NULL,
    username character varying(128) NOT NULL,
    creationdate timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    reqid integer,
    oldstatus character varying(64),
    cloud character varying(10),
    site character varying(60),
    starttime timestamp without time zone,
    endtime timestamp without time zone,
    frozentime timestamp without time zone,
    prodsourcelabel character varying(20),
    workinggroup character varying(32),
    vo character varying(32),
    corecount integer,
    tasktype character varying(64),
    processingtype character varying(64),
    taskpriority integer,
    currentpriority integer,
    architecture character varying(256),
    transuses character varying(64),
    transhome character varying(128),
    transpath character varying(128),
    lockedby character varying(56),
    lockedtime timestamp without time zone,
    termcondition character varying(100),
    splitrule character varying(200),
    walltime integer,
    walltimeunit character varying(32),
    outdiskcount integer,
    outdiskunit character varying(32),
    workdiskcount integer,
    workdiskunit character varying(32),
    ramcount integer,
    ramunit character varying(32),
    iointensity integer,
    iointensityunit character varying(32),
    workqueue_id integer,
    progress smallint,
    failurerate smallint,
    errordialog character varying(510),
    countrygroup character varying(20),
    parent_tid bigint,
    eventservice smallint,
    ticketid character varying(50),
    ticketsystemtype character varying(32),
    statechangetime timestamp without time zone,
    superstatus character varying(64),
    campaign character varying(32),
    mergeramcount integer,
    mergeramunit character varying(32),
    mergewalltime integer,
    mergewalltimeunit character varying(32),
    throttledtime timestamp without time zone,
    numthrottled smallint,
    mergecorecount integer,
    goal smallint,
    assessmenttime timestamp without time zone,
    cputime integer,
    cputimeunit character varying(32),
    cpuefficiency smallint,
    basewalltime integer,
    amiflag_old character varying(10),
    amiflag integer DEFAULT 1,
    nucleus character varying(52),
    baseramcount integer,
    ttcrequested timestamp without time zone,
    ttcpredicted timestamp without time zone,
    ttcpredictiondate timestamp without time zone,
    rescuetime timestamp without time zone,
    requesttype character varying(32),
    gshare character varying(32),
    usejumbo character(1),
    resource_type character varying(56),
    diskio integer,
    diskiounit character varying(32),
    memory_leak_core bigint,
    memory_leak_x2 numeric(14,3),
    attemptnr smallint,
    container_name character varying(200),
    job_label character varying(20),
    realmodificationtime timestamp without time zone,
    framework character varying(50),
    activatedtime timestamp without time zone,
    queuedtime timestamp without time zone,
    actiontime timestamp without time zone,
    CONSTRAINT task_oldstatus CHECK (((oldstatus IS NULL) OR ((oldstatus)::text = ANY ((ARRAY['registered'::character varying, 'staging'::character varying, 'staged'::character varying, 'topreprocess'::character varying, 'preprocessing'::character varying, 'defined'::character varying, 'assigning'::character varying, 'ready'::character varying, 'pending'::character varying, 'scouting'::character varying, 'scouted'::character varying, 'running'::character varying, 'throttled'::character varying, 'prepared'::character varying, 'passed'::character varying, 'exhausted'::character varying, 'finishing'::character varying, 'toretry'::character varying, 'toincexec'::character varying, 'rerefine'::character varying, 'toreassign'::character varying, 'reassigning'::character varying, 'aborting'::character varying, 'toabort'::character varying, 'tobroken'::character varying, 'paused'::character varying, 'done'::character varying, 'finished'::character varying, 'failed'::character varying, 'broken'::character varying, 'aborted'::character varying])::text[])))),
    CONSTRAINT task_status CHECK (((status)::text = ANY ((ARRAY['registered'::character varying, 'staging'::character varying, 'staged'::character varying, 'topreprocess'::character varying, 'preprocessing'::character varying, 'defined'::character varying, 'assigning'::character varying, 'ready'::character varying, 'pending'::character varying, 'scouting'::character varying, 'scouted'::character varying, 'running'::character varying, 'throttled'::character varying, 'prepared'::character varying, 'passed'::character varying, 'exhausted'::character varying, 'finishing'::character varying, 'toretry'::character varying, 'toincexec'::character varying, 'rerefine'::character varying, 'toreassign'::character varying, 'reassigning'::character varying, 'aborting'::character varying, 'toabort'::character varying, 'tobroken'::character varying, 'paused'::character varying, 'done'::character varying, 'finished'::character varying, 'failed'::character varying, 'broken'::character varying, 'aborted'::character varying])::text[])))
)
PARTITION BY RANGE (jeditaskid);

CREATE SEQUENCE doma_panda.jobsdefined4_pandaid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.jobs (
    pandaid bigint DEFAULT nextval('doma_panda.jobsdefined4_pandaid_seq'::regclass) NOT NULL,
    jobdefinitionid bigint DEFAULT 0 NOT NULL,
    schedulerid character varying(128),
    pilotid character varying(200),
    creationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    creationhost character varying(128),
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    modificationhost character varying(128),
    atlasrelease character varying(64),
    transformation character varying(250),
    homepackage character varying(80),
    prodserieslabel character varying(20),
    prodsourcelabel character varying(20) DEFAULT 'managed'::character varying,
    produserid character varying(250),
    assignedpriority integer DEFAULT 0 NOT NULL,
    currentpriority integer DEFAULT 0 NOT NULL,
    attemptnr smallint DEFAULT 0 NOT NULL,
    maxattempt smallint DEFAULT 0 NOT NULL,
    jobstatus character varying(15) NOT NULL,
    jobname character varying(256),
    maxcpucount bigint DEFAULT 0 NOT NULL,
    maxcpuunit character varying(32),
    maxdiskcount bigint DEFAULT 0 NOT NULL,
    maxdiskunit character(4),
    ipconnectivity character(5),
    minramcount bigint DEFAULT 0 NOT NULL,
    minramunit character(2),
    starttime timestamp without time zone,
    endtime timestamp without time zone,
    cpuconsumptiontime numeric(20,0) DEFAULT 0 NOT NULL,
    cpuconsumptionunit character varying(128),
    commandtopilot character varying(250),
    transexitcode character varying(128),
    piloterrorcode integer DEFAULT 0 NOT NULL,
    piloterrordiag character varying(500),
    exeerrorcode integer DEFAULT 0 NOT NULL,
    exeerrordiag character varying(500),
    superrorcode integer DEFAULT 0 NOT NULL,
    superrordiag character varying(250),
    ddmerrorcode integer DEFAULT 0 NOT NULL,
    ddmerrordiag character varying(700),
    brokerageerrorcode integer DEFAULT 0 NOT NULL,
    brokerageerrordiag character varying(250),
    jobdispatchererrorcode integer DEFAULT 0 NOT NULL,
    jobdispatchererrordiag character varying(250),
    taskbuffererrorcode integer DEFAULT 0 NOT NULL,
    taskbuffererrordiag character varying(300),
    computingsite character varying(128),
    computingelement character varying(128),
    jobparameters text,
    metadata text,
    proddblock character varying(255),
    dispatchdblock character varying(255),
    destinationdblock character varying(255),
    destinationse character varying(250),
    nevents bigint DEFAULT 0 NOT NULL,
    grid character varying(50),
    cloud character varying(50),
    cpuconversion numeric(9,4),
    sourcesite character varying(36),
    destinationsite character varying(36),
    transfertype character varying(10),
    taskid integer,
    cmtconfig character varying(250),
    statechangetime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    proddbupdatetime timestamp without time zone,
    lockedby character varying(128),
    relocationflag smallint DEFAULT 0,
    jobexecutionid bigint DEFAULT 0,
    vo character varying(32),
    pilottiming character varying(100),
    workinggroup character varying(20),
    processingtype character varying(64),
    produsername character varying(60),
    ninputfiles integer,
    countrygroup character varying(20),
    batchid character varying(80),
    parentid bigint,
    specialhandling character varying(80),
    jobsetid bigint,
    corecount smallint,
    ninputdatafiles integer,
    inputfiletype character varying(32),
    inputfileproject character varying(64),
    inputfilebytes bigint,
    noutputdatafiles integer,
    outputfilebytes bigint,
    jobmetrics character varying(500),
    workqueue_id integer,
    jeditaskid bigint,
    jobsubstatus character varying(80),
    actualcorecount integer,
    reqid integer,
    maxrss bigint,
    maxvmem bigint,
    maxswap bigint,
    maxpss bigint,
    avgrss bigint,
    avgvmem bigint,
    avgswap bigint,
    avgpss bigint,
    maxwalltime bigint,
    nucleus character varying(52),
    eventservice smallint,
    failedattempt smallint,
    hs06sec bigint,
    gshare character varying(32),
    hs06 bigint,
    totrchar bigint,
    totwchar bigint,
    totrbytes bigint,
    totwbytes bigint,
    raterchar bigint,
    ratewchar bigint,
    raterbytes bigint,
    ratewbytes bigint,
    resource_type character varying(56),
    diskio integer,
    memory_leak bigint,
    memory_leak_x2 numeric(14,3),
    container_name character varying(200),
    job_label character varying(20),
    meancorecount numeric(8,2),
    gco2_regional numeric(10,2),
    gco2_global numeric(10,2),
    cpu_architecture_level character varying(20),
    outputfiletype character varying(32),
    is_final boolean DEFAULT false NOT NULL,
    CONSTRAINT job_is_final CHECK ((is_final = ((jobstatus)::text = ANY ((ARRAY['finished'::character varying, 'failed'::character varying, 'closed'::character varying, 'cancelled'::character varying])::text[])))),
    CONSTRAINT job_status CHECK (((jobstatus)::text = ANY ((ARRAY['waiting'::character varying, 'pending'::character varying, 'defined'::character varying, 'assigned'::character varying, 'activated'::character varying, 'throttled'::character varying, 'sent'::character varying, 'starting'::character varying, 'running'::character varying, 'stagein'::character varying, 'stageout'::character varying, 'holding'::character varying, 'transferring'::character varying, 'merging'::character varying, 'finished'::character varying, 'failed'::character varying, 'closed'::character varying, 'cancelled'::character varying])::text[])))
)
PARTITION BY LIST (is_final);

CREATE VIEW doma_pandabigmon.combined_wait_act_def_arch4 AS
 SELECT j.pandaid,
    j.jobdefinitionid,
    j.schedulerid,
    j.pilotid,
    j.creationtime,
    j.creationhost,
    j.modificationtime,
    j.modificationhost,
    j.atlasrelease,
    j.transformation,
    j.homepackage,
    j.prodserieslabel,
    j.prodsourcelabel,
    j.produserid,
    j.assignedpriority,
    j.currentpriority,
    j.attemptnr,
    j.maxattempt,
    j.jobstatus,
    j.jobname,
    j.maxcpucount,
    j.maxcpuunit,
    j.maxdiskcount,
    j.maxdiskunit,
    j.ipconnectivity,
    j.minramcount,
    j.minramunit,
    j.starttime,
    j.endtime,
    j.cpuconsumptiontime,
    j.cpuconsumptionunit,
    j.commandtopilot,
    j.transexitcode,
    j.piloterrorcode,
    j.piloterrordiag,
    j.exeerrorcode,
    j.exeerrordiag,
    j.superrorcode,
    j.superrordiag,
    j.ddmerrorcode,
    j.ddmerrordiag,
    j.brokerageerrorcode,
    j.brokerageerrordiag,
    j.jobdispatchererrorcode,
    j.jobdispatchererrordiag,
    j.taskbuffererrorcode,
    j.taskbuffererrordiag,
    j.computingsite,
    j.computingelement,
    j.jobparameters,
    j.metadata,
    j.proddblock,
    j.dispatchdblock,
    j.destinationdblock,
    j.destinationse,
    j.nevents,
    j.grid,
    j.cloud,
    j.cpuconversion,
    j.sourcesite,
    j.destinationsite,
    j.transfertype,
    j.taskid,
    j.cmtconfig,
    j.statechangetime,
    j.proddbupdatetime,
    j.lockedby,
    j.relocationflag,
    j.jobexecutionid,
    j.vo,
    j.pilottiming,
    j.workinggroup,
    j.processingtype,
    j.produsername,
    j.ninputfiles,
    j.countrygroup,
    j.batchid,
    j.parentid,
    j.specialhandling,
    j.jobsetid,
    j.corecount,
    j.ninputdatafiles,
    j.inputfiletype,
    j.inputfileproject,
    j.inputfilebytes,
    j.noutputdatafiles,
    j.outputfilebytes,
    j.jobmetrics,
    j.workqueue_id,
    j.jeditaskid,
    j.jobsubstatus,
    j.actualcorecount,
    j.reqid,
    j.maxrss,
    j.maxvmem,
    j.maxswap,
    j.maxpss,
    j.avgrss,
    j.avgvmem,
    j.avgswap,
    j.avgpss,
    j.maxwalltime,
    j.nucleus,
    j.eventservice,
    j.failedattempt,
    j.hs06sec,
    j.gshare,
    j.hs06,
    j.totrchar,
    j.totwchar,
    j.totrbytes,
    j.totwbytes,
    j.raterchar,
    j.ratewchar,
    j.raterbytes,
    j.ratewbytes,
    j.resource_type,
    j.diskio,
    j.memory_leak,
    j.memory_leak_x2,
    j.container_name,
    j.job_label,
    j.meancorecount,
    j.gco2_regional,
    j.gco2_global,
    j.cpu_architecture_level,
    j.outputfiletype,
    (j.jeditaskid / 1000000) AS partid,
    NULL::timestamp without time zone AS dbmodtime,
        CASE
            WHEN j.is_final THEN 1
            ELSE 0
        END AS isarchive,
        CASE
            WHEN ((COALESCE(j.specialhandling, ''::character varying))::text ~~ '%sc:%'::text) THEN NULL::smallint
            ELSE j.eventservice
        END AS es,
    t.taskname,
    t.status AS taskstatus,
    t.username AS taskusername
   FROM (doma_panda.jobs j
     LEFT JOIN doma_panda.jedi_tasks t USING (jeditaskid));

CREATE VIEW doma_panda.combined_wait_act_def_arch4 AS
 SELECT combined_wait_act_def_arch4.pandaid,
    combined_wait_act_def_arch4.jobdefinitionid,
    combined_wait_act_def_arch4.schedulerid,
    combined_wait_act_def_arch4.pilotid,
    combined_wait_act_def_arch4.creationtime,
    combined_wait_act_def_arch4.creationhost,
    combined_wait_act_def_arch4.modificationtime,
    combined_wait_act_def_arch4.modificationhost,
    combined_wait_act_def_arch4.atlasrelease,
    combined_wait_act_def_arch4.transformation,
    combined_wait_act_def_arch4.homepackage,
    combined_wait_act_def_arch4.prodserieslabel,
    combined_wait_act_def_arch4.prodsourcelabel,
    combined_wait_act_def_arch4.produserid,
    combined_wait_act_def_arch4.assignedpriority,
    combined_wait_act_def_arch4.currentpriority,
    combined_wait_act_def_arch4.attemptnr,
    combined_wait_act_def_arch4.maxattempt,
    combined_wait_act_def_arch4.jobstatus,
    combined_wait_act_def_arch4.jobname,
    combined_wait_act_def_arch4.maxcpucount,
    combined_wait_act_def_arch4.maxcpuunit,
    combined_wait_act_def_arch4.maxdiskcount,
    combined_wait_act_def_arch4.maxdiskunit,
    combined_wait_act_def_arch4.ipconnectivity,
    combined_wait_act_def_arch4.minramcount,
    combined_wait_act_def_arch4.minramunit,
    combined_wait_act_def_arch4.starttime,
    combined_wait_act_def_arch4.endtime,
    combined_wait_act_def_arch4.cpuconsumptiontime,
    combined_wait_act_def_arch4.cpuconsumptionunit,
    combined_wait_act_def_arch4.commandtopilot,
    combined_wait_act_def_arch4.transexitcode,
    combined_wait_act_def_arch4.piloterrorcode,
    combined_wait_act_def_arch4.piloterrordiag,
    combined_wait_act_def_arch4.exeerrorcode,
    combined_wait_act_def_arch4.exeerrordiag,
    combined_wait_act_def_arch4.superrorcode,
    combined_wait_act_def_arch4.superrordiag,
    combined_wait_act_def_arch4.ddmerrorcode,
    combined_wait_act_def_arch4.ddmerrordiag,
    combined_wait_act_def_arch4.brokerageerrorcode,
    combined_wait_act_def_arch4.brokerageerrordiag,
    combined_wait_act_def_arch4.jobdispatchererrorcode,
    combined_wait_act_def_arch4.jobdispatchererrordiag,
    combined_wait_act_def_arch4.taskbuffererrorcode,
    combined_wait_act_def_arch4.taskbuffererrordiag,
    combined_wait_act_def_arch4.computingsite,
    combined_wait_act_def_arch4.computingelement,
    combined_wait_act_def_arch4.jobparameters,
    combined_wait_act_def_arch4.metadata,
    combined_wait_act_def_arch4.proddblock,
    combined_wait_act_def_arch4.dispatchdblock,
    combined_wait_act_def_arch4.destinationdblock,
    combined_wait_act_def_arch4.destinationse,
    combined_wait_act_def_arch4.nevents,
    combined_wait_act_def_arch4.grid,
    combined_wait_act_def_arch4.cloud,
    combined_wait_act_def_arch4.cpuconversion,
    combined_wait_act_def_arch4.sourcesite,
    combined_wait_act_def_arch4.destinationsite,
    combined_wait_act_def_arch4.transfertype,
    combined_wait_act_def_arch4.taskid,
    combined_wait_act_def_arch4.cmtconfig,
    combined_wait_act_def_arch4.statechangetime,
    combined_wait_act_def_arch4.proddbupdatetime,
    combined_wait_act_def_arch4.lockedby,
    combined_wait_act_def_arch4.relocationflag,
    combined_wait_act_def_arch4.jobexecutionid,
    combined_wait_act_def_arch4.vo,
    combined_wait_act_def_arch4.pilottiming,
    combined_wait_act_def_arch4.workinggroup,
    combined_wait_act_def_arch4.processingtype,
    combined_wait_act_def_arch4.produsername,
    combined_wait_act_def_arch4.ninputfiles,
    combined_wait_act_def_arch4.countrygroup,
    combined_wait_act_def_arch4.batchid,
    combined_wait_act_def_arch4.parentid,
    combined_wait_act_def_arch4.specialhandling,
    combined_wait_act_def_arch4.jobsetid,
    combined_wait_act_def_arch4.corecount,
    combined_wait_act_def_arch4.ninputdatafiles,
    combined_wait_act_def_arch4.inputfiletype,
    combined_wait_act_def_arch4.inputfileproject,
    combined_wait_act_def_arch4.inputfilebytes,
    combined_wait_act_def_arch4.noutputdatafiles,
    combined_wait_act_def_arch4.outputfilebytes,
    combined_wait_act_def_arch4.jobmetrics,
    combined_wait_act_def_arch4.workqueue_id,
    combined_wait_act_def_arch4.jeditaskid,
    combined_wait_act_def_arch4.jobsubstatus,
    combined_wait_act_def_arch4.actualcorecount,
    combined_wait_act_def_arch4.reqid,
    combined_wait_act_def_arch4.maxrss,
    combined_wait_act_def_arch4.maxvmem,
    combined_wait_act_def_arch4.maxswap,
    combined_wait_act_def_arch4.maxpss,
    combined_wait_act_def_arch4.avgrss,
    combined_wait_act_def_arch4.avgvmem,
    combined_wait_act_def_arch4.avgswap,
    combined_wait_act_def_arch4.avgpss,
    combined_wait_act_def_arch4.maxwalltime,
    combined_wait_act_def_arch4.nucleus,
    combined_wait_act_def_arch4.eventservice,
    combined_wait_act_def_arch4.failedattempt,
    combined_wait_act_def_arch4.hs06sec,
    combined_wait_act_def_arch4.gshare,
    combined_wait_act_def_arch4.hs06,
    combined_wait_act_def_arch4.totrchar,
    combined_wait_act_def_arch4.totwchar,
    combined_wait_act_def_arch4.totrbytes,
    combined_wait_act_def_arch4.totwbytes,
    combined_wait_act_def_arch4.raterchar,
    combined_wait_act_def_arch4.ratewchar,
    combined_wait_act_def_arch4.raterbytes,
    combined_wait_act_def_arch4.ratewbytes,
    combined_wait_act_def_arch4.resource_type,
    combined_wait_act_def_arch4.diskio,
    combined_wait_act_def_arch4.memory_leak,
    combined_wait_act_def_arch4.memory_leak_x2,
    combined_wait_act_def_arch4.container_name,
    combined_wait_act_def_arch4.job_label,
    combined_wait_act_def_arch4.meancorecount,
    combined_wait_act_def_arch4.gco2_regional,
    combined_wait_act_def_arch4.gco2_global,
    combined_wait_act_def_arch4.cpu_architecture_level,
    combined_wait_act_def_arch4.outputfiletype,
    combined_wait_act_def_arch4.partid,
    combined_wait_act_def_arch4.dbmodtime,
    combined_wait_act_def_arch4.isarchive,
    combined_wait_act_def_arch4.es,
    combined_wait_act_def_arch4.taskname,
    combined_wait_act_def_arch4.taskstatus,
    combined_wait_act_def_arch4.taskusername
   FROM doma_pandabigmon.combined_wait_act_def_arch4;

CREATE TABLE doma_panda.config (
    app character varying(64) NOT NULL,
    component character varying(64) NOT NULL,
    key character varying(64) NOT NULL,
    value character varying(256) NOT NULL,
    type character varying(64) NOT NULL,
    vo character varying(32) NOT NULL,
    descr character varying(256) NOT NULL,
    value_json jsonb
);

CREATE TABLE doma_panda.cpu_benchmarks (
    cpu_type character varying(128),
    smt_enabled smallint,
    sockets smallint,
    cores_per_socket integer,
    ncores integer,
    site character varying(128),
    score_per_core numeric(10,2),
    "timestamp" timestamp without time zone,
    source character varying(256),
    cpu_type_normalized character varying(128)
);

CREATE TABLE doma_panda.data_carousel_relations (
    request_id bigint NOT NULL,
    task_id bigint NOT NULL
);

CREATE SEQUENCE doma_panda.jedi_data_carousel_request_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.data_carousel_requests (
    request_id bigint DEFAULT nextval('doma_panda.jedi_data_carousel_request_id_seq'::regclass) NOT NULL,
    dataset character varying(256) NOT NULL,
    source_rse character varying(64),
    destination_rse character varying(64),
    ddm_rule_id character varying(64),
    status character varying(32),
    total_files bigint,
    staged_files bigint,
    dataset_size bigint,
    staged_size bigint,
    creation_time timestamp without time zone,
    start_time timestamp without time zone,
    end_time timestamp without time zone,
    modification_time timestamp without time zone,
    check_time timestamp without time zone,
    source_tape character varying(64),
    parameters jsonb NOT NULL,
    last_staged_time timestamp without time zone,
    locked_by character varying(64),
    lock_time timestamp without time zone
);

CREATE TABLE doma_panda.datasets (
    vuid character varying(40) NOT NULL,
    name character varying(255) NOT NULL,
    version character varying(10),
    type character varying(20),
    status character varying(10),
    numberfiles integer,
    currentfiles integer,
    creationdate timestamp without time zone,
    modificationdate timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    moverid bigint DEFAULT 0 NOT NULL,
    transferstatus smallint DEFAULT 0 NOT NULL,
    subtype character varying(5)
);

CREATE TABLE doma_panda.ddm_endpoint (
    ddm_endpoint_name character varying(52) NOT NULL,
    site_name character varying(52),
    ddm_spacetoken_name character varying(52),
    space_total bigint,
    space_free bigint,
    space_used bigint,
    is_tape character varying(1),
    type character varying(20),
    blacklisted character(1),
    space_expired bigint,
    space_timestamp timestamp without time zone,
    blacklisted_read character(1),
    blacklisted_write character(1),
    detailed_status jsonb,
    space_min_free bigint,
    space_unavailable bigint
);

CREATE TABLE doma_panda.error_classification (
    id bigint NOT NULL,
    error_source character varying(30) NOT NULL,
    error_code bigint NOT NULL,
    error_diag character varying(256) NOT NULL,
    description character varying(250),
    error_class character varying(30) NOT NULL,
    active character(1) NOT NULL,
    reg_date timestamp without time zone DEFAULT panda_ops.utc_now()
);

ALTER TABLE doma_panda.error_classification ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME doma_panda.error_classification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE doma_panda.error_descriptions (
    id bigint NOT NULL,
    component character varying(32) NOT NULL,
    code integer NOT NULL,
    acronym character varying(64),
    diagnostics character varying(256),
    description character varying(4000),
    category smallint NOT NULL
);

ALTER TABLE doma_panda.error_descriptions ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME doma_panda.error_descriptions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE SEQUENCE doma_panda.filestable4_row_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 20;

CREATE TABLE doma_panda.job_files (
    row_id bigint DEFAULT nextval('doma_panda.filestable4_row_id_seq'::regclass) NOT NULL,
    pandaid bigint NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    guid character varying(64),
    lfn character varying(4000),
    type character varying(20),
    dataset character varying(255),
    status character varying(64),
    proddblock character varying(255),
    proddblocktoken character varying(250),
    dispatchdblock character varying(255),
    dispatchdblocktoken character varying(250),
    destinationdblock character varying(255),
    destinationdblocktoken character varying(250),
    destinationse character varying(250),
    fsize bigint DEFAULT 0 NOT NULL,
    md5sum character varying(36),
    scope character varying(30),
    jeditaskid bigint,
    datasetid bigint,
    fileid bigint,
    attemptnr smallint
)
PARTITION BY RANGE (pandaid);

CREATE VIEW doma_panda.filestable4 AS
 SELECT job_files.row_id,
    job_files.pandaid,
    job_files.modificationtime,
    job_files.guid,
    job_files.lfn,
    job_files.type,
    job_files.dataset,
    job_files.status,
    job_files.proddblock,
    job_files.proddblocktoken,
    job_files.dispatchdblock,
    job_files.dispatchdblocktoken,
    job_files.destinationdblock,
    job_files.destinationdblocktoken,
    job_files.destinationse,
    job_files.fsize,
    job_files.md5sum,
    job_files.scope,
    job_files.jeditaskid,
    job_files.datasetid,
    job_files.fileid,
    job_files.attemptnr
   FROM doma_panda.job_files;

CREATE TABLE doma_panda.global_shares (
    name character varying(32) NOT NULL,
    value smallint NOT NULL,
    parent character varying(32),
    prodsourcelabel character varying(100),
    workinggroup character varying(100),
    campaign character varying(100),
    processingtype character varying(100),
    vo character varying(32),
    queue_id integer,
    throttled character(1),
    transpath character varying(128),
    rtype character varying(32)
);

CREATE SEQUENCE doma_panda.group_jobid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE SEQUENCE doma_panda.harvester_command_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.harvester_command_lock (
    harvester_id character varying(50) NOT NULL,
    computingsite character varying(128) NOT NULL,
    resourcetype character varying(56) NOT NULL,
    command character varying(200) NOT NULL,
    lockedtime timestamp without time zone,
    lockedby character varying(56)
);

CREATE TABLE doma_panda.harvester_commands (
    command_id bigint DEFAULT nextval('doma_panda.harvester_command_id_seq'::regclass) NOT NULL,
    command character varying(200),
    harvester_id character varying(50),
    ack_requested smallint,
    creation_date timestamp without time zone,
    status character varying(32),
    status_date timestamp without time zone,
    params text
);

CREATE TABLE doma_panda.harvester_dialogs (
    harvester_id character varying(50) NOT NULL,
    diagid bigint NOT NULL,
    modulename character varying(100),
    identifier character varying(100),
    creationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    messagelevel character varying(10),
    diagmessage character varying(500)
)
PARTITION BY RANGE (creationtime);

CREATE TABLE doma_panda.harvester_instances (
    harvester_id character varying(50) NOT NULL,
    description character varying(200),
    starttime timestamp without time zone,
    owner character varying(100),
    hostname character varying(100),
    lastupdate timestamp without time zone,
    sw_version character varying(50),
    commit_stamp character varying(100)
);

CREATE TABLE doma_panda.harvester_metrics (
    harvester_id character varying(50) NOT NULL,
    creation_time timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    harvester_host character varying(100),
    metrics character varying(4000)
)
PARTITION BY RANGE (creation_time);

CREATE TABLE doma_panda.harvester_rel_jobs_workers (
    harvesterid character varying(50) NOT NULL,
    workerid bigint NOT NULL,
    pandaid bigint NOT NULL,
    lastupdate timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL
)
PARTITION BY RANGE (pandaid);

CREATE TABLE doma_panda.harvester_slots (
    pandaqueuename character varying(128) NOT NULL,
    gshare character varying(32),
    resourcetype character varying(56),
    numslots bigint NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    expirationtime timestamp without time zone
);

CREATE TABLE doma_panda.harvester_worker_stats (
    harvester_id character varying(50) NOT NULL,
    computingsite character varying(128) NOT NULL,
    resourcetype character varying(56) NOT NULL,
    status character varying(80) NOT NULL,
    jobtype character varying(52) NOT NULL,
    n_workers integer,
    lastupdate timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL
);

CREATE TABLE doma_panda.harvester_workers (
    harvesterid character varying(50) NOT NULL,
    workerid bigint NOT NULL,
    lastupdate timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    status character varying(80) NOT NULL,
    batchid character varying(80),
    nodeid character varying(80),
    queuename character varying(80),
    computingsite character varying(128),
    submittime timestamp without time zone,
    starttime timestamp without time zone,
    endtime timestamp without time zone,
    ncore integer,
    errorcode integer,
    stdout character varying(250),
    stderr character varying(250),
    batchlog character varying(250),
    resourcetype character varying(56),
    nativeexitcode integer,
    nativestatus character varying(80),
    diagmessage character varying(500),
    computingelement character varying(128),
    njobs integer,
    submissionhost character varying(128),
    harvesterhost character varying(128),
    jdl character varying(250),
    jobtype character varying(52),
    pilotstarttime timestamp without time zone,
    pilotendtime timestamp without time zone,
    pilotstatus character varying(80),
    pilotstatussynctime timestamp without time zone,
    minramcount integer,
    CONSTRAINT worker_status CHECK (((status)::text = ANY ((ARRAY['pending'::character varying, 'ready'::character varying, 'submitted'::character varying, 'idle'::character varying, 'running'::character varying, 'finished'::character varying, 'failed'::character varying, 'cancelled'::character varying, 'missed'::character varying])::text[])))
)
WITH (fillfactor='80');

CREATE VIEW doma_panda.jedi_aux_status_mintaskid AS
 SELECT jedi_tasks.status,
    min(jedi_tasks.jeditaskid) AS min_jeditaskid
   FROM doma_panda.jedi_tasks
  WHERE ((jedi_tasks.status)::text <> ALL ((ARRAY['broken'::character varying, 'aborted'::character varying, 'finished'::character varying, 'failed'::character varying])::text[]))
  GROUP BY jedi_tasks.status;

CREATE SEQUENCE doma_panda.jedi_dataset_cont_fileid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 100;

CREATE TABLE doma_panda.jedi_dataset_contents (
    jeditaskid bigint NOT NULL,
    datasetid bigint NOT NULL,
    fileid bigint DEFAULT nextval('doma_panda.jedi_dataset_cont_fileid_seq'::regclass) NOT NULL,
    creationdate timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    lastattempttime timestamp without time zone,
    lfn character varying(4000) NOT NULL,
    guid character varying(64),
    type character varying(20) NOT NULL,
    status character varying(64) NOT NULL,
    fsize bigint,
    scope character varying(30),
    attemptnr smallint,
    maxattempt smallint,
    nevents bigint,
    keeptrack smallint,
    startevent bigint,
    endevent bigint,
    firstevent bigint,
    boundaryid bigint,
    pandaid bigint,
    failedattempt smallint,
    lumiblocknr bigint,
    outpandaid bigint,
    maxfailure smallint,
    ramcount bigint DEFAULT 0,
    is_waiting character(1),
    jobsetid bigint,
    proc_status character varying(64),
    constituent_id bigint,
    checksum character varying(36),
    CONSTRAINT file_status CHECK (((status)::text = ANY ((ARRAY['ready'::character varying, 'pending'::character varying, 'staging'::character varying, 'missing'::character varying, 'lost'::character varying, 'broken'::character varying, 'picked'::character varying, 'running'::character varying, 'merging'::character varying, 'partial'::character varying, 'finished'::character varying, 'failed'::character varying, 'cancelled'::character varying, 'defined'::character varying, 'prepared'::character varying, 'nooutput'::character varying, 'notmerged'::character varying])::text[])))
)
PARTITION BY RANGE (jeditaskid);

CREATE TABLE doma_panda.jedi_dataset_locality (
    jeditaskid bigint NOT NULL,
    datasetid bigint NOT NULL,
    rse character varying(64) NOT NULL,
    "timestamp" timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL
);

CREATE SEQUENCE doma_panda.jedi_datasets_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 20;

CREATE TABLE doma_panda.jedi_datasets (
    jeditaskid bigint NOT NULL,
    datasetid bigint DEFAULT nextval('doma_panda.jedi_datasets_id_seq'::regclass) NOT NULL,
    datasetname character varying(255) NOT NULL,
    type character varying(20) NOT NULL,
    creationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    vo character varying(32),
    cloud character varying(10),
    site character varying(60),
    masterid bigint,
    provenanceid bigint,
    containername character varying(255),
    status character varying(20),
    state character varying(20),
    statechecktime timestamp without time zone,
    statecheckexpiration timestamp without time zone,
    frozentime timestamp without time zone,
    nfiles bigint,
    nfilestobeused bigint,
    nfilesused bigint,
    nfilesonhold bigint,
    nevents bigint,
    neventstobeused bigint,
    neventsused bigint,
    lockedby character varying(56),
    lockedtime timestamp without time zone,
    nfilesfinished bigint,
    nfilesfailed bigint,
    attributes character varying(100),
    streamname character varying(20),
    storagetoken character varying(100),
    destination character varying(60),
    templateid bigint,
    nfileswaiting bigint,
    nfilesmissing bigint,
    CONSTRAINT dataset_status CHECK (((status IS NULL) OR ((status)::text = ANY ((ARRAY['defined'::character varying, 'toupdate'::character varying, 'pending'::character varying, 'ready'::character varying, 'done'::character varying, 'finished'::character varying, 'failed'::character varying, 'broken'::character varying, 'removed'::character varying, 'registered'::character varying, 'running'::character varying, 'prepared'::character varying])::text[]))))
)
PARTITION BY RANGE (jeditaskid);

CREATE TABLE doma_panda.jedi_events (
    jeditaskid bigint NOT NULL,
    pandaid bigint NOT NULL,
    fileid bigint NOT NULL,
    job_processid bigint NOT NULL,
    datasetid bigint NOT NULL,
    status smallint NOT NULL,
    def_min_eventid bigint,
    def_max_eventid bigint,
    processed_upto_eventid bigint,
    attemptnr smallint,
    objstore_id bigint,
    event_offset bigint,
    is_jumbo smallint,
    ziprow_id bigint,
    file_not_deleted character(1),
    error_code integer,
    path_convention smallint,
    error_diag character varying(500),
    CONSTRAINT event_status CHECK ((status = ANY (ARRAY[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 98, 99])))
)
PARTITION BY RANGE (jeditaskid);

CREATE TABLE doma_panda.jedi_job_retry_history (
    jeditaskid bigint NOT NULL,
    oldpandaid bigint NOT NULL,
    newpandaid bigint NOT NULL,
    ins_utc_tstamp timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    relationtype character varying(32),
    originpandaid bigint
)
PARTITION BY RANGE (ins_utc_tstamp);

CREATE TABLE doma_panda.jedi_jobparams_template (
    jeditaskid bigint NOT NULL,
    jobparamstemplate text
)
PARTITION BY RANGE (jeditaskid);

CREATE SEQUENCE doma_panda.jedi_output_template_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.jedi_output_template (
    jeditaskid bigint NOT NULL,
    datasetid bigint NOT NULL,
    outtempid bigint DEFAULT nextval('doma_panda.jedi_output_template_id_seq'::regclass) NOT NULL,
    filenametemplate character varying(256) NOT NULL,
    maxserialnr integer,
    serialnr integer,
    sourcename character varying(256),
    streamname character varying(20),
    outtype character varying(20)
)
PARTITION BY RANGE (jeditaskid);

CREATE TABLE panda_ops.lease (
    name text NOT NULL,
    holder text NOT NULL,
    token bigint NOT NULL,
    acquired_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL
);

CREATE VIEW doma_panda.jedi_process_lock AS
 SELECT 'any'::character varying(32) AS vo,
    'any'::character varying(20) AS prodsourcelabel,
    0 AS workqueue_id,
    'any'::character varying(10) AS cloud,
    lease.holder AS lockedby,
    (lease.acquired_at AT TIME ZONE 'UTC'::text) AS lockedtime,
    'any'::character varying(56) AS resource_type,
    lease.name AS component
   FROM panda_ops.lease
  WHERE (lease.expires_at > now());

CREATE TABLE doma_panda.jedi_taskparams (
    jeditaskid bigint NOT NULL,
    taskparams text
)
PARTITION BY RANGE (jeditaskid);

CREATE TABLE doma_panda.jedi_work_queue (
    queue_id integer NOT NULL,
    queue_name character varying(32) NOT NULL,
    queue_type character varying(32) NOT NULL,
    vo character varying(32) NOT NULL,
    status character varying(64),
    partitionid integer,
    stretchable smallint,
    queue_share smallint,
    queue_order smallint,
    criteria character varying(256),
    variables character varying(256),
    queue_function character varying(32)
);

CREATE SEQUENCE doma_panda.jedi_work_queue_id_seq
    START WITH 100
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.job_metadata (
    pandaid bigint NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    metadata text
)
PARTITION BY RANGE (pandaid);
ALTER TABLE ONLY doma_panda.job_metadata ALTER COLUMN metadata SET COMPRESSION lz4;

CREATE TABLE doma_panda.job_metrics (
    pandaid bigint NOT NULL,
    jeditaskid bigint,
    creationtime timestamp without time zone,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    data text
);

CREATE TABLE doma_panda.job_output_report (
    pandaid bigint NOT NULL,
    prodsourcelabel character varying(20),
    jobstatus character varying(15) NOT NULL,
    attemptnr smallint NOT NULL,
    data text,
    "timestamp" timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    lockedby character varying(56),
    lockedtime timestamp without time zone
);

CREATE TABLE doma_panda.job_params (
    pandaid bigint NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    jobparameters text
)
PARTITION BY RANGE (pandaid);
ALTER TABLE ONLY doma_panda.job_params ALTER COLUMN jobparameters SET COMPRESSION lz4;

CREATE TABLE panda_ops.job_stats (
    computingsite text,
    cloud text,
    gshare text,
    jobstatus text NOT NULL,
    vo text,
    workqueue_id integer,
    resource_type text,
    nucleus text,
    prodsourcelabel text,
    processingtype text,
    countrygroup text,
    workinggroup text,
    relocationflag smallint,
    currentpriority integer,
    njobs bigint NOT NULL,
    ncores bigint NOT NULL,
    diskio_per_core numeric NOT NULL,
    ram_per_core numeric NOT NULL,
    walltime numeric NOT NULL,
    n_walltime bigint NOT NULL
)
WITH (fillfactor='70');

CREATE TABLE panda_ops.job_stats_delta (
    computingsite text,
    cloud text,
    gshare text,
    jobstatus text NOT NULL,
    vo text,
    workqueue_id integer,
    resource_type text,
    nucleus text,
    prodsourcelabel text,
    processingtype text,
    countrygroup text,
    workinggroup text,
    relocationflag smallint,
    currentpriority integer,
    njobs bigint NOT NULL,
    ncores bigint NOT NULL,
    diskio_per_core numeric NOT NULL,
    ram_per_core numeric NOT NULL,
    walltime numeric NOT NULL,
    n_walltime bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='5000');

CREATE VIEW panda_ops.job_stats_now AS
 SELECT s.computingsite,
    s.cloud,
    s.gshare,
    s.jobstatus,
    s.vo,
    s.workqueue_id,
    s.resource_type,
    s.nucleus,
    s.prodsourcelabel,
    s.processingtype,
    s.countrygroup,
    s.workinggroup,
    s.relocationflag,
    s.currentpriority,
    (sum(s.njobs))::bigint AS njobs,
    (sum(s.ncores))::bigint AS ncores,
    sum(s.diskio_per_core) AS diskio_per_core,
    sum(s.ram_per_core) AS ram_per_core,
    sum(s.walltime) AS walltime,
    (sum(s.n_walltime))::bigint AS n_walltime
   FROM ( SELECT job_stats.computingsite,
            job_stats.cloud,
            job_stats.gshare,
            job_stats.jobstatus,
            job_stats.vo,
            job_stats.workqueue_id,
            job_stats.resource_type,
            job_stats.nucleus,
            job_stats.prodsourcelabel,
            job_stats.processingtype,
            job_stats.countrygroup,
            job_stats.workinggroup,
            job_stats.relocationflag,
            job_stats.currentpriority,
            job_stats.njobs,
            job_stats.ncores,
            job_stats.diskio_per_core,
            job_stats.ram_per_core,
            job_stats.walltime,
            job_stats.n_walltime
           FROM panda_ops.job_stats
        UNION ALL
         SELECT job_stats_delta.computingsite,
            job_stats_delta.cloud,
            job_stats_delta.gshare,
            job_stats_delta.jobstatus,
            job_stats_delta.vo,
            job_stats_delta.workqueue_id,
            job_stats_delta.resource_type,
            job_stats_delta.nucleus,
            job_stats_delta.prodsourcelabel,
            job_stats_delta.processingtype,
            job_stats_delta.countrygroup,
            job_stats_delta.workinggroup,
            job_stats_delta.relocationflag,
            job_stats_delta.currentpriority,
            job_stats_delta.njobs,
            job_stats_delta.ncores,
            job_stats_delta.diskio_per_core,
            job_stats_delta.ram_per_core,
            job_stats_delta.walltime,
            job_stats_delta.n_walltime
           FROM panda_ops.job_stats_delta) s
  GROUP BY s.computingsite, s.cloud, s.gshare, s.jobstatus, s.vo, s.workqueue_id, s.resource_type, s.nucleus, s.prodsourcelabel, s.processingtype, s.countrygroup, s.workinggroup, s.relocationflag, s.currentpriority
 HAVING (sum(s.njobs) <> (0)::numeric);

CREATE VIEW doma_panda.job_stats_hp AS
 SELECT panda_ops.utc_now() AS ts,
    h.prodsourcelabel,
    h.cloud,
    h.resource_type,
    h.gshare,
    h.jobstatus,
    h.workqueue_id,
    h.vo,
    (h.currentpriority)::bigint AS max_priority,
    (sum(h.njobs))::bigint AS max_priority_count
   FROM ( SELECT s.computingsite,
            s.cloud,
            s.gshare,
            s.jobstatus,
            s.vo,
            s.workqueue_id,
            s.resource_type,
            s.nucleus,
            s.prodsourcelabel,
            s.processingtype,
            s.countrygroup,
            s.workinggroup,
            s.relocationflag,
            s.currentpriority,
            s.njobs,
            s.ncores,
            s.diskio_per_core,
            s.ram_per_core,
            s.walltime,
            s.n_walltime,
            max(s.currentpriority) OVER (PARTITION BY s.prodsourcelabel, s.cloud, s.resource_type, s.gshare, s.jobstatus, s.workqueue_id, s.vo) AS top
           FROM panda_ops.job_stats_now s
          WHERE ((s.jobstatus = ANY (ARRAY['activated'::text, 'assigned'::text, 'defined'::text])) AND (s.processingtype IS DISTINCT FROM 'pmerge'::text))) h
  WHERE (h.currentpriority = h.top)
  GROUP BY h.prodsourcelabel, h.cloud, h.resource_type, h.gshare, h.jobstatus, h.workqueue_id, h.vo, h.currentpriority;

CREATE VIEW doma_panda.jobparamstable AS
 SELECT job_params.pandaid,
    job_params.modificationtime,
    job_params.jobparameters
   FROM doma_panda.job_params;

CREATE TABLE doma_panda.jobs_final (
    pandaid bigint DEFAULT nextval('doma_panda.jobsdefined4_pandaid_seq'::regclass) NOT NULL,
    jobdefinitionid bigint DEFAULT 0 NOT NULL,
    schedulerid character varying(128),
    pilotid character varying(200),
    creationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    creationhost character varying(128),
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    modificationhost character varying(128),
    atlasrelease character varying(64),
    transformation character varying(250),
    homepackage character varying(80),
    prodserieslabel character varying(20),
    prodsourcelabel character varying(20) DEFAULT 'managed'::character varying,
    produserid character varying(250),
    assignedpriority integer DEFAULT 0 NOT NULL,
    currentpriority integer DEFAULT 0 NOT NULL,
    attemptnr smallint DEFAULT 0 NOT NULL,
    maxattempt smallint DEFAULT 0 NOT NULL,
    jobstatus character varying(15) NOT NULL,
    jobname character varying(256),
    maxcpucount bigint DEFAULT 0 NOT NULL,
    maxcpuunit character varying(32),
    maxdiskcount bigint DEFAULT 0 NOT NULL,
    maxdiskunit character(4),
    ipconnectivity character(5),
    minramcount bigint DEFAULT 0 NOT NULL,
    minramunit character(2),
    starttime timestamp without time zone,
    endtime timestamp without time zone,
    cpuconsumptiontime numeric(20,0) DEFAULT 0 NOT NULL,
    cpuconsumptionunit character varying(128),
    commandtopilot character varying(250),
    transexitcode character varying(128),
    piloterrorcode integer DEFAULT 0 NOT NULL,
    piloterrordiag character varying(500),
    exeerrorcode integer DEFAULT 0 NOT NULL,
    exeerrordiag character varying(500),
    superrorcode integer DEFAULT 0 NOT NULL,
    superrordiag character varying(250),
    ddmerrorcode integer DEFAULT 0 NOT NULL,
    ddmerrordiag character varying(700),
    brokerageerrorcode integer DEFAULT 0 NOT NULL,
    brokerageerrordiag character varying(250),
    jobdispatchererrorcode integer DEFAULT 0 NOT NULL,
    jobdispatchererrordiag character varying(250),
    taskbuffererrorcode integer DEFAULT 0 NOT NULL,
    taskbuffererrordiag character varying(300),
    computingsite character varying(128),
    computingelement character varying(128),
    jobparameters text,
    metadata text,
    proddblock character varying(255),
    dispatchdblock character varying(255),
    destinationdblock character varying(255),
    destinationse character varying(250),
    nevents bigint DEFAULT 0 NOT NULL,
    grid character varying(50),
    cloud character varying(50),
    cpuconversion numeric(9,4),
    sourcesite character varying(36),
    destinationsite character varying(36),
    transfertype character varying(10),
    taskid integer,
    cmtconfig character varying(250),
    statechangetime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    proddbupdatetime timestamp without time zone,
    lockedby character varying(128),
    relocationflag smallint DEFAULT 0,
    jobexecutionid bigint DEFAULT 0,
    vo character varying(32),
    pilottiming character varying(100),
    workinggroup character varying(20),
    processingtype character varying(64),
    produsername character varying(60),
    ninputfiles integer,
    countrygroup character varying(20),
    batchid character varying(80),
    parentid bigint,
    specialhandling character varying(80),
    jobsetid bigint,
    corecount smallint,
    ninputdatafiles integer,
    inputfiletype character varying(32),
    inputfileproject character varying(64),
    inputfilebytes bigint,
    noutputdatafiles integer,
    outputfilebytes bigint,
    jobmetrics character varying(500),
    workqueue_id integer,
    jeditaskid bigint,
    jobsubstatus character varying(80),
    actualcorecount integer,
    reqid integer,
    maxrss bigint,
    maxvmem bigint,
    maxswap bigint,
    maxpss bigint,
    avgrss bigint,
    avgvmem bigint,
    avgswap bigint,
    avgpss bigint,
    maxwalltime bigint,
    nucleus character varying(52),
    eventservice smallint,
    failedattempt smallint,
    hs06sec bigint,
    gshare character varying(32),
    hs06 bigint,
    totrchar bigint,
    totwchar bigint,
    totrbytes bigint,
    totwbytes bigint,
    raterchar bigint,
    ratewchar bigint,
    raterbytes bigint,
    ratewbytes bigint,
    resource_type character varying(56),
    diskio integer,
    memory_leak bigint,
    memory_leak_x2 numeric(14,3),
    container_name character varying(200),
    job_label character varying(20),
    meancorecount numeric(8,2),
    gco2_regional numeric(10,2),
    gco2_global numeric(10,2),
    cpu_architecture_level character varying(20),
    outputfiletype character varying(32),
    is_final boolean DEFAULT false NOT NULL,
    CONSTRAINT job_is_final CHECK ((is_final = ((jobstatus)::text = ANY ((ARRAY['finished'::character varying, 'failed'::character varying, 'closed'::character varying, 'cancelled'::character varying])::text[])))),
    CONSTRAINT job_status CHECK (((jobstatus)::text = ANY ((ARRAY['waiting'::character varying, 'pending'::character varying, 'defined'::character varying, 'assigned'::character varying, 'activated'::character varying, 'throttled'::character varying, 'sent'::character varying, 'starting'::character varying, 'running'::character varying, 'stagein'::character varying, 'stageout'::character varying, 'holding'::character varying, 'transferring'::character varying, 'merging'::character varying, 'finished'::character varying, 'failed'::character varying, 'closed'::character varying, 'cancelled'::character varying])::text[])))
)
PARTITION BY RANGE (statechangetime);

CREATE TABLE doma_panda.jobs_live (
    pandaid bigint DEFAULT nextval('doma_panda.jobsdefined4_pandaid_seq'::regclass) NOT NULL,
    jobdefinitionid bigint DEFAULT 0 NOT NULL,
    schedulerid character varying(128),
    pilotid character varying(200),
    creationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    creationhost character varying(128),
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    modificationhost character varying(128),
    atlasrelease character varying(64),
    transformation character varying(250),
    homepackage character varying(80),
    prodserieslabel character varying(20),
    prodsourcelabel character varying(20) DEFAULT 'managed'::character varying,
    produserid character varying(250),
    assignedpriority integer DEFAULT 0 NOT NULL,
    currentpriority integer DEFAULT 0 NOT NULL,
    attemptnr smallint DEFAULT 0 NOT NULL,
    maxattempt smallint DEFAULT 0 NOT NULL,
    jobstatus character varying(15) NOT NULL,
    jobname character varying(256),
    maxcpucount bigint DEFAULT 0 NOT NULL,
    maxcpuunit character varying(32),
    maxdiskcount bigint DEFAULT 0 NOT NULL,
    maxdiskunit character(4),
    ipconnectivity character(5),
    minramcount bigint DEFAULT 0 NOT NULL,
    minramunit character(2),
    starttime timestamp without time zone,
    endtime timestamp without time zone,
    cpuconsumptiontime numeric(20,0) DEFAULT 0 NOT NULL,
    cpuconsumptionunit character varying(128),
    commandtopilot character varying(250),
    transexitcode character varying(128),
    piloterrorcode integer DEFAULT 0 NOT NULL,
    piloterrordiag character varying(500),
    exeerrorcode integer DEFAULT 0 NOT NULL,
    exeerrordiag character varying(500),
    superrorcode integer DEFAULT 0 NOT NULL,
    superrordiag character varying(250),
    ddmerrorcode integer DEFAULT 0 NOT NULL,
    ddmerrordiag character varying(700),
    brokerageerrorcode integer DEFAULT 0 NOT NULL,
    brokerageerrordiag character varying(250),
    jobdispatchererrorcode integer DEFAULT 0 NOT NULL,
    jobdispatchererrordiag character varying(250),
    taskbuffererrorcode integer DEFAULT 0 NOT NULL,
    taskbuffererrordiag character varying(300),
    computingsite character varying(128),
    computingelement character varying(128),
    jobparameters text,
    metadata text,
    proddblock character varying(255),
    dispatchdblock character varying(255),
    destinationdblock character varying(255),
    destinationse character varying(250),
    nevents bigint DEFAULT 0 NOT NULL,
    grid character varying(50),
    cloud character varying(50),
    cpuconversion numeric(9,4),
    sourcesite character varying(36),
    destinationsite character varying(36),
    transfertype character varying(10),
    taskid integer,
    cmtconfig character varying(250),
    statechangetime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    proddbupdatetime timestamp without time zone,
    lockedby character varying(128),
    relocationflag smallint DEFAULT 0,
    jobexecutionid bigint DEFAULT 0,
    vo character varying(32),
    pilottiming character varying(100),
    workinggroup character varying(20),
    processingtype character varying(64),
    produsername character varying(60),
    ninputfiles integer,
    countrygroup character varying(20),
    batchid character varying(80),
    parentid bigint,
    specialhandling character varying(80),
    jobsetid bigint,
    corecount smallint,
    ninputdatafiles integer,
    inputfiletype character varying(32),
    inputfileproject character varying(64),
    inputfilebytes bigint,
    noutputdatafiles integer,
    outputfilebytes bigint,
    jobmetrics character varying(500),
    workqueue_id integer,
    jeditaskid bigint,
    jobsubstatus character varying(80),
    actualcorecount integer,
    reqid integer,
    maxrss bigint,
    maxvmem bigint,
    maxswap bigint,
    maxpss bigint,
    avgrss bigint,
    avgvmem bigint,
    avgswap bigint,
    avgpss bigint,
    maxwalltime bigint,
    nucleus character varying(52),
    eventservice smallint,
    failedattempt smallint,
    hs06sec bigint,
    gshare character varying(32),
    hs06 bigint,
    totrchar bigint,
    totwchar bigint,
    totrbytes bigint,
    totwbytes bigint,
    raterchar bigint,
    ratewchar bigint,
    raterbytes bigint,
    ratewbytes bigint,
    resource_type character varying(56),
    diskio integer,
    memory_leak bigint,
    memory_leak_x2 numeric(14,3),
    container_name character varying(200),
    job_label character varying(20),
    meancorecount numeric(8,2),
    gco2_regional numeric(10,2),
    gco2_global numeric(10,2),
    cpu_architecture_level character varying(20),
    outputfiletype character varying(32),
    is_final boolean DEFAULT false NOT NULL,
    CONSTRAINT job_is_final CHECK ((is_final = ((jobstatus)::text = ANY ((ARRAY['finished'::character varying, 'failed'::character varying, 'closed'::character varying, 'cancelled'::character varying])::text[])))),
    CONSTRAINT job_status CHECK (((jobstatus)::text = ANY ((ARRAY['waiting'::character varying, 'pending'::character varying, 'defined'::character varying, 'assigned'::character varying, 'activated'::character varying, 'throttled'::character varying, 'sent'::character varying, 'starting'::character varying, 'running'::character varying, 'stagein'::character varying, 'stageout'::character varying, 'holding'::character varying, 'transferring'::character varying, 'merging'::character varying, 'finished'::character varying, 'failed'::character varying, 'closed'::character varying, 'cancelled'::character varying])::text[])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05', autovacuum_analyze_scale_factor='0.05');

CREATE TABLE doma_panda.schedconfig_json (
    panda_queue character varying(50) NOT NULL,
    data jsonb,
    last_update timestamp without time zone
);

CREATE VIEW doma_panda.jobs_share_stats AS
 SELECT panda_ops.utc_now() AS ts,
    s.gshare,
    s.computingsite,
    s.jobstatus,
    (max(s.currentpriority))::bigint AS maxpriority,
    round((sum(s.diskio_per_core) / sum(s.njobs)), 2) AS prorated_diskio_avg,
    round((sum(s.ram_per_core) / sum(s.njobs)), 2) AS prorated_mem_avg,
    (sum(s.njobs))::bigint AS njobs,
    ((sum(s.ncores) * COALESCE(max(((q.data ->> 'corepower'::text))::numeric), (10)::numeric)))::bigint AS hs,
    s.vo,
    s.workqueue_id,
    s.resource_type,
    s.nucleus
   FROM (panda_ops.job_stats_now s
     LEFT JOIN doma_panda.schedconfig_json q ON (((q.panda_queue)::text = s.computingsite)))
  WHERE (s.jobstatus <> ALL (ARRAY['pending'::text, 'waiting'::text, 'defined'::text, 'assigned'::text]))
  GROUP BY s.gshare, s.computingsite, s.jobstatus, s.vo, s.workqueue_id, s.resource_type, s.nucleus;

CREATE TABLE doma_panda.jobs_statuslog (
    pandaid bigint NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    jobstatus character varying(15) NOT NULL,
    prodsourcelabel character varying(20),
    cloud character varying(50),
    computingsite character varying(128),
    modificationhost character varying(128),
    modiftime_extended timestamp without time zone DEFAULT panda_ops.utc_now()
)
PARTITION BY RANGE (modificationtime);

CREATE VIEW doma_panda.jobsactive4 AS
 SELECT jobs_live.pandaid,
    jobs_live.jobdefinitionid,
    jobs_live.schedulerid,
    jobs_live.pilotid,
    jobs_live.creationtime,
    jobs_live.creationhost,
    jobs_live.modificationtime,
    jobs_live.modificationhost,
    jobs_live.atlasrelease,
    jobs_live.transformation,
    jobs_live.homepackage,
    jobs_live.prodserieslabel,
    jobs_live.prodsourcelabel,
    jobs_live.produserid,
    jobs_live.assignedpriority,
    jobs_live.currentpriority,
    jobs_live.attemptnr,
    jobs_live.maxattempt,
    jobs_live.jobstatus,
    jobs_live.jobname,
    jobs_live.maxcpucount,
    jobs_live.maxcpuunit,
    jobs_live.maxdiskcount,
    jobs_live.maxdiskunit,
    jobs_live.ipconnectivity,
    jobs_live.minramcount,
    jobs_live.minramunit,
    jobs_live.starttime,
    jobs_live.endtime,
    jobs_live.cpuconsumptiontime,
    jobs_live.cpuconsumptionunit,
    jobs_live.commandtopilot,
    jobs_live.transexitcode,
    jobs_live.piloterrorcode,
    jobs_live.piloterrordiag,
    jobs_live.exeerrorcode,
    jobs_live.exeerrordiag,
    jobs_live.superrorcode,
    jobs_live.superrordiag,
    jobs_live.ddmerrorcode,
    jobs_live.ddmerrordiag,
    jobs_live.brokerageerrorcode,
    jobs_live.brokerageerrordiag,
    jobs_live.jobdispatchererrorcode,
    jobs_live.jobdispatchererrordiag,
    jobs_live.taskbuffererrorcode,
    jobs_live.taskbuffererrordiag,
    jobs_live.computingsite,
    jobs_live.computingelement,
    jobs_live.jobparameters,
    jobs_live.metadata,
    jobs_live.proddblock,
    jobs_live.dispatchdblock,
    jobs_live.destinationdblock,
    jobs_live.destinationse,
    jobs_live.nevents,
    jobs_live.grid,
    jobs_live.cloud,
    jobs_live.cpuconversion,
    jobs_live.sourcesite,
    jobs_live.destinationsite,
    jobs_live.transfertype,
    jobs_live.taskid,
    jobs_live.cmtconfig,
    jobs_live.statechangetime,
    jobs_live.proddbupdatetime,
    jobs_live.lockedby,
    jobs_live.relocationflag,
    jobs_live.jobexecutionid,
    jobs_live.vo,
    jobs_live.pilottiming,
    jobs_live.workinggroup,
    jobs_live.processingtype,
    jobs_live.produsername,
    jobs_live.ninputfiles,
    jobs_live.countrygroup,
    jobs_live.batchid,
    jobs_live.parentid,
    jobs_live.specialhandling,
    jobs_live.jobsetid,
    jobs_live.corecount,
    jobs_live.ninputdatafiles,
    jobs_live.inputfiletype,
    jobs_live.inputfileproject,
    jobs_live.inputfilebytes,
    jobs_live.noutputdatafiles,
    jobs_live.outputfilebytes,
    jobs_live.jobmetrics,
    jobs_live.workqueue_id,
    jobs_live.jeditaskid,
    jobs_live.jobsubstatus,
    jobs_live.actualcorecount,
    jobs_live.reqid,
    jobs_live.maxrss,
    jobs_live.maxvmem,
    jobs_live.maxswap,
    jobs_live.maxpss,
    jobs_live.avgrss,
    jobs_live.avgvmem,
    jobs_live.avgswap,
    jobs_live.avgpss,
    jobs_live.maxwalltime,
    jobs_live.nucleus,
    jobs_live.eventservice,
    jobs_live.failedattempt,
    jobs_live.hs06sec,
    jobs_live.gshare,
    jobs_live.hs06,
    jobs_live.totrchar,
    jobs_live.totwchar,
    jobs_live.totrbytes,
    jobs_live.totwbytes,
    jobs_live.raterchar,
    jobs_live.ratewchar,
    jobs_live.raterbytes,
    jobs_live.ratewbytes,
    jobs_live.resource_type,
    jobs_live.diskio,
    jobs_live.memory_leak,
    jobs_live.memory_leak_x2,
    jobs_live.container_name,
    jobs_live.job_label,
    jobs_live.meancorecount,
    jobs_live.gco2_regional,
    jobs_live.gco2_global,
    jobs_live.cpu_architecture_level,
    jobs_live.outputfiletype
   FROM doma_panda.jobs_live
  WHERE ((jobs_live.jobstatus)::text = ANY ((ARRAY['activated'::character varying, 'throttled'::character varying, 'sent'::character varying, 'starting'::character varying, 'running'::character varying, 'stagein'::character varying, 'stageout'::character varying, 'holding'::character varying, 'transferring'::character varying, 'merging'::character varying])::text[]));

CREATE VIEW doma_panda.jobsarchived4 AS
 SELECT jobs_final.pandaid,
    jobs_final.jobdefinitionid,
    jobs_final.schedulerid,
    jobs_final.pilotid,
    jobs_final.creationtime,
    jobs_final.creationhost,
    jobs_final.modificationtime,
    jobs_final.modificationhost,
    jobs_final.atlasrelease,
    jobs_final.transformation,
    jobs_final.homepackage,
    jobs_final.prodserieslabel,
    jobs_final.prodsourcelabel,
    jobs_final.produserid,
    jobs_final.assignedpriority,
    jobs_final.currentpriority,
    jobs_final.attemptnr,
    jobs_final.maxattempt,
    jobs_final.jobstatus,
    jobs_final.jobname,
    jobs_final.maxcpucount,
    jobs_final.maxcpuunit,
    jobs_final.maxdiskcount,
    jobs_final.maxdiskunit,
    jobs_final.ipconnectivity,
    jobs_final.minramcount,
    jobs_final.minramunit,
    jobs_final.starttime,
    jobs_final.endtime,
    jobs_final.cpuconsumptiontime,
    jobs_final.cpuconsumptionunit,
    jobs_final.commandtopilot,
    jobs_final.transexitcode,
    jobs_final.piloterrorcode,
    jobs_final.piloterrordiag,
    jobs_final.exeerrorcode,
    jobs_final.exeerrordiag,
    jobs_final.superrorcode,
    jobs_final.superrordiag,
    jobs_final.ddmerrorcode,
    jobs_final.ddmerrordiag,
    jobs_final.brokerageerrorcode,
    jobs_final.brokerageerrordiag,
    jobs_final.jobdispatchererrorcode,
    jobs_final.jobdispatchererrordiag,
    jobs_final.taskbuffererrorcode,
    jobs_final.taskbuffererrordiag,
    jobs_final.computingsite,
    jobs_final.computingelement,
    jobs_final.jobparameters,
    jobs_final.metadata,
    jobs_final.proddblock,
    jobs_final.dispatchdblock,
    jobs_final.destinationdblock,
    jobs_final.destinationse,
    jobs_final.nevents,
    jobs_final.grid,
    jobs_final.cloud,
    jobs_final.cpuconversion,
    jobs_final.sourcesite,
    jobs_final.destinationsite,
    jobs_final.transfertype,
    jobs_final.taskid,
    jobs_final.cmtconfig,
    jobs_final.statechangetime,
    jobs_final.proddbupdatetime,
    jobs_final.lockedby,
    jobs_final.relocationflag,
    jobs_final.jobexecutionid,
    jobs_final.vo,
    jobs_final.pilottiming,
    jobs_final.workinggroup,
    jobs_final.processingtype,
    jobs_final.produsername,
    jobs_final.ninputfiles,
    jobs_final.countrygroup,
    jobs_final.batchid,
    jobs_final.parentid,
    jobs_final.specialhandling,
    jobs_final.jobsetid,
    jobs_final.corecount,
    jobs_final.ninputdatafiles,
    jobs_final.inputfiletype,
    jobs_final.inputfileproject,
    jobs_final.inputfilebytes,
    jobs_final.noutputdatafiles,
    jobs_final.outputfilebytes,
    jobs_final.jobmetrics,
    jobs_final.workqueue_id,
    jobs_final.jeditaskid,
    jobs_final.jobsubstatus,
    jobs_final.actualcorecount,
    jobs_final.reqid,
    jobs_final.maxrss,
    jobs_final.maxvmem,
    jobs_final.maxswap,
    jobs_final.maxpss,
    jobs_final.avgrss,
    jobs_final.avgvmem,
    jobs_final.avgswap,
    jobs_final.avgpss,
    jobs_final.maxwalltime,
    jobs_final.nucleus,
    jobs_final.eventservice,
    jobs_final.failedattempt,
    jobs_final.hs06sec,
    jobs_final.gshare,
    jobs_final.hs06,
    jobs_final.totrchar,
    jobs_final.totwchar,
    jobs_final.totrbytes,
    jobs_final.totwbytes,
    jobs_final.raterchar,
    jobs_final.ratewchar,
    jobs_final.raterbytes,
    jobs_final.ratewbytes,
    jobs_final.resource_type,
    jobs_final.diskio,
    jobs_final.memory_leak,
    jobs_final.memory_leak_x2,
    jobs_final.container_name,
    jobs_final.job_label,
    jobs_final.meancorecount,
    jobs_final.gco2_regional,
    jobs_final.gco2_global,
    jobs_final.cpu_architecture_level,
    jobs_final.outputfiletype
   FROM doma_panda.jobs_final
  WHERE (jobs_final.statechangetime >= panda_ops.archive_boundary());

CREATE TABLE doma_panda.jobsdebug (
    pandaid bigint NOT NULL,
    stdout character varying(2048)
);

CREATE VIEW doma_panda.jobsdefined4 AS
 SELECT jobs_live.pandaid,
    jobs_live.jobdefinitionid,
    jobs_live.schedulerid,
    jobs_live.pilotid,
    jobs_live.creationtime,
    jobs_live.creationhost,
    jobs_live.modificationtime,
    jobs_live.modificationhost,
    jobs_live.atlasrelease,
    jobs_live.transformation,
    jobs_live.homepackage,
    jobs_live.prodserieslabel,
    jobs_live.prodsourcelabel,
    jobs_live.produserid,
    jobs_live.assignedpriority,
    jobs_live.currentpriority,
    jobs_live.attemptnr,
    jobs_live.maxattempt,
    jobs_live.jobstatus,
    jobs_live.jobname,
    jobs_live.maxcpucount,
    jobs_live.maxcpuunit,
    jobs_live.maxdiskcount,
    jobs_live.maxdiskunit,
    jobs_live.ipconnectivity,
    jobs_live.minramcount,
    jobs_live.minramunit,
    jobs_live.starttime,
    jobs_live.endtime,
    jobs_live.cpuconsumptiontime,
    jobs_live.cpuconsumptionunit,
    jobs_live.commandtopilot,
    jobs_live.transexitcode,
    jobs_live.piloterrorcode,
    jobs_live.piloterrordiag,
    jobs_live.exeerrorcode,
    jobs_live.exeerrordiag,
    jobs_live.superrorcode,
    jobs_live.superrordiag,
    jobs_live.ddmerrorcode,
    jobs_live.ddmerrordiag,
    jobs_live.brokerageerrorcode,
    jobs_live.brokerageerrordiag,
    jobs_live.jobdispatchererrorcode,
    jobs_live.jobdispatchererrordiag,
    jobs_live.taskbuffererrorcode,
    jobs_live.taskbuffererrordiag,
    jobs_live.computingsite,
    jobs_live.computingelement,
    jobs_live.jobparameters,
    jobs_live.metadata,
    jobs_live.proddblock,
    jobs_live.dispatchdblock,
    jobs_live.destinationdblock,
    jobs_live.destinationse,
    jobs_live.nevents,
    jobs_live.grid,
    jobs_live.cloud,
    jobs_live.cpuconversion,
    jobs_live.sourcesite,
    jobs_live.destinationsite,
    jobs_live.transfertype,
    jobs_live.taskid,
    jobs_live.cmtconfig,
    jobs_live.statechangetime,
    jobs_live.proddbupdatetime,
    jobs_live.lockedby,
    jobs_live.relocationflag,
    jobs_live.jobexecutionid,
    jobs_live.vo,
    jobs_live.pilottiming,
    jobs_live.workinggroup,
    jobs_live.processingtype,
    jobs_live.produsername,
    jobs_live.ninputfiles,
    jobs_live.countrygroup,
    jobs_live.batchid,
    jobs_live.parentid,
    jobs_live.specialhandling,
    jobs_live.jobsetid,
    jobs_live.corecount,
    jobs_live.ninputdatafiles,
    jobs_live.inputfiletype,
    jobs_live.inputfileproject,
    jobs_live.inputfilebytes,
    jobs_live.noutputdatafiles,
    jobs_live.outputfilebytes,
    jobs_live.jobmetrics,
    jobs_live.workqueue_id,
    jobs_live.jeditaskid,
    jobs_live.jobsubstatus,
    jobs_live.actualcorecount,
    jobs_live.reqid,
    jobs_live.maxrss,
    jobs_live.maxvmem,
    jobs_live.maxswap,
    jobs_live.maxpss,
    jobs_live.avgrss,
    jobs_live.avgvmem,
    jobs_live.avgswap,
    jobs_live.avgpss,
    jobs_live.maxwalltime,
    jobs_live.nucleus,
    jobs_live.eventservice,
    jobs_live.failedattempt,
    jobs_live.hs06sec,
    jobs_live.gshare,
    jobs_live.hs06,
    jobs_live.totrchar,
    jobs_live.totwchar,
    jobs_live.totrbytes,
    jobs_live.totwbytes,
    jobs_live.raterchar,
    jobs_live.ratewchar,
    jobs_live.raterbytes,
    jobs_live.ratewbytes,
    jobs_live.resource_type,
    jobs_live.diskio,
    jobs_live.memory_leak,
    jobs_live.memory_leak_x2,
    jobs_live.container_name,
    jobs_live.job_label,
    jobs_live.meancorecount,
    jobs_live.gco2_regional,
    jobs_live.gco2_global,
    jobs_live.cpu_architecture_level,
    jobs_live.outputfiletype
   FROM doma_panda.jobs_live
  WHERE ((jobs_live.jobstatus)::text = ANY ((ARRAY['defined'::character varying, 'assigned'::character varying])::text[]));

CREATE VIEW doma_panda.jobsdefined_share_stats AS
 SELECT panda_ops.utc_now() AS ts,
    s.gshare,
    s.computingsite,
    s.jobstatus,
    (max(s.currentpriority))::bigint AS maxpriority,
    round((sum(s.diskio_per_core) / sum(s.njobs)), 2) AS prorated_diskio_avg,
    round((sum(s.ram_per_core) / sum(s.njobs)), 2) AS prorated_mem_avg,
    (sum(s.njobs))::bigint AS njobs,
    ((sum(s.ncores) * COALESCE(max(((q.data ->> 'corepower'::text))::numeric), (10)::numeric)))::bigint AS hs,
    s.vo,
    s.workqueue_id,
    s.resource_type,
    s.nucleus
   FROM (panda_ops.job_stats_now s
     LEFT JOIN doma_panda.schedconfig_json q ON (((q.panda_queue)::text = s.computingsite)))
  WHERE (s.jobstatus = ANY (ARRAY['defined'::text, 'assigned'::text]))
  GROUP BY s.gshare, s.computingsite, s.jobstatus, s.vo, s.workqueue_id, s.resource_type, s.nucleus;

CREATE VIEW doma_panda.jobswaiting4 AS
 SELECT jobs_live.pandaid,
    jobs_live.jobdefinitionid,
    jobs_live.schedulerid,
    jobs_live.pilotid,
    jobs_live.creationtime,
    jobs_live.creationhost,
    jobs_live.modificationtime,
    jobs_live.modificationhost,
    jobs_live.atlasrelease,
    jobs_live.transformation,
    jobs_live.homepackage,
    jobs_live.prodserieslabel,
    jobs_live.prodsourcelabel,
    jobs_live.produserid,
    jobs_live.assignedpriority,
    jobs_live.currentpriority,
    jobs_live.attemptnr,
    jobs_live.maxattempt,
    jobs_live.jobstatus,
    jobs_live.jobname,
    jobs_live.maxcpucount,
    jobs_live.maxcpuunit,
    jobs_live.maxdiskcount,
    jobs_live.maxdiskunit,
    jobs_live.ipconnectivity,
    jobs_live.minramcount,
    jobs_live.minramunit,
    jobs_live.starttime,
    jobs_live.endtime,
    jobs_live.cpuconsumptiontime,
    jobs_live.cpuconsumptionunit,
    jobs_live.commandtopilot,
    jobs_live.transexitcode,
    jobs_live.piloterrorcode,
    jobs_live.piloterrordiag,
    jobs_live.exeerrorcode,
    jobs_live.exeerrordiag,
    jobs_live.superrorcode,
    jobs_live.superrordiag,
    jobs_live.ddmerrorcode,
    jobs_live.ddmerrordiag,
    jobs_live.brokerageerrorcode,
    jobs_live.brokerageerrordiag,
    jobs_live.jobdispatchererrorcode,
    jobs_live.jobdispatchererrordiag,
    jobs_live.taskbuffererrorcode,
    jobs_live.taskbuffererrordiag,
    jobs_live.computingsite,
    jobs_live.computingelement,
    jobs_live.jobparameters,
    jobs_live.metadata,
    jobs_live.proddblock,
    jobs_live.dispatchdblock,
    jobs_live.destinationdblock,
    jobs_live.destinationse,
    jobs_live.nevents,
    jobs_live.grid,
    jobs_live.cloud,
    jobs_live.cpuconversion,
    jobs_live.sourcesite,
    jobs_live.destinationsite,
    jobs_live.transfertype,
    jobs_live.taskid,
    jobs_live.cmtconfig,
    jobs_live.statechangetime,
    jobs_live.proddbupdatetime,
    jobs_live.lockedby,
    jobs_live.relocationflag,
    jobs_live.jobexecutionid,
    jobs_live.vo,
    jobs_live.pilottiming,
    jobs_live.workinggroup,
    jobs_live.processingtype,
    jobs_live.produsername,
    jobs_live.ninputfiles,
    jobs_live.countrygroup,
    jobs_live.batchid,
    jobs_live.parentid,
    jobs_live.specialhandling,
    jobs_live.jobsetid,
    jobs_live.corecount,
    jobs_live.ninputdatafiles,
    jobs_live.inputfiletype,
    jobs_live.inputfileproject,
    jobs_live.inputfilebytes,
    jobs_live.noutputdatafiles,
    jobs_live.outputfilebytes,
    jobs_live.jobmetrics,
    jobs_live.workqueue_id,
    jobs_live.jeditaskid,
    jobs_live.jobsubstatus,
    jobs_live.actualcorecount,
    jobs_live.reqid,
    jobs_live.maxrss,
    jobs_live.maxvmem,
    jobs_live.maxswap,
    jobs_live.maxpss,
    jobs_live.avgrss,
    jobs_live.avgvmem,
    jobs_live.avgswap,
    jobs_live.avgpss,
    jobs_live.maxwalltime,
    jobs_live.nucleus,
    jobs_live.eventservice,
    jobs_live.failedattempt,
    jobs_live.hs06sec,
    jobs_live.gshare,
    jobs_live.hs06,
    jobs_live.totrchar,
    jobs_live.totwchar,
    jobs_live.totrbytes,
    jobs_live.totwbytes,
    jobs_live.raterchar,
    jobs_live.ratewchar,
    jobs_live.raterbytes,
    jobs_live.ratewbytes,
    jobs_live.resource_type,
    jobs_live.diskio,
    jobs_live.memory_leak,
    jobs_live.memory_leak_x2,
    jobs_live.container_name,
    jobs_live.job_label,
    jobs_live.meancorecount,
    jobs_live.gco2_regional,
    jobs_live.gco2_global,
    jobs_live.cpu_architecture_level,
    jobs_live.outputfiletype
   FROM doma_panda.jobs_live
  WHERE ((jobs_live.jobstatus)::text = ANY ((ARRAY['pending'::character varying, 'waiting'::character varying])::text[]));

CREATE TABLE doma_panda.machine_heartbeat (
    machine_name character varying(128) NOT NULL,
    service_name character varying(64) NOT NULL,
    last_seen timestamp without time zone
);

CREATE VIEW doma_panda.metatable AS
 SELECT job_metadata.pandaid,
    job_metadata.modificationtime,
    job_metadata.metadata
   FROM doma_panda.job_metadata;

CREATE TABLE doma_panda.metrics (
    computingsite character varying(128),
    gshare character varying(32),
    metric character varying(128),
    value_json jsonb,
    "timestamp" timestamp without time zone
);

CREATE VIEW doma_panda.mv_jobsactive4_stats AS
 SELECT panda_ops.utc_now() AS cur_date,
    job_stats_now.cloud,
    job_stats_now.computingsite,
    job_stats_now.countrygroup,
    job_stats_now.workinggroup,
    job_stats_now.relocationflag,
    job_stats_now.jobstatus,
    job_stats_now.processingtype,
    job_stats_now.prodsourcelabel,
    (((job_stats_now.currentpriority / 10) * 10))::bigint AS currentpriority,
    (sum(job_stats_now.njobs))::bigint AS num_of_jobs,
    job_stats_now.vo,
    job_stats_now.workqueue_id,
    (sum(job_stats_now.ncores))::bigint AS num_of_cores,
    job_stats_now.resource_type
   FROM panda_ops.job_stats_now
  WHERE (job_stats_now.jobstatus <> ALL (ARRAY['pending'::text, 'waiting'::text, 'defined'::text, 'assigned'::text]))
  GROUP BY job_stats_now.cloud, job_stats_now.computingsite, job_stats_now.countrygroup, job_stats_now.workinggroup, job_stats_now.relocationflag, job_stats_now.jobstatus, job_stats_now.processingtype, job_stats_now.prodsourcelabel, ((job_stats_now.currentpriority / 10) * 10), job_stats_now.vo, job_stats_now.workqueue_id, job_stats_now.resource_type;

CREATE VIEW doma_panda.mv_running_jumbo_task_count AS
 SELECT panda_ops.utc_now() AS cur_date,
    jedi_tasks.vo,
    jedi_tasks.cloud,
    jedi_tasks.prodsourcelabel,
    jedi_tasks.usejumbo,
    jedi_tasks.status,
    jedi_tasks.gshare,
    jedi_tasks.workqueue_id,
    count(*) AS task_count
   FROM doma_panda.jedi_tasks
  WHERE ((jedi_tasks.usejumbo IS NOT NULL) AND ((jedi_tasks.status)::text = ANY ((ARRAY['running'::character varying, 'scouting'::character varying, 'scouted'::character varying, 'ready'::character varying, 'pending'::character varying, 'throttled'::character varying])::text[])))
  GROUP BY jedi_tasks.vo, jedi_tasks.cloud, jedi_tasks.prodsourcelabel, jedi_tasks.usejumbo, jedi_tasks.status, jedi_tasks.gshare, jedi_tasks.workqueue_id;

CREATE TABLE doma_panda.network_matrix_kv (
    src character varying(256) NOT NULL,
    dst character varying(256) NOT NULL,
    key character varying(256) NOT NULL,
    value bigint,
    ts timestamp without time zone
);

CREATE TABLE doma_panda.network_matrix_kv_temp (
    src character varying(256) NOT NULL,
    dst character varying(256) NOT NULL,
    key character varying(256) NOT NULL,
    value bigint,
    ts timestamp without time zone
);

CREATE TABLE doma_panda.panda_ddm_relation (
    panda_site_name character varying(52) NOT NULL,
    ddm_endpoint_name character varying(52) NOT NULL,
    is_local character(1),
    roles character varying(60),
    order_read integer,
    order_write integer,
    default_read character(1),
    default_write character(1),
    scope character varying(52) NOT NULL
);

CREATE TABLE doma_panda.panda_site (
    panda_site_name character varying(52) NOT NULL,
    site_name character varying(52) NOT NULL,
    storage_site_name character varying(52),
    default_ddm_endpoint character varying(52),
    is_local character(1)
);

CREATE TABLE doma_panda.pandadb_version (
    component character varying(100) NOT NULL,
    major integer NOT NULL,
    minor integer NOT NULL,
    patch integer NOT NULL
);

CREATE TABLE doma_panda.pandalog (
    bintime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    name character varying(30),
    module character varying(30),
    loguser character varying(80),
    type character varying(20),
    pid bigint DEFAULT 0 NOT NULL,
    loglevel integer DEFAULT 0 NOT NULL,
    levelname character varying(30),
    "time" character varying(30),
    filename character varying(100),
    line integer DEFAULT 0 NOT NULL,
    message character varying(4000)
)
PARTITION BY RANGE (bintime);

CREATE TABLE doma_panda.pandalog_fax (
    bintime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    name character varying(30),
    module character varying(30),
    loguser character varying(80),
    type character varying(20),
    pid bigint DEFAULT 0,
    loglevel integer DEFAULT 0,
    levelname character varying(30),
    "time" character varying(30),
    filename character varying(100),
    line integer DEFAULT 0,
    message character varying(4000)
);

CREATE TABLE doma_panda.pilottoken (
    token character varying(64) NOT NULL,
    schedulerhost character varying(100),
    scheduleruser character varying(150),
    usages integer DEFAULT 1 NOT NULL,
    created timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    expires timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    schedulerid character varying(80)
);

CREATE TABLE doma_panda.resource_types (
    resource_name character varying(56) NOT NULL,
    mincore integer,
    maxcore integer,
    minrampercore integer,
    maxrampercore integer
);

CREATE SEQUENCE doma_panda.retryactions_id_seq
    START WITH 100
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.retryactions (
    retryaction_id bigint DEFAULT nextval('doma_panda.retryactions_id_seq'::regclass) NOT NULL,
    retry_action character varying(50) NOT NULL,
    active character(1) DEFAULT 'Y'::bpchar NOT NULL,
    retry_description character varying(250)
);

CREATE SEQUENCE doma_panda.retryerrors_id_seq
    START WITH 100
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.retryerrors (
    retryerror_id bigint DEFAULT nextval('doma_panda.retryerrors_id_seq'::regclass) NOT NULL,
    errorsource character varying(256) NOT NULL,
    errorcode bigint NOT NULL,
    active character(1) DEFAULT 'Y'::bpchar NOT NULL,
    retryaction bigint NOT NULL,
    errordiag character varying(256),
    parameters character varying(256),
    architecture character varying(256),
    release character varying(64),
    workqueue_id integer,
    description character varying(250),
    expiration_date timestamp without time zone
);

CREATE TABLE doma_panda.secrets (
    owner character varying(60) NOT NULL,
    updated_at timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    data text
);

CREATE TABLE doma_panda.site (
    site_name character varying(52) NOT NULL,
    role character varying(256),
    tier_level smallint,
    state character varying(52)
);

CREATE TABLE doma_panda.site_stats (
    site_name character varying(52) NOT NULL,
    key character varying(52) NOT NULL,
    value bigint,
    ts timestamp without time zone
);

CREATE TABLE doma_panda.sql_queue (
    topic character varying(50) NOT NULL,
    pandaid bigint NOT NULL,
    execution_order integer NOT NULL,
    jeditaskid bigint,
    creationtime timestamp without time zone,
    data character varying(4000)
);

CREATE SEQUENCE doma_panda.subcounter_subid_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    MAXVALUE 9999999
    CACHE 1
    CYCLE;

CREATE TABLE doma_panda.sw_tags (
    panda_queue character varying(50),
    data text,
    last_update timestamp without time zone
);

CREATE TABLE doma_panda.tablepart4copying (
    table_name character varying(63) NOT NULL,
    partition_name character varying(63) NOT NULL,
    copied_to_arch character varying(10) NOT NULL,
    copying_done_on timestamp without time zone,
    deleted_on timestamp without time zone,
    data_verif_passed character(3),
    data_verified_on timestamp without time zone
);

CREATE TABLE doma_panda.task_attempts (
    jeditaskid bigint NOT NULL,
    attemptnr integer NOT NULL,
    starttime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    endtime timestamp without time zone,
    startstatus character varying(32),
    endstatus character varying(32)
);

CREATE TABLE doma_panda.task_evaluation (
    jeditaskid bigint NOT NULL,
    metric character varying(128) NOT NULL,
    value_json text,
    "timestamp" timestamp without time zone
);

CREATE TABLE doma_panda.task_metrics (
    jeditaskid bigint NOT NULL,
    creationtime timestamp without time zone,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    data text
);

CREATE TABLE doma_panda.tasks_statuslog (
    jeditaskid bigint NOT NULL,
    modificationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    status character varying(64) NOT NULL,
    modificationhost character varying(128),
    attemptnr smallint,
    reason character varying(255)
)
PARTITION BY RANGE (modificationtime);

CREATE TABLE doma_panda.tmp_pandaids_relations (
    pandaid bigint NOT NULL,
    newjobid bigint NOT NULL
);

CREATE VIEW doma_panda.total_walltime_cache AS
 SELECT COALESCE(job_stats_now.vo, ''::text) AS vo,
    k.agg_type,
    COALESCE(k.agg_key, ''::text) AS agg_key,
    COALESCE(job_stats_now.prodsourcelabel, ''::text) AS prodsourcelabel,
    COALESCE(job_stats_now.resource_type, ''::text) AS resource_type,
    (sum(job_stats_now.walltime))::bigint AS total_walltime,
    (sum(job_stats_now.n_walltime))::integer AS n_has_value,
    (sum((job_stats_now.njobs - job_stats_now.n_walltime)))::integer AS n_no_value
   FROM (panda_ops.job_stats_now
     CROSS JOIN LATERAL ( VALUES ('gshare'::text,job_stats_now.gshare), ('workqueue'::text,(job_stats_now.workqueue_id)::text)) k(agg_type, agg_key))
  WHERE (job_stats_now.jobstatus = ANY (ARRAY['activated'::text, 'starting'::text, 'defined'::text]))
  GROUP BY COALESCE(job_stats_now.vo, ''::text), k.agg_type, COALESCE(k.agg_key, ''::text), COALESCE(job_stats_now.prodsourcelabel, ''::text), COALESCE(job_stats_now.resource_type, ''::text);

CREATE TABLE doma_panda.typical_num_input (
    vo character varying(32) NOT NULL,
    agg_type character varying(32) NOT NULL,
    agg_key character varying(32) NOT NULL,
    prodsourcelabel character varying(20) NOT NULL,
    processingtype character varying(64) NOT NULL,
    ninputdatafiles integer
);

CREATE TABLE doma_panda.ups_stats (
    ts timestamp without time zone,
    computingsite character varying(128),
    resource_type character varying(56),
    gshare character varying(32),
    jobstatus character varying(15),
    vo character varying(16),
    current_priority_binned bigint,
    current_priority_count bigint
);

CREATE TABLE doma_panda.worker_node (
    site character varying(128) NOT NULL,
    host_name character varying(128) NOT NULL,
    cpu_model character varying(128) NOT NULL,
    n_logical_cpus integer,
    n_sockets integer,
    cores_per_socket integer,
    threads_per_core integer,
    cpu_architecture character varying(20),
    cpu_architecture_level character varying(20),
    clock_speed numeric(9,2),
    total_memory bigint,
    last_seen timestamp without time zone,
    total_local_disk bigint,
    cpu_model_normalized character varying(128)
);

CREATE TABLE doma_panda.worker_node_gpus (
    site character varying(128) NOT NULL,
    host_name character varying(128) NOT NULL,
    vendor character varying(128) NOT NULL,
    model character varying(128) NOT NULL,
    count integer,
    vram bigint,
    architecture character varying(128),
    framework character varying(128),
    framework_version character varying(20),
    driver_version character varying(20),
    last_seen timestamp without time zone
);

CREATE TABLE doma_panda.worker_node_metrics (
    site character varying(128) NOT NULL,
    host_name character varying(128) NOT NULL,
    "timestamp" timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    key character varying(20),
    statistics jsonb
);

CREATE SEQUENCE doma_panda.workflow_data_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.workflow_data (
    data_id bigint DEFAULT nextval('doma_panda.workflow_data_id_seq'::regclass) NOT NULL,
    name character varying(256),
    workflow_id bigint NOT NULL,
    source_step_id bigint,
    type character varying(32),
    status character varying(32),
    flavor character varying(32),
    target_id character varying(256),
    creation_time timestamp without time zone,
    start_time timestamp without time zone,
    end_time timestamp without time zone,
    modification_time timestamp without time zone,
    locked_by character varying(64),
    lock_time timestamp without time zone,
    metadata jsonb,
    parameters jsonb
);

CREATE SEQUENCE doma_panda.workflow_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE SEQUENCE doma_panda.workflow_step_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_panda.workflow_steps (
    step_id bigint DEFAULT nextval('doma_panda.workflow_step_id_seq'::regclass) NOT NULL,
    name character varying(256),
    workflow_id bigint NOT NULL,
    member_id bigint NOT NULL,
    type character varying(32),
    status character varying(32),
    flavor character varying(32),
    target_id character varying(128),
    creation_time timestamp without time zone,
    start_time timestamp without time zone,
    end_time timestamp without time zone,
    modification_time timestamp without time zone,
    locked_by character varying(64),
    lock_time timestamp without time zone,
    definition_json jsonb,
    parameters jsonb
);

CREATE TABLE doma_panda.workflows (
    workflow_id bigint DEFAULT nextval('doma_panda.workflow_id_seq'::regclass) NOT NULL,
    name character varying(256),
    parent_id bigint,
    loop_count bigint,
    status character varying(32),
    prodsourcelabel character varying(32),
    username character varying(128),
    creation_time timestamp without time zone,
    start_time timestamp without time zone,
    end_time timestamp without time zone,
    modification_time timestamp without time zone,
    locked_by character varying(64),
    lock_time timestamp without time zone,
    raw_request_json jsonb,
    definition_json jsonb,
    parameters jsonb
);

CREATE VIEW doma_pandaarch.jobsarchived AS
 SELECT jobs_final.pandaid,
    jobs_final.jobdefinitionid,
    jobs_final.schedulerid,
    jobs_final.pilotid,
    jobs_final.creationtime,
    jobs_final.creationhost,
    jobs_final.modificationtime,
    jobs_final.modificationhost,
    jobs_final.atlasrelease,
    jobs_final.transformation,
    jobs_final.homepackage,
    jobs_final.prodserieslabel,
    jobs_final.prodsourcelabel,
    jobs_final.produserid,
    jobs_final.assignedpriority,
    jobs_final.currentpriority,
    jobs_final.attemptnr,
    jobs_final.maxattempt,
    jobs_final.jobstatus,
    jobs_final.jobname,
    jobs_final.maxcpucount,
    jobs_final.maxcpuunit,
    jobs_final.maxdiskcount,
    jobs_final.maxdiskunit,
    jobs_final.ipconnectivity,
    jobs_final.minramcount,
    jobs_final.minramunit,
    jobs_final.starttime,
    jobs_final.endtime,
    jobs_final.cpuconsumptiontime,
    jobs_final.cpuconsumptionunit,
    jobs_final.commandtopilot,
    jobs_final.transexitcode,
    jobs_final.piloterrorcode,
    jobs_final.piloterrordiag,
    jobs_final.exeerrorcode,
    jobs_final.exeerrordiag,
    jobs_final.superrorcode,
    jobs_final.superrordiag,
    jobs_final.ddmerrorcode,
    jobs_final.ddmerrordiag,
    jobs_final.brokerageerrorcode,
    jobs_final.brokerageerrordiag,
    jobs_final.jobdispatchererrorcode,
    jobs_final.jobdispatchererrordiag,
    jobs_final.taskbuffererrorcode,
    jobs_final.taskbuffererrordiag,
    jobs_final.computingsite,
    jobs_final.computingelement,
    jobs_final.jobparameters,
    jobs_final.metadata,
    jobs_final.proddblock,
    jobs_final.dispatchdblock,
    jobs_final.destinationdblock,
    jobs_final.destinationse,
    jobs_final.nevents,
    jobs_final.grid,
    jobs_final.cloud,
    jobs_final.cpuconversion,
    jobs_final.sourcesite,
    jobs_final.destinationsite,
    jobs_final.transfertype,
    jobs_final.taskid,
    jobs_final.cmtconfig,
    jobs_final.statechangetime,
    jobs_final.proddbupdatetime,
    jobs_final.lockedby,
    jobs_final.relocationflag,
    jobs_final.jobexecutionid,
    jobs_final.vo,
    jobs_final.pilottiming,
    jobs_final.workinggroup,
    jobs_final.processingtype,
    jobs_final.produsername,
    jobs_final.ninputfiles,
    jobs_final.countrygroup,
    jobs_final.batchid,
    jobs_final.parentid,
    jobs_final.specialhandling,
    jobs_final.jobsetid,
    jobs_final.corecount,
    jobs_final.ninputdatafiles,
    jobs_final.inputfiletype,
    jobs_final.inputfileproject,
    jobs_final.inputfilebytes,
    jobs_final.noutputdatafiles,
    jobs_final.outputfilebytes,
    jobs_final.jobmetrics,
    jobs_final.workqueue_id,
    jobs_final.jeditaskid,
    jobs_final.jobsubstatus,
    jobs_final.actualcorecount,
    jobs_final.reqid,
    jobs_final.maxrss,
    jobs_final.maxvmem,
    jobs_final.maxswap,
    jobs_final.maxpss,
    jobs_final.avgrss,
    jobs_final.avgvmem,
    jobs_final.avgswap,
    jobs_final.avgpss,
    jobs_final.maxwalltime,
    jobs_final.nucleus,
    jobs_final.eventservice,
    jobs_final.failedattempt,
    jobs_final.hs06sec,
    jobs_final.gshare,
    jobs_final.hs06,
    jobs_final.totrchar,
    jobs_final.totwchar,
    jobs_final.totrbytes,
    jobs_final.totwbytes,
    jobs_final.raterchar,
    jobs_final.ratewchar,
    jobs_final.raterbytes,
    jobs_final.ratewbytes,
    jobs_final.resource_type,
    jobs_final.diskio,
    jobs_final.memory_leak,
    jobs_final.memory_leak_x2,
    jobs_final.container_name,
    jobs_final.job_label,
    jobs_final.meancorecount,
    jobs_final.gco2_regional,
    jobs_final.gco2_global,
    jobs_final.cpu_architecture_level,
    jobs_final.outputfiletype
   FROM doma_panda.jobs_final
  WHERE (jobs_final.statechangetime < panda_ops.archive_boundary());

CREATE VIEW doma_pandaarch.filestable_arch AS
 SELECT f.row_id,
    f.pandaid,
    f.modificationtime,
    j.creationtime,
    f.guid,
    f.lfn,
    f.type,
    f.fsize,
    f.dataset,
    f.status,
    f.md5sum,
    f.proddblock,
    f.proddblocktoken,
    f.dispatchdblock,
    f.dispatchdblocktoken,
    f.destinationdblock,
    f.destinationdblocktoken,
    f.destinationse,
    f.scope,
    f.jeditaskid,
    f.datasetid,
    f.fileid,
    f.attemptnr
   FROM (doma_panda.job_files f
     JOIN doma_pandaarch.jobsarchived j USING (pandaid));

CREATE VIEW doma_pandaarch.jobparamstable_arch AS
 SELECT p.pandaid,
    p.modificationtime,
    p.jobparameters
   FROM (doma_panda.job_params p
     JOIN doma_pandaarch.jobsarchived j USING (pandaid));

CREATE VIEW doma_pandaarch.metatable_arch AS
 SELECT m.pandaid,
    m.modificationtime,
    m.metadata
   FROM (doma_panda.job_metadata m
     JOIN doma_pandaarch.jobsarchived j USING (pandaid));

CREATE TABLE doma_pandaarch.pandaids_modiftime_errlog_old (
    pandaid character varying(4000),
    modiftime character varying(4000)
);

CREATE TABLE doma_pandaarch.pandaids_modiftime_old (
    pandaid bigint NOT NULL,
    modiftime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL
);

CREATE TABLE doma_pandaarch.table_part_boundaries (
    tab_name character varying(30) NOT NULL,
    part_name character varying(30) NOT NULL,
    part_position bigint,
    part_boundary_dictionary text,
    part_boundary timestamp without time zone,
    last_created_view character varying(30)
);

CREATE VIEW doma_pandabigmon.geteventsfortask AS
 SELECT jedi_datasets.jeditaskid,
    sum(jedi_datasets.nevents) AS totev,
    sum((jedi_datasets.nevents - COALESCE(jedi_datasets.neventsused, (0)::bigint))) AS totevrem
   FROM doma_panda.jedi_datasets
  WHERE (((jedi_datasets.type)::text = ANY ((ARRAY['input'::character varying, 'pseudo_input'::character varying])::text[])) AND (jedi_datasets.masterid IS NULL))
  GROUP BY jedi_datasets.jeditaskid;

CREATE VIEW doma_pandabigmon.jedi_tasks_ordered AS
 SELECT jedi_tasks.jeditaskid,
    jedi_tasks.taskname,
    jedi_tasks.status,
    jedi_tasks.username,
    jedi_tasks.creationdate,
    jedi_tasks.modificationtime,
    jedi_tasks.reqid,
    jedi_tasks.oldstatus,
    jedi_tasks.cloud,
    jedi_tasks.site,
    jedi_tasks.starttime,
    jedi_tasks.endtime,
    jedi_tasks.frozentime,
    jedi_tasks.prodsourcelabel,
    jedi_tasks.workinggroup,
    jedi_tasks.vo,
    jedi_tasks.corecount,
    jedi_tasks.tasktype,
    jedi_tasks.processingtype,
    jedi_tasks.taskpriority,
    jedi_tasks.currentpriority,
    jedi_tasks.architecture,
    jedi_tasks.transuses,
    jedi_tasks.transhome,
    jedi_tasks.transpath,
    jedi_tasks.lockedby,
    jedi_tasks.lockedtime,
    jedi_tasks.termcondition,
    jedi_tasks.splitrule,
    jedi_tasks.walltime,
    jedi_tasks.walltimeunit,
    jedi_tasks.outdiskcount,
    jedi_tasks.outdiskunit,
    jedi_tasks.workdiskcount,
    jedi_tasks.workdiskunit,
    jedi_tasks.ramcount,
    jedi_tasks.ramunit,
    jedi_tasks.iointensity,
    jedi_tasks.iointensityunit,
    jedi_tasks.workqueue_id,
    jedi_tasks.progress,
    jedi_tasks.failurerate,
    jedi_tasks.errordialog,
    jedi_tasks.countrygroup,
    jedi_tasks.parent_tid,
    jedi_tasks.eventservice,
    jedi_tasks.ticketid,
    jedi_tasks.ticketsystemtype,
    jedi_tasks.statechangetime,
    jedi_tasks.superstatus,
    jedi_tasks.campaign,
    jedi_tasks.mergeramcount,
    jedi_tasks.mergeramunit,
    jedi_tasks.mergewalltime,
    jedi_tasks.mergewalltimeunit,
    jedi_tasks.throttledtime,
    jedi_tasks.numthrottled,
    jedi_tasks.mergecorecount,
    jedi_tasks.goal,
    jedi_tasks.assessmenttime,
    jedi_tasks.cputime,
    jedi_tasks.cputimeunit,
    jedi_tasks.cpuefficiency,
    jedi_tasks.basewalltime,
    jedi_tasks.amiflag_old,
    jedi_tasks.amiflag,
    jedi_tasks.nucleus,
    jedi_tasks.baseramcount,
    jedi_tasks.ttcrequested,
    jedi_tasks.ttcpredicted,
    jedi_tasks.ttcpredictiondate,
    jedi_tasks.rescuetime,
    jedi_tasks.requesttype,
    jedi_tasks.gshare,
    jedi_tasks.usejumbo,
    jedi_tasks.resource_type,
    jedi_tasks.diskio,
    jedi_tasks.diskiounit,
    jedi_tasks.memory_leak_core,
    jedi_tasks.memory_leak_x2,
    jedi_tasks.attemptnr,
    jedi_tasks.container_name,
    jedi_tasks.job_label,
    jedi_tasks.realmodificationtime,
    jedi_tasks.framework,
    jedi_tasks.activatedtime,
    jedi_tasks.queuedtime,
    jedi_tasks.actiontime
   FROM doma_panda.jedi_tasks
  ORDER BY jedi_tasks.jeditaskid DESC;

CREATE TABLE doma_pandameta.agis_dump (
    panda_site character varying(52),
    update_time timestamp without time zone,
    json_data text
);

CREATE TABLE doma_pandameta.cloudconfig (
    name character varying(20) NOT NULL,
    description character varying(50) NOT NULL,
    tier1 character varying(20) NOT NULL,
    tier1se character varying(400) NOT NULL,
    relocation character varying(10),
    weight bigint DEFAULT 0 NOT NULL,
    server character varying(100) NOT NULL,
    status character varying(20) NOT NULL,
    transtimelo bigint DEFAULT 0 NOT NULL,
    transtimehi bigint DEFAULT 0 NOT NULL,
    waittime bigint DEFAULT 0 NOT NULL,
    comment_ character varying(200),
    space bigint DEFAULT 0 NOT NULL,
    moduser character varying(30),
    modtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    validation character varying(20),
    mcshare bigint DEFAULT 0 NOT NULL,
    countries character varying(80),
    fasttrack character varying(20),
    nprestage bigint DEFAULT 0 NOT NULL,
    pilotowners character varying(300),
    dn character varying(100),
    email character varying(60),
    fairshare character varying(256),
    auto_mcu smallint DEFAULT 0
);

CREATE TABLE doma_pandameta.installedsw (
    siteid character varying(60),
    cloud character varying(10),
    release character varying(10),
    cache character varying(40),
    validation character varying(10),
    cmtconfig character varying(40)
);

CREATE SEQUENCE doma_pandameta.proxykey_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_pandameta.proxykey (
    id bigint DEFAULT nextval('doma_pandameta.proxykey_id_seq'::regclass) NOT NULL,
    dn character varying(100) NOT NULL,
    credname character varying(40) NOT NULL,
    created timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    expires timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    origin character varying(80) NOT NULL,
    myproxy character varying(80) NOT NULL
);

CREATE TABLE doma_pandameta.schedconfig (
    name character varying(60) DEFAULT 'default'::character varying,
    nickname character varying(60),
    queue character varying(60),
    localqueue character varying(50),
    system character varying(60),
    sysconfig character varying(20),
    environ character varying(250),
    gatekeeper character varying(120),
    jobmanager character varying(80),
    se character varying(400),
    ddm character varying(120),
    jdladd character varying(500),
    globusadd character varying(100),
    jdl character varying(60),
    jdltxt character varying(500),
    version character varying(60),
    site character varying(60),
    region character varying(60),
    gstat character varying(60),
    tags character varying(200),
    cmd character varying(200),
    lastmod timestamp without time zone DEFAULT panda_ops.utc_now(),
    errinfo character varying(80),
    nqueue bigint DEFAULT 0,
    comment_ character varying(500),
    appdir character varying(500),
    datadir character varying(80),
    tmpdir character varying(80),
    wntmpdir character varying(80),
    dq2url character varying(80),
    special_par character varying(80),
    python_path character varying(80),
    nodes bigint DEFAULT 0,
    status character varying(10) DEFAULT 'offline'::character varying,
    copytool character varying(80),
    copysetup character varying(200),
    releases character varying(500),
    sepath character varying(400),
    envsetup character varying(200),
    copyprefix character varying(500),
    lfcpath character varying(80),
    seopt character varying(400),
    sein character varying(400),
    seinopt character varying(400),
    lfchost character varying(80),
    cloud character varying(60),
    siteid character varying(60),
    proxy character varying(80),
    retry character varying(10),
    queuehours integer DEFAULT 0,
    envsetupin character varying(200),
    copytoolin character varying(180),
    copysetupin character varying(200),
    seprodpath character varying(400),
    lfcprodpath character varying(80),
    copyprefixin character varying(360),
    recoverdir character varying(80),
    memory bigint DEFAULT 0,
    maxtime bigint DEFAULT 0,
    space bigint DEFAULT 0,
    tspace timestamp without time zone,
    cmtconfig character varying(250),
    setokens character varying(80),
    glexec character varying(10),
    priorityoffset character varying(60),
    allowedgroups character varying(100),
    defaulttoken character varying(100),
    pcache character varying(100),
    validatedreleases character varying(500),
    accesscontrol character varying(20),
    dn character varying(100),
    email character varying(60),
    allowednode character varying(80),
    maxinputsize bigint,
    timefloor integer,
    depthboost bigint,
    idlepilotsupression bigint,
    pilotlimit bigint,
    transferringlimit bigint,
    cachedse smallint,
    corecount smallint,
    countrygroup character varying(64),
    availablecpu character varying(64),
    availablestorage character varying(64),
    pledgedcpu character varying(64),
    pledgedstorage character varying(64),
    statusoverride character varying(256) DEFAULT 'offline'::character varying,
    allowdirectaccess character varying(10) DEFAULT 'False'::character varying,
    gocname character varying(64) DEFAULT 'site'::character varying,
    tier character varying(15),
    multicloud character varying(64),
    lfcregister character varying(10),
    stageinretry bigint DEFAULT 2,
    stageoutretry bigint DEFAULT 2,
    fairsharepolicy character varying(512),
    allowfax character varying(64),
    faxredirector character varying(256),
    maxwdir bigint,
    celist character varying(4000),
    minmemory bigint,
    maxmemory bigint,
    mintime bigint,
    allowjem character varying(64),
    catchall character varying(512),
    faxdoor character varying(128),
    wansourcelimit integer,
    wansinklimit integer,
    auto_mcu smallint DEFAULT 0,
    objectstore character varying(512),
    allowhttp character varying(64),
    httpredirector character varying(256),
    multicloud_append character varying(64),
    corepower bigint,
    wnconnectivity character varying(256),
    cloudrshare character varying(256),
    sitershare character varying(256),
    autosetup_post character varying(512),
    autosetup_pre character varying(512),
    direct_access_lan character varying(32) DEFAULT 'False'::character varying,
    direct_access_wan character varying(32) DEFAULT 'False'::character varying,
    maxrss integer DEFAULT 0,
    minrss integer DEFAULT 0,
    use_newmover character varying(32) DEFAULT 'False'::character varying,
    pilotversion character varying(32) DEFAULT 'current'::character varying,
    objectstores character varying(4000),
    container_options character varying(1024),
    container_type character varying(256),
    jobseed character varying(16),
    pilot_manager character varying(16),
    capability character varying(16),
    resource_type character varying(16),
    workflow character varying(16),
    maxdiskio bigint
);

CREATE SEQUENCE doma_pandameta.siteaccess_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_pandameta.siteaccess (
    id bigint DEFAULT nextval('doma_pandameta.siteaccess_id_seq'::regclass) NOT NULL,
    dn character varying(100),
    pandasite character varying(100),
    poffset bigint DEFAULT 0 NOT NULL,
    rights character varying(30),
    status character varying(20),
    workinggroups character varying(100),
    created timestamp without time zone
);

CREATE TABLE doma_pandameta.sitedata (
    site character varying(60) NOT NULL,
    flag character varying(30) NOT NULL,
    hours integer DEFAULT 0 NOT NULL,
    nwn integer,
    memmin integer,
    memmax integer,
    si2000min integer,
    si2000max integer,
    os character varying(30),
    space character varying(30),
    minjobs integer,
    maxjobs integer,
    laststart timestamp without time zone,
    lastend timestamp without time zone,
    lastfail timestamp without time zone,
    lastpilot timestamp without time zone,
    lastpid integer,
    nstart integer DEFAULT 0 NOT NULL,
    finished integer DEFAULT 0 NOT NULL,
    failed integer DEFAULT 0 NOT NULL,
    defined integer DEFAULT 0 NOT NULL,
    assigned integer DEFAULT 0 NOT NULL,
    waiting integer DEFAULT 0 NOT NULL,
    activated integer DEFAULT 0 NOT NULL,
    holding integer DEFAULT 0 NOT NULL,
    running integer DEFAULT 0 NOT NULL,
    transferring integer DEFAULT 0 NOT NULL,
    getjob integer DEFAULT 0 NOT NULL,
    updatejob integer DEFAULT 0 NOT NULL,
    lastmod timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    ncpu integer,
    nslot integer,
    nojob integer,
    getjobabs bigint,
    updatejobabs bigint,
    nojobabs bigint
);

CREATE TABLE doma_pandameta.usercacheusage (
    username character varying(128) NOT NULL,
    filename character varying(256) NOT NULL,
    hostname character varying(64) NOT NULL,
    creationtime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    modificationtime timestamp without time zone,
    filesize bigint,
    aliasname character varying(256)
);

CREATE SEQUENCE doma_pandameta.users_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE doma_pandameta.users (
    id integer DEFAULT nextval('doma_pandameta.users_id_seq'::regclass) NOT NULL,
    name character varying(60) NOT NULL,
    dn character varying(150),
    email character varying(60),
    url character varying(100),
    location character varying(60),
    classa character varying(30),
    classp character varying(30),
    classxp character varying(30),
    sitepref character varying(60),
    gridpref character varying(20),
    queuepref character varying(60),
    scriptcache character varying(100),
    types character varying(60),
    sites character varying(250),
    njobsa bigint,
    njobsp bigint,
    njobs1 bigint,
    njobs7 bigint,
    njobs30 bigint,
    cpua1 bigint,
    cpua7 bigint,
    cpua30 bigint,
    cpup1 bigint,
    cpup7 bigint,
    cpup30 bigint,
    cpuxp1 bigint,
    cpuxp7 bigint,
    cpuxp30 bigint,
    quotaa1 bigint,
    quotaa7 bigint,
    quotaa30 bigint,
    quotap1 bigint,
    quotap7 bigint,
    quotap30 bigint,
    quotaxp1 bigint,
    quotaxp7 bigint,
    quotaxp30 bigint,
    space1 bigint,
    space7 bigint,
    space30 bigint,
    lastmod timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    firstjob timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    latestjob timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    pagecache text,
    cachetime timestamp without time zone DEFAULT panda_ops.utc_now() NOT NULL,
    ncurrent bigint DEFAULT 0 NOT NULL,
    jobid bigint DEFAULT 0 NOT NULL,
    status character varying(20),
    vo character varying(20)
);

CREATE TABLE panda_ops.audit (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    trace_id text,
    principal text NOT NULL,
    user_name text,
    roles text[],
    address inet,
    client text,
    method text NOT NULL,
    object text,
    outcome text NOT NULL,
    code text,
    summary jsonb,
    writer text DEFAULT ''::text NOT NULL,
    prev_hash bytea,
    hash bytea NOT NULL
);

ALTER TABLE panda_ops.audit ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME panda_ops.audit_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE panda_ops.brokerage_verdict (
    id bigint NOT NULL,
    jeditaskid bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    agent text NOT NULL,
    kind text NOT NULL,
    verdict jsonb NOT NULL
);

ALTER TABLE panda_ops.brokerage_verdict ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME panda_ops.brokerage_verdict_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE panda_ops.bus_message (
    id bigint NOT NULL,
    queue text NOT NULL,
    key text NOT NULL,
    headers jsonb DEFAULT '{}'::jsonb NOT NULL,
    body jsonb NOT NULL,
    attempt integer DEFAULT 0 NOT NULL,
    visible_at timestamp with time zone DEFAULT now() NOT NULL,
    locked_until timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL
)
WITH (fillfactor='70', autovacuum_vacuum_scale_factor='0.02', autovacuum_vacuum_threshold='500');

ALTER TABLE panda_ops.bus_message ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME panda_ops.bus_message_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE panda_ops.ddm_container_content (
    scope text NOT NULL,
    name text NOT NULL,
    child_scope text NOT NULL,
    child_name text NOT NULL
);

CREATE TABLE panda_ops.ddm_dataset (
    scope text NOT NULL,
    name text NOT NULL,
    kind text DEFAULT 'dataset'::text NOT NULL,
    state text DEFAULT 'open'::text NOT NULL,
    owner text,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT ddm_dataset_kind_check CHECK ((kind = ANY (ARRAY['dataset'::text, 'container'::text]))),
    CONSTRAINT ddm_dataset_state_check CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'frozen'::text])))
);

CREATE TABLE panda_ops.ddm_dataset_file (
    scope text NOT NULL,
    name text NOT NULL,
    file_scope text NOT NULL,
    lfn text NOT NULL,
    added_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE panda_ops.ddm_file (
    scope text NOT NULL,
    lfn text NOT NULL,
    guid text,
    fsize bigint NOT NULL,
    adler32 text,
    md5 text,
    events bigint,
    lumiblocknr bigint,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ddm_file_fsize_check CHECK ((fsize >= 0))
);

CREATE TABLE panda_ops.ddm_replica (
    scope text NOT NULL,
    lfn text NOT NULL,
    ddm_endpoint_name text NOT NULL,
    state text DEFAULT 'available'::text NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT ddm_replica_state_check CHECK ((state = ANY (ARRAY['available'::text, 'copying'::text, 'bad'::text])))
);

CREATE TABLE panda_ops.ddm_rule (
    id uuid DEFAULT panda_ops.uuid_v7() NOT NULL,
    scope text NOT NULL,
    name text NOT NULL,
    ddm_endpoint_name text NOT NULL,
    activity text,
    state text DEFAULT 'replicating'::text NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone,
    CONSTRAINT ddm_rule_state_check CHECK ((state = ANY (ARRAY['replicating'::text, 'ok'::text, 'stuck'::text])))
);

CREATE TABLE panda_ops.ddm_storage (
    ddm_endpoint_name text NOT NULL,
    base_url text NOT NULL,
    is_tape boolean DEFAULT false NOT NULL,
    CONSTRAINT ddm_storage_base_url_check CHECK ((base_url ~ '^[a-z0-9]+://'::text))
);

CREATE TABLE panda_ops.dead_letter (
    id bigint NOT NULL,
    message_id uuid,
    queue text NOT NULL,
    consumer text NOT NULL,
    reason_code text NOT NULL,
    reason_text text NOT NULL,
    first_failed_at timestamp with time zone NOT NULL,
    last_failed_at timestamp with time zone NOT NULL,
    attempts integer NOT NULL,
    envelope jsonb,
    raw bytea,
    state text DEFAULT 'open'::text NOT NULL,
    resolved_by text,
    resolved_at timestamp with time zone,
    CONSTRAINT dead_letter_check CHECK (((envelope IS NOT NULL) OR (raw IS NOT NULL))),
    CONSTRAINT dead_letter_state_check CHECK ((state = ANY (ARRAY['open'::text, 'replayed'::text, 'discarded'::text])))
);

ALTER TABLE panda_ops.dead_letter ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME panda_ops.dead_letter_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE panda_ops.handout (
    pandaid bigint NOT NULL,
    attemptnr smallint NOT NULL,
    handed_at timestamp with time zone DEFAULT now() NOT NULL,
    principal text NOT NULL,
    node text,
    scheduler_id text,
    worker_id bigint,
    request_id text NOT NULL
);

CREATE TABLE panda_ops.idempotency (
    scope text NOT NULL,
    key text NOT NULL,
    principal text NOT NULL,
    request_hash bytea NOT NULL,
    status integer,
    response jsonb,
    created_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE panda_ops.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    aggregate text,
    seq bigint,
    handled_at timestamp with time zone DEFAULT now() NOT NULL,
    result text NOT NULL
);

CREATE TABLE panda_ops.interruption (
    name text NOT NULL,
    from_at timestamp with time zone NOT NULL,
    to_at timestamp with time zone NOT NULL,
    CONSTRAINT interruption_check CHECK ((to_at > from_at))
);

CREATE VIEW panda_ops.job_stats_of_live_jobs AS
 SELECT (jobs_live.computingsite)::text AS computingsite,
    (jobs_live.cloud)::text AS cloud,
    (jobs_live.gshare)::text AS gshare,
    (jobs_live.jobstatus)::text AS jobstatus,
    (jobs_live.vo)::text AS vo,
    jobs_live.workqueue_id,
    (jobs_live.resource_type)::text AS resource_type,
    (jobs_live.nucleus)::text AS nucleus,
    (jobs_live.prodsourcelabel)::text AS prodsourcelabel,
    (jobs_live.processingtype)::text AS processingtype,
    (jobs_live.countrygroup)::text AS countrygroup,
    (jobs_live.workinggroup)::text AS workinggroup,
    jobs_live.relocationflag,
    jobs_live.currentpriority,
    count(*) AS njobs,
    sum(GREATEST(COALESCE((jobs_live.corecount)::integer, 1), 1)) AS ncores,
    sum(((COALESCE(jobs_live.diskio, 0))::numeric / (GREATEST(COALESCE((jobs_live.corecount)::integer, 1), 1))::numeric)) AS diskio_per_core,
    sum(((jobs_live.minramcount)::numeric / (GREATEST(COALESCE((jobs_live.corecount)::integer, 1), 1))::numeric)) AS ram_per_core,
    sum(COALESCE(jobs_live.maxwalltime, (0)::bigint)) AS walltime,
    count(jobs_live.maxwalltime) AS n_walltime
   FROM doma_panda.jobs_live
  GROUP BY (jobs_live.computingsite)::text, (jobs_live.cloud)::text, (jobs_live.gshare)::text, (jobs_live.jobstatus)::text, (jobs_live.vo)::text, jobs_live.workqueue_id, (jobs_live.resource_type)::text, (jobs_live.nucleus)::text, (jobs_live.prodsourcelabel)::text, (jobs_live.processingtype)::text, (jobs_live.countrygroup)::text, (jobs_live.workinggroup)::text, jobs_live.relocationflag, jobs_live.currentpriority;

CREATE TABLE panda_ops.next_action (
    kind text NOT NULL,
    object_id bigint NOT NULL,
    due_at timestamp with time zone NOT NULL,
    reason text NOT NULL
);

CREATE SEQUENCE panda_ops.outbox_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

CREATE TABLE panda_ops.outbox (
    id uuid DEFAULT panda_ops.uuid_v7() NOT NULL,
    ord bigint NOT NULL,
    aggregate text NOT NULL,
    seq bigint DEFAULT nextval('panda_ops.outbox_seq'::regclass) NOT NULL,
    type text NOT NULL,
    schema_version text DEFAULT '1.0'::text NOT NULL,
    exchange text DEFAULT 'panda'::text NOT NULL,
    routing_key text NOT NULL,
    critical boolean DEFAULT false NOT NULL,
    payload jsonb NOT NULL,
    producer text DEFAULT current_setting('application_name'::text) NOT NULL,
    trace_id text,
    causation_id uuid,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    published_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    last_error text
);

ALTER TABLE panda_ops.outbox ALTER COLUMN ord ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME panda_ops.outbox_ord_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE panda_ops.presence (
    name text NOT NULL,
    seen_at timestamp with time zone NOT NULL
)
WITH (fillfactor='50');

CREATE TABLE panda_ops.principal (
    principal text NOT NULL,
    user_name text NOT NULL,
    linked_to text,
    first_seen timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE panda_ops.registered_output (
    scope text NOT NULL,
    lfn text NOT NULL,
    guid text,
    pandaid bigint NOT NULL,
    jeditaskid bigint,
    datasetid bigint,
    fileid bigint,
    registered_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE panda_ops.repair (
    id bigint NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    invariant text NOT NULL,
    object text NOT NULL,
    before jsonb,
    after jsonb
);

ALTER TABLE panda_ops.repair ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME panda_ops.repair_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

CREATE TABLE panda_ops.schema_migration (
    id integer NOT NULL,
    "timestamp" bigint NOT NULL,
    name character varying NOT NULL
);

CREATE SEQUENCE panda_ops.schema_migration_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER SEQUENCE panda_ops.schema_migration_id_seq OWNED BY panda_ops.schema_migration.id;

ALTER TABLE ONLY doma_panda.jobs ATTACH PARTITION doma_panda.jobs_final FOR VALUES IN (true);

ALTER TABLE ONLY doma_panda.jobs ATTACH PARTITION doma_panda.jobs_live FOR VALUES IN (false);

ALTER TABLE ONLY panda_ops.schema_migration ALTER COLUMN id SET DEFAULT nextval('panda_ops.schema_migration_id_seq'::regclass);

ALTER TABLE ONLY doma_deft.t_task
    ADD CONSTRAINT t_task_pkey PRIMARY KEY (taskid);

ALTER TABLE ONLY doma_panda.async_requests
    ADD CONSTRAINT async_requests_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY doma_panda.async_results
    ADD CONSTRAINT async_results_pkey PRIMARY KEY (request_id, machine_name);

ALTER TABLE ONLY doma_panda.cache
    ADD CONSTRAINT cache_pkey PRIMARY KEY (main_key, sub_key);

ALTER TABLE ONLY doma_panda.carbon_region_emissions
    ADD CONSTRAINT carbon_region_emissions_pkey PRIMARY KEY (region, "timestamp");

ALTER TABLE ONLY doma_panda.cloudtasks
    ADD CONSTRAINT cloudtasks_pkey PRIMARY KEY (id);

ALTER TABLE ONLY doma_panda.config
    ADD CONSTRAINT config_pkey PRIMARY KEY (app, component, key, vo);

ALTER TABLE ONLY doma_panda.data_carousel_relations
    ADD CONSTRAINT data_carousel_relations_pkey PRIMARY KEY (request_id, task_id);

ALTER TABLE ONLY doma_panda.data_carousel_requests
    ADD CONSTRAINT data_carousel_requests_pkey PRIMARY KEY (request_id);

ALTER TABLE ONLY doma_panda.datasets
    ADD CONSTRAINT datasets_pkey PRIMARY KEY (vuid);

ALTER TABLE ONLY doma_panda.ddm_endpoint
    ADD CONSTRAINT ddm_endpoint_pkey PRIMARY KEY (ddm_endpoint_name);

ALTER TABLE ONLY doma_panda.error_classification
    ADD CONSTRAINT error_classification_pkey PRIMARY KEY (id);

ALTER TABLE ONLY doma_panda.error_descriptions
    ADD CONSTRAINT error_descriptions_pkey PRIMARY KEY (id);

ALTER TABLE ONLY doma_panda.global_shares
    ADD CONSTRAINT global_shares_pkey PRIMARY KEY (name);

ALTER TABLE ONLY doma_panda.global_shares
    ADD CONSTRAINT global_shares_queue_id_key UNIQUE (queue_id);

ALTER TABLE ONLY doma_panda.harvester_command_lock
    ADD CONSTRAINT harvester_command_lock_pkey PRIMARY KEY (harvester_id, computingsite, resourcetype, command);

ALTER TABLE ONLY doma_panda.harvester_commands
    ADD CONSTRAINT harvester_commands_pkey PRIMARY KEY (command_id);

ALTER TABLE ONLY doma_panda.harvester_instances
    ADD CONSTRAINT harvester_instances_pkey PRIMARY KEY (harvester_id);

ALTER TABLE ONLY doma_panda.harvester_rel_jobs_workers
    ADD CONSTRAINT harvester_rel_jobs_workers_pkey PRIMARY KEY (harvesterid, workerid, pandaid);

ALTER TABLE ONLY doma_panda.harvester_slots
    ADD CONSTRAINT harvester_slots_pandaqueuename_gshare_resourcetype_key UNIQUE NULLS NOT DISTINCT (pandaqueuename, gshare, resourcetype);

ALTER TABLE ONLY doma_panda.harvester_worker_stats
    ADD CONSTRAINT harvester_worker_stats_pkey PRIMARY KEY (harvester_id, computingsite, resourcetype, status, jobtype);

ALTER TABLE ONLY doma_panda.harvester_workers
    ADD CONSTRAINT harvester_workers_pkey PRIMARY KEY (harvesterid, workerid);

ALTER TABLE ONLY doma_panda.jedi_dataset_contents
    ADD CONSTRAINT jedi_dataset_contents_pkey PRIMARY KEY (jeditaskid, datasetid, fileid);

ALTER TABLE ONLY doma_panda.jedi_dataset_locality
    ADD CONSTRAINT jedi_dataset_locality_pkey PRIMARY KEY (jeditaskid, datasetid, rse);

ALTER TABLE ONLY doma_panda.jedi_datasets
    ADD CONSTRAINT jedi_datasets_pkey PRIMARY KEY (jeditaskid, datasetid);

ALTER TABLE ONLY doma_panda.jedi_events
    ADD CONSTRAINT jedi_events_pkey PRIMARY KEY (jeditaskid, pandaid, fileid, job_processid);

ALTER TABLE ONLY doma_panda.jedi_job_retry_history
    ADD CONSTRAINT jedi_job_retry_history_jeditaskid_oldpandaid_newpandaid_ori_key UNIQUE NULLS NOT DISTINCT (jeditaskid, oldpandaid, newpandaid, originpandaid, ins_utc_tstamp);

ALTER TABLE ONLY doma_panda.jedi_jobparams_template
    ADD CONSTRAINT jedi_jobparams_template_pkey PRIMARY KEY (jeditaskid);

ALTER TABLE ONLY doma_panda.jedi_output_template
    ADD CONSTRAINT jedi_output_template_pkey PRIMARY KEY (jeditaskid, datasetid, outtempid);

ALTER TABLE ONLY doma_panda.jedi_taskparams
    ADD CONSTRAINT jedi_taskparams_pkey PRIMARY KEY (jeditaskid);

ALTER TABLE ONLY doma_panda.jedi_tasks
    ADD CONSTRAINT jedi_tasks_pkey PRIMARY KEY (jeditaskid);

ALTER TABLE ONLY doma_panda.jedi_work_queue
    ADD CONSTRAINT jedi_work_queue_pkey PRIMARY KEY (queue_id);

ALTER TABLE ONLY doma_panda.jedi_work_queue
    ADD CONSTRAINT jedi_work_queue_queue_name_queue_type_vo_key UNIQUE (queue_name, queue_type, vo);

ALTER TABLE ONLY doma_panda.job_files
    ADD CONSTRAINT job_files_pkey PRIMARY KEY (pandaid, row_id);

ALTER TABLE ONLY doma_panda.job_metadata
    ADD CONSTRAINT job_metadata_pkey PRIMARY KEY (pandaid);

ALTER TABLE ONLY doma_panda.job_metrics
    ADD CONSTRAINT job_metrics_pkey PRIMARY KEY (pandaid, modificationtime);

ALTER TABLE ONLY doma_panda.job_output_report
    ADD CONSTRAINT job_output_report_pkey PRIMARY KEY (pandaid, attemptnr);

ALTER TABLE ONLY doma_panda.job_params
    ADD CONSTRAINT job_params_pkey PRIMARY KEY (pandaid);

ALTER TABLE ONLY doma_panda.jobs_live
    ADD CONSTRAINT jobs_live_pkey PRIMARY KEY (pandaid);

ALTER TABLE ONLY doma_panda.jobsdebug
    ADD CONSTRAINT jobsdebug_pkey PRIMARY KEY (pandaid);

ALTER TABLE ONLY doma_panda.machine_heartbeat
    ADD CONSTRAINT machine_heartbeat_pkey PRIMARY KEY (machine_name);

ALTER TABLE ONLY doma_panda.metrics
    ADD CONSTRAINT metrics_computingsite_gshare_metric_key UNIQUE NULLS NOT DISTINCT (computingsite, gshare, metric);

ALTER TABLE ONLY doma_panda.network_matrix_kv
    ADD CONSTRAINT network_matrix_kv_pkey PRIMARY KEY (src, dst, key);

ALTER TABLE ONLY doma_panda.panda_ddm_relation
    ADD CONSTRAINT panda_ddm_relation_pkey PRIMARY KEY (panda_site_name, ddm_endpoint_name, scope);

ALTER TABLE ONLY doma_panda.panda_site
    ADD CONSTRAINT panda_site_pkey PRIMARY KEY (panda_site_name);

ALTER TABLE ONLY doma_panda.pandadb_version
    ADD CONSTRAINT pandadb_version_pkey PRIMARY KEY (component);

ALTER TABLE ONLY doma_panda.pilottoken
    ADD CONSTRAINT pilottoken_pkey PRIMARY KEY (token);

ALTER TABLE ONLY doma_panda.resource_types
    ADD CONSTRAINT resource_types_pkey PRIMARY KEY (resource_name);

ALTER TABLE ONLY doma_panda.retryactions
    ADD CONSTRAINT retryactions_pkey PRIMARY KEY (retryaction_id);

ALTER TABLE ONLY doma_panda.retryerrors
    ADD CONSTRAINT retryerrors_pkey PRIMARY KEY (retryerror_id);

ALTER TABLE ONLY doma_panda.schedconfig_json
    ADD CONSTRAINT schedconfig_json_pkey PRIMARY KEY (panda_queue);

ALTER TABLE ONLY doma_panda.secrets
    ADD CONSTRAINT secrets_pkey PRIMARY KEY (owner);

ALTER TABLE ONLY doma_panda.site
    ADD CONSTRAINT site_pkey PRIMARY KEY (site_name);

ALTER TABLE ONLY doma_panda.site_stats
    ADD CONSTRAINT site_stats_pkey PRIMARY KEY (site_name, key);

ALTER TABLE ONLY doma_panda.sql_queue
    ADD CONSTRAINT sql_queue_pkey PRIMARY KEY (topic, pandaid, execution_order);

ALTER TABLE ONLY doma_panda.tablepart4copying
    ADD CONSTRAINT tablepart4copying_pkey PRIMARY KEY (table_name, partition_name, copied_to_arch);

ALTER TABLE ONLY doma_panda.task_attempts
    ADD CONSTRAINT task_attempts_pkey PRIMARY KEY (jeditaskid, attemptnr, starttime);

ALTER TABLE ONLY doma_panda.task_evaluation
    ADD CONSTRAINT task_evaluation_pkey PRIMARY KEY (jeditaskid, metric);

ALTER TABLE ONLY doma_panda.task_metrics
    ADD CONSTRAINT task_metrics_pkey PRIMARY KEY (jeditaskid, modificationtime);

ALTER TABLE ONLY doma_panda.typical_num_input
    ADD CONSTRAINT typical_num_input_pkey PRIMARY KEY (vo, agg_type, agg_key, prodsourcelabel, processingtype);

ALTER TABLE ONLY doma_panda.worker_node_gpus
    ADD CONSTRAINT worker_node_gpus_pkey PRIMARY KEY (site, host_name, vendor, model);

ALTER TABLE ONLY doma_panda.worker_node_metrics
    ADD CONSTRAINT worker_node_metrics_pkey PRIMARY KEY (site, host_name, "timestamp");

ALTER TABLE ONLY doma_panda.worker_node
    ADD CONSTRAINT worker_node_pkey PRIMARY KEY (site, host_name, cpu_model);

ALTER TABLE ONLY doma_panda.workflow_data
    ADD CONSTRAINT workflow_data_pkey PRIMARY KEY (data_id);

ALTER TABLE ONLY doma_panda.workflow_steps
    ADD CONSTRAINT workflow_steps_pkey PRIMARY KEY (step_id);

ALTER TABLE ONLY doma_panda.workflows
    ADD CONSTRAINT workflows_pkey PRIMARY KEY (workflow_id);

ALTER TABLE ONLY doma_pandaarch.pandaids_modiftime_old
    ADD CONSTRAINT pandaids_modiftime_old_pkey PRIMARY KEY (pandaid, modiftime);

ALTER TABLE ONLY doma_pandaarch.table_part_boundaries
    ADD CONSTRAINT table_part_boundaries_pkey PRIMARY KEY (tab_name, part_name);

ALTER TABLE ONLY doma_pandameta.cloudconfig
    ADD CONSTRAINT cloudconfig_pkey PRIMARY KEY (name);

ALTER TABLE ONLY doma_pandameta.installedsw
    ADD CONSTRAINT installedsw_siteid_release_cache_cmtconfig_key UNIQUE NULLS NOT DISTINCT (siteid, release, cache, cmtconfig);

ALTER TABLE ONLY doma_pandameta.proxykey
    ADD CONSTRAINT proxykey_pkey PRIMARY KEY (id);

ALTER TABLE ONLY doma_pandameta.siteaccess
    ADD CONSTRAINT siteaccess_pkey PRIMARY KEY (id);

ALTER TABLE ONLY doma_pandameta.sitedata
    ADD CONSTRAINT sitedata_pkey PRIMARY KEY (site, flag, hours);

ALTER TABLE ONLY doma_pandameta.usercacheusage
    ADD CONSTRAINT usercacheusage_pkey PRIMARY KEY (filename, hostname, creationtime);

ALTER TABLE ONLY doma_pandameta.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.schema_migration
    ADD CONSTRAINT "PK_0edff5015b71cc0389ae0f4b9a1" PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.brokerage_verdict
    ADD CONSTRAINT brokerage_verdict_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.bus_message
    ADD CONSTRAINT bus_message_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.ddm_container_content
    ADD CONSTRAINT ddm_container_content_pkey PRIMARY KEY (scope, name, child_scope, child_name);

ALTER TABLE ONLY panda_ops.ddm_dataset_file
    ADD CONSTRAINT ddm_dataset_file_pkey PRIMARY KEY (scope, name, file_scope, lfn);

ALTER TABLE ONLY panda_ops.ddm_dataset
    ADD CONSTRAINT ddm_dataset_pkey PRIMARY KEY (scope, name);

ALTER TABLE ONLY panda_ops.ddm_file
    ADD CONSTRAINT ddm_file_pkey PRIMARY KEY (scope, lfn);

ALTER TABLE ONLY panda_ops.ddm_replica
    ADD CONSTRAINT ddm_replica_pkey PRIMARY KEY (scope, lfn, ddm_endpoint_name);

ALTER TABLE ONLY panda_ops.ddm_rule
    ADD CONSTRAINT ddm_rule_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.ddm_storage
    ADD CONSTRAINT ddm_storage_pkey PRIMARY KEY (ddm_endpoint_name);

ALTER TABLE ONLY panda_ops.dead_letter
    ADD CONSTRAINT dead_letter_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.handout
    ADD CONSTRAINT handout_pkey PRIMARY KEY (pandaid, attemptnr);

ALTER TABLE ONLY panda_ops.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (scope, key);

ALTER TABLE ONLY panda_ops.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);

ALTER TABLE ONLY panda_ops.interruption
    ADD CONSTRAINT interruption_pkey PRIMARY KEY (name, from_at);

ALTER TABLE ONLY panda_ops.job_stats
    ADD CONSTRAINT job_stats_computingsite_jobstatus_gshare_resource_type_clou_key UNIQUE NULLS NOT DISTINCT (computingsite, jobstatus, gshare, resource_type, cloud, vo, workqueue_id, nucleus, prodsourcelabel, processingtype, countrygroup, workinggroup, relocationflag, currentpriority);

ALTER TABLE ONLY panda_ops.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (name);

ALTER TABLE ONLY panda_ops.next_action
    ADD CONSTRAINT next_action_pkey PRIMARY KEY (kind, object_id);

ALTER TABLE ONLY panda_ops.outbox
    ADD CONSTRAINT outbox_aggregate_seq_key UNIQUE (aggregate, seq);

ALTER TABLE ONLY panda_ops.outbox
    ADD CONSTRAINT outbox_ord_key UNIQUE (ord);

ALTER TABLE ONLY panda_ops.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (id);

ALTER TABLE ONLY panda_ops.partition_policy
    ADD CONSTRAINT partition_policy_pkey PRIMARY KEY (parent);

ALTER TABLE ONLY panda_ops.presence
    ADD CONSTRAINT presence_pkey PRIMARY KEY (name);

ALTER TABLE ONLY panda_ops.principal
    ADD CONSTRAINT principal_pkey PRIMARY KEY (principal);

ALTER TABLE ONLY panda_ops.registered_output
    ADD CONSTRAINT registered_output_pkey PRIMARY KEY (scope, lfn);

ALTER TABLE ONLY panda_ops.repair
    ADD CONSTRAINT repair_pkey PRIMARY KEY (id);

CREATE INDEX prodsys_comm_comm_owner_comm_cmd_comm_ts_idx ON doma_deft.prodsys_comm USING btree (comm_owner, comm_cmd, comm_ts);

CREATE INDEX prodsys_comm_comm_task_idx ON doma_deft.prodsys_comm USING btree (comm_task);

CREATE INDEX t_task_status_prodsourcelabel_idx ON doma_deft.t_task USING btree (status, prodsourcelabel);

CREATE INDEX t_task_taskname_idx ON doma_deft.t_task USING btree (taskname);

CREATE INDEX t_task_username_idx ON doma_deft.t_task USING btree (username);

CREATE INDEX async_requests_service_name_machine_name_idx ON doma_panda.async_requests USING btree (service_name, machine_name);

CREATE INDEX cloudtasks_taskname_taskid_idx ON doma_panda.cloudtasks USING btree (taskname, taskid);

CREATE INDEX cpu_benchmarks_cpu_type_normalized_idx ON doma_panda.cpu_benchmarks USING btree (cpu_type_normalized);

CREATE INDEX data_carousel_relations_task_id_idx ON doma_panda.data_carousel_relations USING btree (task_id);

CREATE INDEX datasets_modificationdate_idx ON doma_panda.datasets USING btree (modificationdate);

CREATE INDEX datasets_name_idx ON doma_panda.datasets USING btree (name);

CREATE INDEX datasets_type_status_modificationdate_subtype_idx ON doma_panda.datasets USING btree (type, status, modificationdate, subtype);

CREATE INDEX ddm_endpoint_site_name_idx ON doma_panda.ddm_endpoint USING btree (site_name);

CREATE INDEX harvester_commands_harvester_id_status_command_id_idx ON doma_panda.harvester_commands USING btree (harvester_id, status, command_id);

CREATE INDEX harvester_dialogs_harvester_id_diagid_idx ON ONLY doma_panda.harvester_dialogs USING btree (harvester_id, diagid);

CREATE INDEX harvester_dialogs_modulename_harvester_id_idx ON ONLY doma_panda.harvester_dialogs USING btree (modulename, harvester_id);

CREATE INDEX harvester_metrics_harvester_id_creation_time_harvester_host_idx ON ONLY doma_panda.harvester_metrics USING btree (harvester_id, creation_time, harvester_host);

CREATE INDEX harvester_rel_jobs_workers_pandaid_idx ON ONLY doma_panda.harvester_rel_jobs_workers USING btree (pandaid);

CREATE INDEX harvester_workers_computingsite_status_idx ON doma_panda.harvester_workers USING btree (computingsite, status);

CREATE INDEX harvester_workers_lastupdate_idx ON doma_panda.harvester_workers USING btree (lastupdate);

CREATE INDEX harvester_workers_status_pilotstatus_idx ON doma_panda.harvester_workers USING btree (status, pilotstatus);

CREATE INDEX jedi_dataset_contents_jeditaskid_datasetid_fileid_idx ON ONLY doma_panda.jedi_dataset_contents USING btree (jeditaskid, datasetid, fileid) WHERE ((status)::text = ANY ((ARRAY['ready'::character varying, 'pending'::character varying, 'staging'::character varying, 'lost'::character varying])::text[]));

CREATE INDEX jedi_dataset_contents_pandaid_idx ON ONLY doma_panda.jedi_dataset_contents USING btree (pandaid) WHERE (pandaid IS NOT NULL);

CREATE INDEX jedi_datasets_containername_idx ON ONLY doma_panda.jedi_datasets USING btree (containername);

CREATE INDEX jedi_datasets_datasetid_idx ON ONLY doma_panda.jedi_datasets USING btree (datasetid);

CREATE INDEX jedi_datasets_datasetname_type_jeditaskid_idx ON ONLY doma_panda.jedi_datasets USING btree (datasetname, type, jeditaskid);

CREATE INDEX jedi_datasets_jeditaskid_type_idx ON ONLY doma_panda.jedi_datasets USING btree (jeditaskid, type);

CREATE INDEX jedi_events_fileid_idx ON ONLY doma_panda.jedi_events USING btree (fileid);

CREATE INDEX jedi_events_pandaid_status_idx ON ONLY doma_panda.jedi_events USING btree (pandaid, status);

CREATE INDEX jedi_job_retry_history_jeditaskid_newpandaid_idx ON ONLY doma_panda.jedi_job_retry_history USING btree (jeditaskid, newpandaid);

CREATE INDEX jedi_job_retry_history_oldpandaid_idx ON ONLY doma_panda.jedi_job_retry_history USING btree (oldpandaid);

CREATE INDEX jedi_job_retry_history_originpandaid_idx ON ONLY doma_panda.jedi_job_retry_history USING btree (originpandaid);

CREATE INDEX jedi_tasks_creationdate_idx ON ONLY doma_panda.jedi_tasks USING btree (creationdate);

CREATE INDEX jedi_tasks_gshare_resource_type_currentpriority_jeditaskid_idx ON ONLY doma_panda.jedi_tasks USING btree (gshare, resource_type, currentpriority DESC, jeditaskid) WHERE ((status)::text = ANY ((ARRAY['ready'::character varying, 'running'::character varying, 'scouting'::character varying, 'topreprocess'::character varying, 'preprocessing'::character varying])::text[]));

CREATE INDEX jedi_tasks_lower_username_idx ON ONLY doma_panda.jedi_tasks USING btree (lower((taskname)::text), username);

CREATE INDEX jedi_tasks_parent_tid_idx ON ONLY doma_panda.jedi_tasks USING btree (parent_tid);

CREATE INDEX jedi_tasks_reqid_username_idx ON ONLY doma_panda.jedi_tasks USING btree (reqid, username);

CREATE INDEX jedi_tasks_status_workqueue_id_prodsourcelabel_jeditaskid_idx ON ONLY doma_panda.jedi_tasks USING btree (status, workqueue_id, prodsourcelabel, jeditaskid);

CREATE INDEX jedi_work_queue_queue_function_queue_id_idx ON doma_panda.jedi_work_queue USING btree (queue_function, queue_id);

CREATE INDEX job_files_dispatchdblock_idx ON ONLY doma_panda.job_files USING btree (dispatchdblock) WHERE (dispatchdblock IS NOT NULL);

CREATE INDEX job_files_jeditaskid_datasetid_fileid_idx ON ONLY doma_panda.job_files USING btree (jeditaskid, datasetid, fileid);

CREATE INDEX job_output_report_timestamp_idx ON doma_panda.job_output_report USING btree ("timestamp");

CREATE INDEX jobs_final_computingsite_jobstatus_statechangetime_idx ON ONLY doma_panda.jobs_final USING btree (computingsite, jobstatus, statechangetime);

CREATE INDEX jobs_final_jeditaskid_jobstatus_pandaid_idx ON ONLY doma_panda.jobs_final USING btree (jeditaskid, jobstatus, pandaid);

CREATE INDEX jobs_final_jobsetid_idx ON ONLY doma_panda.jobs_final USING btree (jobsetid) WHERE (jobsetid IS NOT NULL);

CREATE INDEX jobs_final_pandaid_idx ON ONLY doma_panda.jobs_final USING btree (pandaid);

CREATE INDEX jobs_final_produsername_statechangetime_idx ON ONLY doma_panda.jobs_final USING btree (produsername, statechangetime);

CREATE INDEX jobs_final_reqid_idx ON ONLY doma_panda.jobs_final USING btree (reqid) WHERE (reqid IS NOT NULL);

CREATE INDEX jobs_final_statechangetime_idx ON ONLY doma_panda.jobs_final USING brin (statechangetime);

CREATE INDEX jobs_handout ON doma_panda.jobs_live USING btree (computingsite, gshare, currentpriority DESC, pandaid) WHERE ((jobstatus)::text = 'activated'::text);

CREATE INDEX jobs_handout_typed ON doma_panda.jobs_live USING btree (computingsite, resource_type, gshare, currentpriority DESC, pandaid) WHERE ((jobstatus)::text = 'activated'::text);

CREATE INDEX jobs_live_jeditaskid_jobstatus_idx ON doma_panda.jobs_live USING btree (jeditaskid, jobstatus);

CREATE INDEX jobs_live_jobsetid_idx ON doma_panda.jobs_live USING btree (jobsetid) WHERE (jobsetid IS NOT NULL);

CREATE INDEX jobs_live_jobstatus_statechangetime_idx ON doma_panda.jobs_live USING btree (jobstatus, statechangetime) WHERE ((jobstatus)::text <> 'activated'::text);

CREATE INDEX jobs_live_produsername_jobstatus_idx ON doma_panda.jobs_live USING btree (produsername, jobstatus);

CREATE INDEX jobs_live_reqid_idx ON doma_panda.jobs_live USING btree (reqid) WHERE (reqid IS NOT NULL);

CREATE INDEX jobs_statuslog_modificationtime_idx ON ONLY doma_panda.jobs_statuslog USING brin (modificationtime);

CREATE INDEX jobs_statuslog_pandaid_idx ON ONLY doma_panda.jobs_statuslog USING btree (pandaid);

CREATE INDEX network_matrix_kv_dst_key ON doma_panda.network_matrix_kv USING btree (dst, key);

CREATE INDEX panda_ddm_relation_ddm_endpoint_name_idx ON doma_panda.panda_ddm_relation USING btree (ddm_endpoint_name);

CREATE INDEX panda_site_default_ddm_endpoint_idx ON doma_panda.panda_site USING btree (default_ddm_endpoint);

CREATE INDEX panda_site_site_name_idx ON doma_panda.panda_site USING btree (site_name);

CREATE INDEX panda_site_storage_site_name_idx ON doma_panda.panda_site USING btree (storage_site_name);

CREATE INDEX pandalog_bintime_name_type_levelname_idx ON ONLY doma_panda.pandalog USING btree (bintime, name, type, levelname);

CREATE INDEX pandalog_bintime_type_idx ON ONLY doma_panda.pandalog USING btree (bintime, type);

CREATE INDEX retryerrors_retryaction_idx ON doma_panda.retryerrors USING btree (retryaction);

CREATE INDEX tasks_statuslog_jeditaskid_idx ON ONLY doma_panda.tasks_statuslog USING btree (jeditaskid);

CREATE INDEX tasks_statuslog_modificationtime_idx ON ONLY doma_panda.tasks_statuslog USING brin (modificationtime);

CREATE INDEX worker_node_gpus_last_seen_idx ON doma_panda.worker_node_gpus USING btree (last_seen);

CREATE INDEX worker_node_last_seen_idx ON doma_panda.worker_node USING btree (last_seen);

CREATE INDEX worker_node_metrics_timestamp_idx ON doma_panda.worker_node_metrics USING btree ("timestamp");

CREATE INDEX workflow_data_workflow_id_idx ON doma_panda.workflow_data USING btree (workflow_id);

CREATE INDEX workflow_steps_workflow_id_idx ON doma_panda.workflow_steps USING btree (workflow_id);

CREATE INDEX installedsw_release_siteid_idx ON doma_pandameta.installedsw USING btree (release, siteid);

CREATE INDEX usercacheusage_username_creationtime_idx ON doma_pandameta.usercacheusage USING btree (username, creationtime);

CREATE INDEX users_name_vo_idx ON doma_pandameta.users USING btree (name, vo);

CREATE INDEX audit_at_idx ON panda_ops.audit USING brin (at);

CREATE INDEX audit_object_idx ON panda_ops.audit USING btree (object);

CREATE INDEX brokerage_verdict_at_idx ON panda_ops.brokerage_verdict USING brin (at);

CREATE INDEX brokerage_verdict_jeditaskid_at_idx ON panda_ops.brokerage_verdict USING btree (jeditaskid, at DESC);

CREATE INDEX bus_message_due ON panda_ops.bus_message USING btree (queue, visible_at, id);

CREATE INDEX ddm_container_content_child_scope_child_name_idx ON panda_ops.ddm_container_content USING btree (child_scope, child_name);

CREATE INDEX ddm_dataset_file_file_scope_lfn_idx ON panda_ops.ddm_dataset_file USING btree (file_scope, lfn);

CREATE INDEX ddm_dataset_name_idx ON panda_ops.ddm_dataset USING btree (name);

CREATE INDEX ddm_file_guid_idx ON panda_ops.ddm_file USING btree (guid) WHERE (guid IS NOT NULL);

CREATE INDEX ddm_replica_ddm_endpoint_name_idx ON panda_ops.ddm_replica USING btree (ddm_endpoint_name);

CREATE INDEX ddm_rule_scope_name_idx ON panda_ops.ddm_rule USING btree (scope, name);

CREATE INDEX ddm_rule_state_idx ON panda_ops.ddm_rule USING btree (state) WHERE (state = 'replicating'::text);

CREATE INDEX dead_letter_state_queue_last_failed_at_idx ON panda_ops.dead_letter USING btree (state, queue, last_failed_at);

CREATE INDEX inbox_handled_at_idx ON panda_ops.inbox USING brin (handled_at);

CREATE INDEX interruption_to_at_idx ON panda_ops.interruption USING btree (to_at);

CREATE INDEX next_action_kind_due_at_idx ON panda_ops.next_action USING btree (kind, due_at);

CREATE INDEX outbox_done ON panda_ops.outbox USING brin (published_at);

CREATE INDEX outbox_todo ON panda_ops.outbox USING btree (ord) WHERE (published_at IS NULL);

CREATE UNIQUE INDEX principal_name ON panda_ops.principal USING btree (user_name) WHERE (linked_to IS NULL);

CREATE UNIQUE INDEX registered_output_guid ON panda_ops.registered_output USING btree (guid) WHERE ((guid IS NOT NULL) AND (guid <> ''::text));

CREATE INDEX registered_output_pandaid_idx ON panda_ops.registered_output USING btree (pandaid);

CREATE TRIGGER prodsys_comm_handed_in AFTER INSERT ON doma_deft.prodsys_comm FOR EACH ROW EXECUTE FUNCTION doma_deft.prodsys_comm_handed_in();

CREATE TRIGGER t_task_handed_in AFTER INSERT ON doma_deft.t_task FOR EACH ROW WHEN (((new.status)::text = 'waiting'::text)) EXECUTE FUNCTION doma_deft.t_task_handed_in();

CREATE TRIGGER jedi_tasks_touched BEFORE UPDATE OF modificationtime ON doma_panda.jedi_tasks FOR EACH ROW EXECUTE FUNCTION doma_panda.jedi_tasks_touched();

CREATE TRIGGER job_stats_delete AFTER DELETE ON doma_panda.jobs_live FOR EACH ROW EXECUTE FUNCTION panda_ops.job_stats_moved();

CREATE TRIGGER job_stats_insert AFTER INSERT ON doma_panda.jobs REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION panda_ops.job_stats_stored();

CREATE TRIGGER job_stats_insert AFTER INSERT ON doma_panda.jobs_live REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION panda_ops.job_stats_stored();

CREATE TRIGGER job_stats_update AFTER UPDATE ON doma_panda.jobs_live FOR EACH ROW WHEN ((((((((((((((((((((old.jobstatus)::text IS DISTINCT FROM (new.jobstatus)::text) OR ((old.computingsite)::text IS DISTINCT FROM (new.computingsite)::text)) OR ((old.gshare)::text IS DISTINCT FROM (new.gshare)::text)) OR (old.currentpriority IS DISTINCT FROM new.currentpriority)) OR ((old.resource_type)::text IS DISTINCT FROM (new.resource_type)::text)) OR ((old.cloud)::text IS DISTINCT FROM (new.cloud)::text)) OR ((old.vo)::text IS DISTINCT FROM (new.vo)::text)) OR (old.workqueue_id IS DISTINCT FROM new.workqueue_id)) OR ((old.nucleus)::text IS DISTINCT FROM (new.nucleus)::text)) OR ((old.prodsourcelabel)::text IS DISTINCT FROM (new.prodsourcelabel)::text)) OR ((old.processingtype)::text IS DISTINCT FROM (new.processingtype)::text)) OR ((old.countrygroup)::text IS DISTINCT FROM (new.countrygroup)::text)) OR ((old.workinggroup)::text IS DISTINCT FROM (new.workinggroup)::text)) OR (old.relocationflag IS DISTINCT FROM new.relocationflag)) OR (old.corecount IS DISTINCT FROM new.corecount)) OR (old.diskio IS DISTINCT FROM new.diskio)) OR (old.minramcount IS DISTINCT FROM new.minramcount)) OR (old.maxwalltime IS DISTINCT FROM new.maxwalltime))) EXECUTE FUNCTION panda_ops.job_stats_moved();

CREATE TRIGGER seed_gives_way BEFORE INSERT ON doma_panda.jedi_work_queue FOR EACH ROW EXECUTE FUNCTION doma_panda.seed_gives_way();

CREATE TRIGGER seed_gives_way BEFORE INSERT ON doma_panda.resource_types FOR EACH ROW EXECUTE FUNCTION doma_panda.seed_gives_way();

ALTER TABLE ONLY panda_ops.ddm_container_content
    ADD CONSTRAINT ddm_container_content_child_scope_child_name_fkey FOREIGN KEY (child_scope, child_name) REFERENCES panda_ops.ddm_dataset(scope, name) ON DELETE CASCADE;

ALTER TABLE ONLY panda_ops.ddm_container_content
    ADD CONSTRAINT ddm_container_content_scope_name_fkey FOREIGN KEY (scope, name) REFERENCES panda_ops.ddm_dataset(scope, name) ON DELETE CASCADE;

ALTER TABLE ONLY panda_ops.ddm_dataset_file
    ADD CONSTRAINT ddm_dataset_file_file_scope_lfn_fkey FOREIGN KEY (file_scope, lfn) REFERENCES panda_ops.ddm_file(scope, lfn) ON DELETE CASCADE;

ALTER TABLE ONLY panda_ops.ddm_dataset_file
    ADD CONSTRAINT ddm_dataset_file_scope_name_fkey FOREIGN KEY (scope, name) REFERENCES panda_ops.ddm_dataset(scope, name) ON DELETE CASCADE;

ALTER TABLE ONLY panda_ops.ddm_replica
    ADD CONSTRAINT ddm_replica_scope_lfn_fkey FOREIGN KEY (scope, lfn) REFERENCES panda_ops.ddm_file(scope, lfn) ON DELETE CASCADE;

ALTER TABLE ONLY panda_ops.ddm_rule
    ADD CONSTRAINT ddm_rule_scope_name_fkey FOREIGN KEY (scope, name) REFERENCES panda_ops.ddm_dataset(scope, name) ON DELETE CASCADE;

ALTER TABLE ONLY panda_ops.principal
    ADD CONSTRAINT principal_linked_to_fkey FOREIGN KEY (linked_to) REFERENCES panda_ops.principal(principal);
